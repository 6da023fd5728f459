"""The caller of Graph as the use cases know them: a user through an application, or an application by itself."""

from starlette.requests import Request

from entrada.core.directory.administration.actor import Actor, Via
from entrada.core.protocol.error_fields import Trace
from entrada.server.web.by_token.bearer import Caller, WithoutUser


def actor_of(caller: Caller | WithoutUser, request: Request, trace: Trace) -> Actor:
    user = caller.user if isinstance(caller, Caller) else None
    return Actor(
        tenant_id=caller.tenant_id,
        via=Via.GRAPH,
        correlation_id=trace.correlation_id,
        user=user,
        client_id=caller.client.app_id,
        client_name=caller.client.display_name,
        principal_id=caller.principal_id if isinstance(caller, WithoutUser) else None,
        permissions=caller.roles if isinstance(caller, WithoutUser) else caller.scopes,
        address=request.client.host if request.client else "",
    )

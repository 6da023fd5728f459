"""`revokeSignInSessions`: sign somebody out everywhere.  Reference sections 19 and 38.

Graph's own permission for it, User.RevokeSessions.All, is not among those built in; the higher ones, which Graph takes
as well, are.
"""

from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute

from entrada.core.directory.administration.actor import Actor, Via
from entrada.core.directory.directory_role import GLOBAL_ADMINISTRATOR, USER_ADMINISTRATOR
from entrada.core.directory.ids import UserId, parse_guid
from entrada.core.directory.user import User
from entrada.server.usecases.own_sessions import end_all_sessions
from entrada.server.web.graph.bearer import Caller, WithoutUser
from entrada.server.web.graph.door import answered, insufficient, route
from entrada.server.web.graph.graph_error import graph_error
from entrada.server.web.http.site import Site
from entrada.server.web.http.trace import trace_of

_OTHERS: Final = frozenset({"User.ReadWrite.All", "Directory.ReadWrite.All"})
_OWN: Final = _OTHERS | {"User.ReadWrite"}
_DENIED: Final = "Authorization_RequestDenied"


def routes(site: Site) -> list[BaseRoute]:
    return [
        route(site, "/v1.0/me/revokeSignInSessions", ["POST"], revoke),
        route(site, "/v1.0/users/{user}/revokeSignInSessions", ["POST"], revoke),
    ]


async def revoke(site: Site, request: Request, caller: Caller | WithoutUser) -> Response:
    name: str | None = request.path_params.get("user")
    user = await _whom(site, request, caller, name)
    if isinstance(user, Response):
        return user
    if user.home is not None:
        # Entra answers true, and nothing happens: what a tenant revokes of its guests has no effect on their sign-ins.
        # Whoever has just lost a device must not believe that it did.
        message = "This user is a guest: sign-ins are revoked where the account is at home."
        return graph_error(site, request, 400, "Request_BadRequest", message)
    await end_all_sessions(site.here, _actor(site, request, caller), user)
    context = f"{site.here.origin}/v1.0/$metadata#Edm.Boolean"
    return answered({"@odata.context": context, "value": True})


def _actor(site: Site, request: Request, caller: Caller | WithoutUser) -> Actor:
    return Actor(
        tenant_id=caller.tenant_id,
        via=Via.GRAPH,
        correlation_id=trace_of(site.here, request).correlation_id,
        user=caller.user if isinstance(caller, Caller) else None,
        client_id=caller.client.app_id,
        client_name=caller.client.display_name,
        address=request.client.host if request.client else "",
    )


async def _whom(site: Site, request: Request, caller: Caller | WithoutUser, name: str | None) -> User | Response:
    if isinstance(caller, Caller) and (name is None or _is(caller.user, name)):
        return caller.user if caller.scopes & _OWN else insufficient(site, request, _OWN)
    refusal = _may_not(site, request, caller)
    if refusal is not None:
        return refusal  # asked before looking: who may not must not learn who there is
    user = await _find(site, caller, name)
    if user is None:
        return graph_error(site, request, 404, "Request_ResourceNotFound", "There is no such user here.")
    if isinstance(caller, Caller) and user.directory_roles and GLOBAL_ADMINISTRATOR not in caller.user.directory_roles:
        message = "Insufficient privileges: a Global Administrator signs out whoever has a directory role."
        return graph_error(site, request, 403, _DENIED, message)
    return user


def _may_not(site: Site, request: Request, caller: Caller | WithoutUser) -> Response | None:
    """A delegated permission never lets an application do more than the person it acts for."""
    held = caller.roles if isinstance(caller, WithoutUser) else caller.scopes
    if not held & _OTHERS:
        return insufficient(site, request, _OTHERS)
    administrators = {GLOBAL_ADMINISTRATOR, USER_ADMINISTRATOR}
    if isinstance(caller, Caller) and not caller.user.directory_roles & administrators:
        message = "Insufficient privileges: only an administrator of users signs out others."
        return graph_error(site, request, 403, _DENIED, message)
    return None


async def _find(site: Site, caller: Caller | WithoutUser, name: str | None) -> User | None:
    if name is None:
        return None  # an application has no `me`
    by_id = parse_guid(name)
    if by_id is not None:
        return await site.here.store.find_user(caller.tenant_id, UserId(by_id))
    return await site.here.store.find_user_by_name(caller.tenant_id, name)


def _is(user: User, name: str) -> bool:
    return parse_guid(name) == user.id or name.lower() == user.user_principal_name.lower()

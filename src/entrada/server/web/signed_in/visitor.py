"""Who visits: the person in their session, what they may do, and the request they come with."""

from attrs import field, frozen
from starlette.requests import Request

from entrada.core.directory.administration.actor import AS_THE_USER, Actor, Via
from entrada.core.directory.administration.may import may
from entrada.core.directory.administration.operations import Operation
from entrada.core.directory.portal import APP_ID
from entrada.core.directory.tenant import Tenant
from entrada.core.directory.user import User
from entrada.core.jose import base64url
from entrada.core.protocol.artefacts.portal_session import PortalSession
from entrada.core.protocol.error_fields import Trace
from entrada.server.usecases.installation import Installation
from entrada.server.web.http.site import Site
from entrada.server.web.http.trace import trace_of
from entrada.server.web.signed_in.session import csrf_token, find_seat, read_session

_NONCE_BYTES = 16


@frozen(kw_only=True)
class Visitor:
    site: Site
    request: Request = field(repr=False)
    actor: Actor
    user: User
    tenant: Tenant
    session: PortalSession
    trace: Trace
    nonce: str = field(repr=False)

    @property
    def here(self) -> Installation:
        return self.site.here

    @property
    def csrf(self) -> str:
        return csrf_token(self.session)

    @property
    def by_htmx(self) -> bool:
        return "hx-request" in self.request.headers

    def param(self, name: str) -> str:
        """Of the path."""
        value: str = self.request.path_params[name]
        return value

    def query(self, name: str) -> str:
        """The query's first value of that name, without the blanks around it."""
        return self.request.query_params.get(name, "").strip().replace("\0", "")

    def may(self, operation: Operation, *, owns: bool = False) -> bool:
        """Whether to offer it at all; the use case decides."""
        return may(self.actor, operation, owns=owns, policies=self.tenant.policies) is None


async def arrive(site: Site, request: Request) -> Visitor | None:
    session = read_session(site, request)
    seated = await find_seat(site.here, session) if session is not None else None
    if session is None or seated is None:
        return None
    trace, user = trace_of(site.here, request), seated.user
    actor = Actor(
        tenant_id=seated.tenant.id,
        via=Via.PORTAL,
        correlation_id=trace.correlation_id,
        user=user,
        client_id=APP_ID,
        client_name="entrada portal",
        permissions=AS_THE_USER,
        address=request.client.host if request.client else "",
    )
    return Visitor(
        site=site,
        request=request,
        actor=actor,
        user=user,
        tenant=seated.tenant,
        session=session,
        trace=trace,
        nonce=base64url.encode(site.here.entropy(_NONCE_BYTES)),
    )

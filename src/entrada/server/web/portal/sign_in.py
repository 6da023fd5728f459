"""Sign in to the portal, as to any application: by the authorization code flow, through `client.web_sign_in`.

The flow's calls to our own endpoints stay within the process: no network, no name that a proxy would have to know.
"""

from typing import Final, TypeVar, cast
from urllib.parse import unquote, urlsplit

import httpx2
from attrs import define, field
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp

from entrada.client.driver import drive_async
from entrada.client.flow import Flow
from entrada.client.transport import over_async
from entrada.client.web_sign_in import Asked, Refused, SetCookie, SignIn, TransactionCookies, WebApp, safe_return_to
from entrada.client.web_sign_in.transaction import LIFETIME
from entrada.core.directory.ids import SessionId, TenantId, UserId, parse_guid
from entrada.core.directory.portal import APP_ID, CONSOLE, ENDED, HOME, SIGNED_IN, SIGNED_OUT
from entrada.core.protocol.artefacts import purposes
from entrada.core.protocol.audience import Global
from entrada.core.sealing.envelope import NotSealed
from entrada.server.usecases.installation import Installation
from entrada.server.usecases.login_hint import seal_login_hint
from entrada.server.usecases.register_portal import portal_secret, register_portal
from entrada.server.web.http import decision_log
from entrada.server.web.http.pages import HEADERS
from entrada.server.web.http.site import Site
from entrada.server.web.http.trace import trace_of
from entrada.server.web.portal.door import Visitor
from entrada.server.web.signed_in.arrival import SIGN_IN, SIGN_OUT
from entrada.server.web.signed_in.form import Form
from entrada.server.web.signed_in.session import drop_session, new_session, read_session, set_cookie, write_session

T = TypeVar("T")
_LONGEST_NAME: Final = 256
_MOST_TENANTS: Final = 100
_OF_THE_SIGN_IN: Final = frozenset({SIGN_IN, SIGNED_IN, SIGN_OUT, SIGNED_OUT, ENDED})


@define
class Reception:
    """The portal's side of the flow, one for the life of the process."""

    site: Site
    cookies: TransactionCookies = field(init=False)
    _sign_ins: dict[str, SignIn] = field(factory=dict[str, SignIn], init=False)

    def __attrs_post_init__(self) -> None:
        prefix = self.site.cookies.name("portal-sign-in-")
        self.cookies = TransactionCookies(prefix=prefix, sealer=_Sealer(self.site.here))

    async def begin(self, request: Request) -> Response:
        """To the sign-in pages; `tenant` names another directory than one's own, of which one is a guest."""
        here, query = self.site.here, request.query_params
        await register_portal(here)
        asked = Asked(
            prompt="select_account" if query.get("prompt") == "select_account" else None,
            login_hint=query.get("login_hint", "")[:_LONGEST_NAME] or None,
        )
        segment = query.get("tenant", "")
        sign_in = self._at(await self._named(segment) or Global.ORGANIZATIONS)
        flow = sign_in.begin(
            return_to=_within(query.get("return_to")), now=here.clock(), entropy=here.entropy, asked=asked
        )
        begun = await self._drive(request, flow)
        answer = RedirectResponse(begun.url, 302, HEADERS)
        for cookie in self.cookies.to_add(begun.transaction, request.cookies):
            self._set(answer, cookie)
        return answer

    async def finish(self, request: Request) -> Response:
        here, query = self.site.here, dict(request.query_params)
        transaction = self.cookies.find(request.cookies, query)
        sign_in = self._at(Global.ORGANIZATIONS)
        outcome = await self._drive(request, sign_in.finish(query, transaction, now=here.clock(), entropy=here.entropy))
        if isinstance(outcome, Refused) or outcome.session_id is None:
            return self._not_signed_in(request, outcome if isinstance(outcome, Refused) else None)
        answer = RedirectResponse(_within(outcome.return_to), 302, HEADERS)
        whose = TenantId(outcome.tenant_id), UserId(outcome.user_id), SessionId(outcome.session_id)
        write_session(self.site, answer, new_session(here, *whose))
        if transaction is not None:
            self._set(answer, self.cookies.to_drop(transaction))
        decision_log.granted("portal", trace_of(here, request), user=outcome.user_id)
        return answer

    async def sign_out(self, visitor: Visitor, _form: Form) -> Response:
        """Of the portal, and of the browser's session with it."""
        here, user = self.site.here, visitor.user
        home = await here.store.find_user(user.home.tenant_id, user.home.user_id) if user.home else user
        hint = seal_login_hint(here, home or user)
        flow = self._at(Global.ORGANIZATIONS).end(
            return_to=here.origin + SIGNED_OUT, now=here.clock(), logout_hint=hint
        )
        url = await self._drive(visitor.request, flow)
        answer = RedirectResponse(url or SIGNED_OUT, 303, HEADERS)
        drop_session(self.site, visitor.request, answer)
        return answer

    async def ended(self, request: Request) -> Response:
        """Front-channel logout: the frame may bring our cookie; whether or not, the session itself has ended."""
        answer = PlainTextResponse("signed out\n", headers={"Cache-Control": "no-store"})
        session = read_session(self.site, request)
        if session is not None and session.session_id == request.query_params.get("sid"):
            drop_session(self.site, request, answer)
        return answer

    async def signed_out(self, _request: Request) -> Response:
        context = {
            "heading": "You are signed out",
            "message": "The portal has forgotten you in this browser.",
            "link": SIGN_IN,
        }
        return self.site.pages.render("done.html", context)

    async def _named(self, segment: str) -> TenantId | None:
        """The directory of that domain, or of that id."""
        store, guid = self.site.here.store, parse_guid(segment)
        if guid is not None:
            tenant = await store.find_tenant(TenantId(guid))
        else:
            tenant = await store.find_tenant_by_domain(segment.lower()) if segment.isascii() else None
        return tenant.id if tenant is not None and tenant.enabled else None

    def _at(self, segment: str) -> SignIn:
        known = self._sign_ins.get(segment)
        if known is None:
            if len(self._sign_ins) >= _MOST_TENANTS:
                self._sign_ins.clear()
            known = self._sign_ins[segment] = SignIn(self._app(segment))
        return known

    def _app(self, segment: str) -> WebApp:
        origin = self.site.here.origin
        return WebApp(
            authority=f"{origin}/{segment}",
            client_id=APP_ID,
            client_secret=portal_secret(self.site.here),
            redirect_uri=origin + SIGNED_IN,
        )

    async def _drive(self, request: Request, flow: Flow[T]) -> T:
        transport = httpx2.ASGITransport(app=cast("ASGIApp", request.app))
        async with httpx2.AsyncClient(transport=transport) as client:
            return await drive_async(flow, over_async(client))

    def _set(self, answer: Response, cookie: SetCookie) -> None:
        set_cookie(self.site, answer, cookie.name, cookie.value, cookie.max_age)

    def _not_signed_in(self, request: Request, refused: Refused | None) -> Response:
        trace = trace_of(self.site.here, request)
        why = refused.why if refused else "The ID token names no session."
        context = {
            "title": "You were not signed in",
            "why": why,
            "detail": refused.detail if refused else None,
            "retry": SIGN_IN,
            "trace_id": trace.trace_id,
        }
        return self.site.pages.render("portal/not_signed_in.html", context, status=400)


class _Sealer:
    def __init__(self, here: Installation) -> None:
        self._here = here

    def seal(self, payload: bytes) -> str:
        return self._here.seal(payload, purpose=purposes.PORTAL_SIGN_IN)

    def open(self, sealed: str) -> bytes | None:
        try:
            return self._here.open(sealed, purpose=purposes.PORTAL_SIGN_IN, lifetime=LIFETIME).payload
        except NotSealed:
            return None


def _within(asked: str | None) -> str:
    """Of the portal's and the console's pages; those of the sign-in itself would go round in circles."""
    wanted = safe_return_to(asked, HOME)
    path = unquote(urlsplit(wanted).path)
    inside = any(path == home or path.startswith(f"{home}/") for home in (HOME, CONSOLE))
    # A browser takes the dots out, and what comes before them.
    climbs = not {".", ".."}.isdisjoint(path.split("/"))
    return wanted if inside and not climbs and path not in _OF_THE_SIGN_IN else HOME

"""repsys' pages.  It uses Authlib, as any Python web app might.

OpenID Connect Core 1.0 §3.1, RP-Initiated Logout 1.0.
"""

from collections.abc import Callable
from hashlib import sha256
from hmac import compare_digest
from pathlib import Path
from urllib.parse import parse_qs, quote, urlencode

from authlib.integrations.base_client import MismatchingStateError, OAuthError
from httpx import HTTPError
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp

from entrada.samples.repsys.mail import read_mail
from entrada.samples.repsys.platform import Token, connect
from entrada.samples.repsys.sessions import Session, Sessions
from entrada.samples.repsys.settings import RepsysSettings

_HERE = Path(__file__).parent
_CSRF = "csrf"
_LARGEST_FORM = 1024
_HEADERS = {
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src 'self'; frame-ancestors 'none'",
}


def application(settings: RepsysSettings, entropy: Callable[[int], bytes]) -> ASGIApp:
    kept: dict[str, Session] = {}
    repsys = Repsys(settings, kept, entropy)
    routes = [
        Route("/", repsys.home),
        Route("/auth/login", repsys.sign_in),
        Route("/auth/callback", repsys.callback),
        Route("/auth/refresh", repsys.refresh, methods=["POST"]),
        Route("/auth/logout", repsys.sign_out, methods=["POST"]),
        Route("/auth/frontchannel-logout", repsys.front_channel_logout),
        Mount("/static", StaticFiles(directory=_HERE / "static")),
    ]
    return Sessions(Starlette(routes=routes), kept, entropy)


class Repsys:
    def __init__(self, settings: RepsysSettings, kept: dict[str, Session], entropy: Callable[[int], bytes]) -> None:
        self._settings, self._kept, self._entropy = settings, kept, entropy
        self._templates = Environment(
            loader=FileSystemLoader(_HERE / "templates"), autoescape=True, undefined=StrictUndefined
        )
        styles = (_HERE / "static" / "repsys.css").read_bytes()
        self._shared = {"static": "/static", "asset_version": sha256(styles).hexdigest()[:12]}
        self._platform = connect(settings, self._keep_renewed)

    async def home(self, request: Request) -> Response:
        session: Session = request.session
        if "user" not in session:
            return self._page("home.html", {"user": None, "sign_in": "/auth/login"})
        mail = await read_mail(self._platform, self._settings.graph, session["token"])
        if mail.signed_out:
            session.clear()
            return RedirectResponse("/auth/login", 302, _HEADERS)
        claims = session["user"]
        context: dict[str, object] = {
            "user": {"name": claims.get("name", ""), "username": claims.get("preferred_username", "")},
            "claims": sorted((name, str(value)) for name, value in claims.items()),
            "mail": mail.messages,
            "mail_error": mail.error,
            "refresh": "/auth/refresh",
            "sign_out": "/auth/logout",
            "hidden": [(_CSRF, session[_CSRF])],
        }
        return self._page("home.html", context)

    async def sign_in(self, request: Request) -> Response:
        try:
            answer = await self._platform.authorize_redirect(request, f"{self._settings.origin}/auth/callback")
        except HTTPError as error:
            return self._error("The identity platform does not answer", str(error), 502)
        return answer

    async def callback(self, request: Request) -> Response:
        session: Session = request.session
        try:
            token = await self._platform.authorize_access_token(request)
        except MismatchingStateError as error:
            if not session:
                return self._error("You were not signed in", error.description, 400)
            # An answer that Back brought again, or the sign-in of one tab while another began its own (Authlib
            # remembers the newest only): who is signed in stays so, and who is not begins anew.
            return RedirectResponse("/" if "user" in session else "/auth/login", 302, _HEADERS)
        except OAuthError as error:
            return self._error("You were not signed in", error.description or error.error, 400)
        except HTTPError as error:
            return self._error("The identity platform does not answer", str(error), 502)
        claims = dict(token.pop("userinfo"))
        session.clear()
        session.update(user=claims, token=token, sid=request.query_params.get("session_state"), renew=True)
        session[_CSRF] = self._entropy(16).hex()
        return RedirectResponse("/", 302, _HEADERS)

    async def refresh(self, request: Request) -> Response:
        """Ask for a new access token now; ordinarily it happens by itself when the old one has expired."""
        session: Session = request.session
        if not await _is_own_form(request):
            return self._error("That did not come from this page", "The form's token is missing or wrong.", 403)
        if "token" in session:
            session["token"] = {**session["token"], "expires_at": 0}
        return RedirectResponse("/", 303, _HEADERS)

    async def sign_out(self, request: Request) -> Response:
        session: Session = request.session
        if not await _is_own_form(request):
            return self._error("That did not come from this page", "The form's token is missing or wrong.", 403)
        id_token = session.get("token", {}).get("id_token")
        session.clear()
        metadata = await self._platform.load_server_metadata()
        asked = {"post_logout_redirect_uri": f"{self._settings.origin}/"}
        if id_token:
            asked["id_token_hint"] = id_token
        location = f"{metadata['end_session_endpoint']}?{urlencode(asked, quote_via=quote)}"
        return RedirectResponse(location, 303, _HEADERS)

    async def front_channel_logout(self, request: Request) -> Response:
        """Ends the sessions of one sign-on session.  Called in a frame that brings no cookie, so by `sid`."""
        sid = request.query_params.get("sid")
        for session_id in [known for known, session in self._kept.items() if sid and session.get("sid") == sid]:
            del self._kept[session_id]
        return PlainTextResponse("", headers={"Cache-Control": "no-store"})

    async def _keep_renewed(
        self, _name: str, token: Token, refresh_token: str | None = None, access_token: str | None = None
    ) -> None:
        """Authlib refreshed a token on its own: file it under the session that held the old one."""
        for session in self._kept.values():
            held = session.get("token", {})
            if refresh_token is not None and held.get("refresh_token") == refresh_token:
                session["token"] = {**held, **token}

    def _page(self, name: str, context: dict[str, object], status: int = 200) -> HTMLResponse:
        html = self._templates.get_template(name).render({**self._shared, **context})
        return HTMLResponse(html, status, _HEADERS)

    def _error(self, heading: str, detail: str, status: int) -> Response:
        message = "The identity platform did not sign you in. What it said stands below."
        context: dict[str, object] = {"heading": heading, "message": message, "detail": detail, "home": "/"}
        return self._page("error.html", context, status)


async def _is_own_form(request: Request) -> bool:
    """Other pages of this machine are the same site, so the cookie's SameSite does not keep their forms away."""
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > _LARGEST_FORM:
            return False
    sent = parse_qs(body.decode("latin-1")).get(_CSRF, [""])[0]
    expected: str = request.session.get(_CSRF, "")
    return bool(expected) and compare_digest(sent.encode(), expected.encode())

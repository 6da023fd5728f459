"""Our cookies: which browser this is, and who is signed in to it.  RFC 6265bis; RFC 9700 §4.7 (login CSRF).

The browser cookie is Lax, since it guards our own forms.  The sign-on cookies are SameSite=None, or an authorization
request POSTed by an application would find nobody signed in.
"""

from typing import Literal

from attrs import frozen
from starlette.requests import Request
from starlette.responses import Response

from entrada.core.jose import base64url
from entrada.core.jose.numeric_date import Seconds
from entrada.core.protocol import lifetimes
from entrada.core.protocol.artefacts import purposes
from entrada.core.protocol.artefacts.browser_sessions import SignedIn, pack_sessions, unpack_sessions
from entrada.core.sealing.envelope import NotSealed
from entrada.server.usecases.browser import Browser
from entrada.server.usecases.installation import Installation

_SECRET_BYTES = 16
_YEAR = 365 * 24 * 60 * 60


@frozen
class Cookies:
    """*secure* is off only for `entrada up --http`: without TLS there is no Secure, hence no `__Host-` and no None."""

    secure: bool

    def name(self, name: str) -> str:
        return f"__Host-entrada-{name}" if self.secure else f"entrada-{name}"

    def read(self, here: Installation, request: Request) -> Browser:
        client, secret = request.client, request.cookies.get(self.name("browser"))
        return Browser(
            secret=secret or base64url.encode(here.entropy(_SECRET_BYTES)),
            is_new=not secret,
            sessions=(*self._sessions(here, request, "session"), *self._sessions(here, request, "persistent")),
            address=client.host if client else "",
            user_agent=request.headers.get("user-agent", "")[:300],
        )

    def write(self, here: Installation, response: Response, browser: Browser, arrived: Browser) -> None:
        """Set what differs from the cookies that *arrived*: a slow answer must not undo what a quicker one has set."""
        if arrived.is_new:
            self._set(response, "browser", browser.secret, "lax", _YEAR)
        same_site: Literal["none", "lax"] = "none" if self.secure else "lax"
        for name, persistent, max_age in (("session", False, None), ("persistent", True, lifetimes.SESSION)):
            sessions = _those(browser, persistent=persistent)
            if sessions != _those(arrived, persistent=persistent):
                self._set(response, name, _sealed(here, sessions), same_site, max_age)

    def _set(
        self, response: Response, name: str, value: str, same_site: Literal["none", "lax"], max_age: int | None
    ) -> None:
        response.set_cookie(
            self.name(name),
            value,
            max_age=max_age if value else 0,
            path="/",
            secure=self.secure,
            httponly=True,
            samesite=same_site,
        )

    def _sessions(self, here: Installation, request: Request, name: str) -> tuple[SignedIn, ...]:
        value = request.cookies.get(self.name(name))
        if not value:
            return ()
        try:
            opened = here.open(value, purpose=purposes.BROWSER_SESSIONS, lifetime=Seconds(lifetimes.SESSION))
            return unpack_sessions(opened.payload)
        except NotSealed:
            return ()


def _those(browser: Browser, *, persistent: bool) -> tuple[SignedIn, ...]:
    return tuple(one for one in browser.sessions if one.persistent is persistent)


def _sealed(here: Installation, sessions: tuple[SignedIn, ...]) -> str:
    return here.seal(pack_sessions(sessions), purpose=purposes.BROWSER_SESSIONS) if sessions else ""

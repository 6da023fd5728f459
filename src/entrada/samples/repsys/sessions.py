"""Server-side sessions: the cookie holds an opaque id, everything else stays here."""

from collections.abc import Callable, MutableMapping
from typing import Any, Final
from uuid import UUID

from starlette.datastructures import MutableHeaders
from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Message, Receive, Scope, Send

COOKIE: Final = "repsys-session"
_MOST: Final = 1_000  # sessions; abandoned sign-ins make room first, so that they can neither fill the memory nor
# sign anybody out

Session = MutableMapping[str, Any]


class Sessions:
    """ASGI middleware that fills `request.session`, where Authlib keeps its state, nonce and verifier too."""

    def __init__(self, app: ASGIApp, kept: dict[str, Session], entropy: Callable[[int], bytes]) -> None:
        self._app, self._kept, self._entropy = app, kept, entropy

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        session_id = HTTPConnection(scope).cookies.get(COOKIE, "")
        session: Session = self._kept.get(session_id, {})
        scope["session"] = session

        async def with_cookie(message: Message) -> None:
            if message["type"] == "http.response.start":
                self._keep(session_id, session, MutableHeaders(scope=message))
            await send(message)

        await self._app(scope, receive, with_cookie)

    def _keep(self, session_id: str, session: Session, headers: MutableHeaders) -> None:
        if session.pop("renew", False) or (session and session_id not in self._kept):
            # A new id whenever somebody signs in: whoever knew the old one knows nothing (session fixation).
            self._kept.pop(session_id, None)
            session_id = str(UUID(bytes=self._entropy(16)))
            headers.append("set-cookie", f"{COOKIE}={session_id}; Path=/; HttpOnly; SameSite=Lax")
        if session:
            self._kept[session_id] = session
            if len(self._kept) > _MOST:
                self._kept.pop(self._least_missed())
        else:
            self._kept.pop(session_id, None)

    def _least_missed(self) -> str:
        """The oldest session in which nobody is signed in, or the oldest of all."""
        abandoned = (known for known, session in self._kept.items() if "user" not in session)
        return next(abandoned, None) or next(iter(self._kept))

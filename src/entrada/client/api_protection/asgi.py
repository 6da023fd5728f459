"""Protect any ASGI application: what gets through has its caller in `scope["entrada.principal"]`.

For Starlette, Litestar, Quart and whatever else speaks ASGI 3; a WebSocket that may not pass is closed with 1008.
"""

import json
from collections.abc import Awaitable, Callable, Collection, MutableMapping
from typing import Any, Final, cast

from attrs import define

from entrada.client.api_protection.challenge import Challenge
from entrada.client.api_protection.guard import Guard
from entrada.client.api_protection.needs import ANYBODY, Needs

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]

PRINCIPAL: Final = "entrada.principal"
POLICY_VIOLATION: Final = 1008  # RFC 6455 §7.4.1


class BearerMiddleware:
    """Stands inside what answers for other origins (CORS): a preflight request brings no token."""

    def __init__(self, app: Application, guard: Guard, needed: Needs = ANYBODY, *, open_paths: Collection[str] = ()):
        """*open_paths* ask for no token."""
        self._app, self._guard, self._needed = app, guard, needed
        self._open = frozenset(open_paths)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in {"http", "websocket"} or scope["path"] in self._open:
            await self._app(scope, receive, send)
            return
        answer = await self._guard.check_async(authorization_of(scope), self._needed)
        if not isinstance(answer, Challenge):
            scope[PRINCIPAL] = answer
            await self._app(scope, receive, send)
        elif scope["type"] == "websocket":
            await receive()  # the request to connect, which comes first
            await send({"type": "websocket.close", "code": POLICY_VIOLATION, "reason": answer.error})
        else:
            await _refuse(answer, send)


def authorization_of(scope: Scope) -> list[str]:
    headers = cast("list[tuple[bytes, bytes]]", scope["headers"])
    return [value.decode("latin-1") for name, value in headers if name.lower() == b"authorization"]


class BodyLimit:
    """Lets no request bring more than *largest* bytes: frameworks may read a body before they ask who sends it."""

    def __init__(self, app: Application, largest: int) -> None:
        self._app, self._largest = app, largest

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
        elif _declared(scope) > self._largest:
            await _refuse(self._too_large(), send)
        else:
            counted = _Counted(receive, send, self._largest)
            await self._app(scope, counted.receive, counted.send)
            if counted.over and not counted.begun:
                await _refuse(self._too_large(), send)

    def _too_large(self) -> Challenge:
        said = f"The body is larger than {self._largest} bytes."
        return Challenge(status=413, error="invalid_request", description=said, reason=said, headers={})


@define
class _Counted:
    """A body that grows too large breaks off; what the application says to that is not sent."""

    _receive: Receive
    _send: Send
    left: int
    over: bool = False
    begun: bool = False

    async def receive(self) -> Message:
        message: Message = {"type": "http.disconnect"} if self.over else await self._receive()
        self.left -= len(message.get("body", b""))
        self.over = self.left < 0
        return {"type": "http.disconnect"} if self.over else message

    async def send(self, message: Message) -> None:
        if self.begun or not self.over:
            self.begun = True
            await self._send(message)


def _declared(scope: Scope) -> int:
    headers = cast("list[tuple[bytes, bytes]]", scope["headers"])
    lengths = [value for name, value in headers if name.lower() == b"content-length"]
    return int(lengths[0]) if lengths and lengths[0].isdigit() else 0


async def _refuse(answer: Challenge, send: Send) -> None:
    body = json.dumps(answer.body).encode()
    headers = {"Content-Type": "application/json", "Content-Length": str(len(body)), **answer.headers}
    named = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers.items()]
    await send({"type": "http.response.start", "status": answer.status, "headers": named})
    await send({"type": "http.response.body", "body": body})

"""Which request is being answered, and by which sign-in: so that a view need not hand them on.

A middleware notes it; tasks and threads that the view starts see it too.
"""

from contextvars import ContextVar
from typing import TYPE_CHECKING, Final

from attrs import frozen
from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Receive, Scope, Send

from entrada.client.errors import BadSettings
from entrada.fastapi.exchange import ROOT

if TYPE_CHECKING:
    from entrada.fastapi.entrada import Entrada

_CURRENT: Final[ContextVar["Current | None"]] = ContextVar("entrada", default=None)


@frozen
class Current:
    auth: "Entrada"
    connection: HTTPConnection


def current() -> Current:
    """Raises BadSettings outside of a request."""
    found = _CURRENT.get()
    if found is None:
        raise BadSettings("No request is being answered", advice="Call auth.install(app) first, and this in a view.")
    return found


@frozen
class NoteCurrent:
    app: ASGIApp
    auth: "Entrada"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        scope[ROOT] = scope.get("root_path", "")  # those that are mounted below have another
        before = _CURRENT.set(Current(self.auth, HTTPConnection(scope)))
        try:
            await self.app(scope, receive, send)
        finally:
            _CURRENT.reset(before)

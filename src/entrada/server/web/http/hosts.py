"""Answer to our own names only.  A page that rebinds its name to a loopback address gets 421 (RFC 9110 §15.5.20)."""

from collections.abc import Collection

from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send


class OnlyHosts:
    def __init__(self, app: ASGIApp, names: Collection[str], by_any_name: Collection[str] = ()) -> None:
        """*by_any_name*: paths that answer whatever the Host."""
        self._app, self._names = app, frozenset(name.lower() for name in names)
        self._by_any_name = frozenset(by_any_name)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or _host(scope) in self._names or scope["path"] in self._by_any_name:
            await self._app(scope, receive, send)
            return
        answer = PlainTextResponse("This server does not answer to that Host name.\n", 421)
        await answer(scope, receive, send)


def _host(scope: Scope) -> str | None:
    """The name without its port; None when there is not exactly one Host header."""
    sent: list[bytes] = [value for name, value in scope["headers"] if name == b"host"]
    if len(sent) != 1:
        return None
    host = sent[0].decode("latin-1").lower()
    if host.startswith("["):
        return host.partition("]")[0] + "]"
    return host.partition(":")[0]

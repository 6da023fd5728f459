"""Whose address a request comes from, behind proxies that are named.  RFC 7239's older sister X-Forwarded-For.

The list is read from the right and only as long as each sender is a named proxy: what stands further left is the
caller's own word.  Nothing else of a forwarded header is ever believed.
"""

from collections.abc import Iterable
from ipaddress import ip_address, ip_network

from starlette.types import ASGIApp, Receive, Scope, Send


class NamedProxies:
    def __init__(self, app: ASGIApp, trusted: Iterable[str]) -> None:
        self._app = app
        self._trusted = tuple(ip_network(one, strict=False) for one in trusted)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope.get("client"):
            peer, port = scope["client"]
            scope = {**scope, "client": (self._origin_of(peer, _forwarded(scope)), port)}
        await self._app(scope, receive, send)

    def _origin_of(self, peer: str, forwarded: list[str]) -> str:
        while forwarded and self._is_trusted(peer):
            candidate = forwarded.pop()
            if not _is_address(candidate):
                break
            peer = candidate
        return peer

    def _is_trusted(self, address: str) -> bool:
        return _is_address(address) and any(ip_address(address) in network for network in self._trusted)


def _forwarded(scope: Scope) -> list[str]:
    values = [value.decode("latin-1") for name, value in scope["headers"] if name == b"x-forwarded-for"]
    return [part.strip() for value in values for part in value.split(",")]


def _is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True

"""A request as bytes, handed to the application as a server would: no client in between that knows better."""

import asyncio
from collections.abc import Iterable
from typing import Any
from urllib.parse import unquote

from attrs import frozen

Header = tuple[bytes, bytes]


@frozen(kw_only=True)
class Sent:
    method: str
    path: str  # percent-encoded
    query: bytes = b""
    body: bytes = b""
    headers: tuple[Header, ...] = ()


@frozen
class Answered:
    status: int
    headers: dict[str, str]
    body: bytes


def send(app: Any, sent: Sent, more: Iterable[Header] = ()) -> Answered:
    return asyncio.run(_send(app, sent, [(b"host", b"localhost:8443"), *sent.headers, *more]))


async def _send(app: Any, sent: Sent, headers: list[Header]) -> Answered:
    heard: list[dict[str, Any]] = []
    arriving = [{"type": "http.request", "body": sent.body[at : at + 4096], "more_body": True} for at in (0, 4096)]
    pieces = iter([*arriving, {"type": "http.request", "body": sent.body[8192:], "more_body": False}])

    async def receive() -> dict[str, Any]:
        return next(pieces, {"type": "http.disconnect"})

    async def hear(message: dict[str, Any]) -> None:
        heard.append(message)

    scope = {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.4"},
        "http_version": "1.1",
        "method": sent.method,
        "scheme": "https",
        "path": unquote(sent.path),  # as uvicorn does it
        "raw_path": sent.path.encode("ascii"),
        "root_path": "",
        "query_string": sent.query,
        "headers": headers,
        "client": ("127.0.0.1", 50_000),
        "server": ("localhost", 8443),
        "state": {},
    }
    await app(scope, receive, hear)
    start, *rest = heard
    own = {name.decode("latin-1"): value.decode("latin-1") for name, value in start["headers"]}
    return Answered(start["status"], own, b"".join(one.get("body", b"") for one in rest))

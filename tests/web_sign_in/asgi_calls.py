"""Send what a browser asks to an ASGI application, and read what it answers."""

from typing import Any
from urllib.parse import quote, urlsplit

from tests.web_sign_in.app_under_test import Asked, Seen


async def sent(app: Any, asked: Asked) -> Seen:
    messages: list[dict[str, Any]] = []
    waiting = [{"type": "http.request", "body": asked.body, "more_body": False}]

    async def receive() -> dict[str, Any]:
        if waiting:
            return waiting.pop()
        from asyncio import Event

        await Event().wait()  # the browser stays
        raise AssertionError

    async def send(message: dict[str, Any]) -> None:
        messages.append(message)

    await app(scope_of(asked), receive, send)
    start = next(one for one in messages if one["type"] == "http.response.start")
    body = b"".join(one.get("body", b"") for one in messages if one["type"] == "http.response.body")
    headers = tuple((name.decode().lower(), value.decode()) for name, value in start["headers"])
    return Seen(status=start["status"], headers=headers, text=body.decode())


def scope_of(asked: Asked) -> dict[str, Any]:
    origin = urlsplit(asked.origin)
    headers = {"host": origin.netloc, **asked.headers}
    if asked.cookies:
        headers["cookie"] = asked.cookie_header
    if asked.body:
        headers["content-length"] = str(len(asked.body))
    return {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": asked.method,
        "scheme": origin.scheme,
        "path": asked.path,
        "raw_path": quote(asked.path).encode(),
        "query_string": asked.query.encode(),
        "root_path": "",
        "headers": [(name.encode(), value.encode()) for name, value in headers.items()],
        "client": ("127.0.0.1", 50000),
        "server": (origin.hostname, origin.port or 443),
    }

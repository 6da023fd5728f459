"""Send what a browser asks to a WSGI application, and read what it answers."""

from io import BytesIO
from typing import Any
from urllib.parse import urlsplit

from tests.web_sign_in.app_under_test import Asked, Seen


def sent(app: Any, asked: Asked) -> Seen:
    started: list[Any] = []
    body = app(environ_of(asked), lambda *said: started.extend(said))
    try:
        text = b"".join(body).decode()
    finally:
        if hasattr(body, "close"):
            body.close()
    status, headers = started[0], started[1]
    return Seen(
        status=int(status.partition(" ")[0]), headers=tuple((name.lower(), value) for name, value in headers), text=text
    )


def environ_of(asked: Asked) -> dict[str, Any]:
    origin = urlsplit(asked.origin)
    headers = {"host": origin.netloc, **asked.headers, "cookie": asked.cookie_header}
    said = {f"HTTP_{name.upper().replace('-', '_')}": value for name, value in headers.items() if value}
    return {
        "REQUEST_METHOD": asked.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": asked.path.encode().decode("latin-1"),
        "QUERY_STRING": asked.query,
        "CONTENT_TYPE": asked.headers.get("content-type", ""),
        "CONTENT_LENGTH": str(len(asked.body)),
        "SERVER_NAME": origin.hostname or "",
        "SERVER_PORT": str(origin.port or 443),
        "SERVER_PROTOCOL": "HTTP/1.1",
        "wsgi.url_scheme": origin.scheme,
        "REMOTE_ADDR": "127.0.0.1",
        "wsgi.input": BytesIO(asked.body),
        "wsgi.errors": BytesIO(),
        "wsgi.multithread": True,
        **said,
    }

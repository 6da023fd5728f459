"""Between Starlette's requests and answers and those of the framework-free sign-in."""

from typing import Final
from urllib.parse import parse_qsl

from starlette.requests import HTTPConnection, Request
from starlette.responses import Response

from entrada.client.web_sign_in import exchange

_LARGEST_FORM: Final = 200_000  # bytes; an answer holds a code or a logout token
_MOST_FIELDS: Final = 100
_FORM: Final = "application/x-www-form-urlencoded"


def request_of(asked: HTTPConnection) -> exchange.Request:
    """Without a form: only the routes of the sign-in itself read one.

    The connection as the server saw it: whoever runs behind a proxy says so once, in the settings.
    """
    scope = asked.scope
    root, path = scope.get("root_path", "").rstrip("/"), scope["path"]
    return exchange.Request(
        method=scope.get("method", "GET"),
        path=path.removeprefix(root) if path.startswith(f"{root}/") else path,
        query_string=scope["query_string"].decode("latin-1"),
        cookies=asked.cookies,
        headers={name.lower(): value for name, value in asked.headers.items()},
        scheme=scope["scheme"],
        host=asked.headers.get("host", ""),
        root_path=root,
    )


async def posted_form(asked: Request) -> dict[str, str]:
    """Empty for what is none, or too large for one."""
    if asked.method != "POST" or asked.headers.get("content-type", "").partition(";")[0].strip().lower() != _FORM:
        return {}
    body = bytearray()
    async for chunk in asked.stream():
        body += chunk
        if len(body) > _LARGEST_FORM:
            return {}
    try:
        pairs = parse_qsl(body.decode(), keep_blank_values=True, max_num_fields=_MOST_FIELDS)
    except ValueError:
        return {}
    return exchange.read_parameters(pairs)


def answer_of(answer: exchange.Response) -> Response:
    sent = Response(answer.body, answer.status)
    for name, value in answer.header_list():
        sent.headers.append(name, value)
    return sent

"""Between Starlette's requests and answers and those of the framework-free sign-in."""

from typing import Final
from urllib.parse import parse_qsl

from starlette.requests import HTTPConnection, Request
from starlette.responses import Response

from entrada.client.web_sign_in import exchange

_LARGEST_FORM: Final = 200_000  # bytes; an answer holds a code or a logout token
_MOST_FIELDS: Final = 100
_FORM: Final = "application/x-www-form-urlencoded"
_FORMS: Final = frozenset({_FORM, "multipart/form-data"})
_OVER: Final = {"ws": "http", "wss": "https"}  # what a websocket is opened over
ROOT: Final = "entrada.root_path"  # of a scope: where the application with the sign-in is mounted


def request_of(asked: HTTPConnection) -> exchange.Request:
    """Without a form: only the routes of the sign-in itself read one.

    The connection as the server saw it: whoever runs behind a proxy says so once, in the settings.
    """
    scope = asked.scope
    scheme: str = scope["scheme"]
    root, path = scope.get(ROOT, scope.get("root_path", "")).rstrip("/"), scope["path"]
    return exchange.Request(
        method=scope.get("method", "GET"),
        path=path.removeprefix(root) if path.startswith(f"{root}/") else path,
        query_string=scope["query_string"].decode("latin-1"),
        cookies=asked.cookies,
        headers={name.lower(): value for name, value in asked.headers.items()},
        scheme=_OVER.get(scheme, scheme),
        host=asked.headers.get("host", ""),
        root_path=root,
        client_address=asked.client.host if asked.client is not None else "",
    )


async def posted_form(asked: Request) -> dict[str, str]:
    """Empty for what is none, or too large for one."""
    if asked.method != "POST" or _kind(asked) != _FORM:
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


async def form_of_view(asked: Request) -> dict[str, str]:
    """What FastAPI has read for the view's `Form()`; else it is read here, and kept for the view."""
    if asked.method != "POST" or _kind(asked) not in _FORMS:
        return {}
    try:
        await asked.body()
    except RuntimeError:  # read as a form, which Starlette keeps
        pairs = (await asked.form()).multi_items()
        return exchange.read_parameters((name, value) for name, value in pairs if isinstance(value, str))
    return await posted_form(asked)


def _kind(asked: Request) -> str:
    return asked.headers.get("content-type", "").partition(";")[0].strip().lower()


def answer_of(answer: exchange.Response) -> Response:
    sent = Response(answer.body, answer.status)
    for name, value in answer.header_list():
        sent.headers.append(name, value)
    return sent

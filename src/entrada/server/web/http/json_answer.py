"""JSON as Entra sends it: never cached, unless it is a public document."""

from collections.abc import Mapping

import msgspec
from starlette.responses import Response

_JSON = "application/json; charset=utf-8"
NO_STORE = {
    "Cache-Control": "no-store, no-cache",
    "Pragma": "no-cache",
    "Expires": "-1",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "strict-origin-when-cross-origin",
}
PUBLIC = {
    "Cache-Control": "max-age=3600, private",
    "X-Content-Type-Options": "nosniff",
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Allow-Methods": "GET, OPTIONS",
}
_encoder = msgspec.json.Encoder()


def json_answer(members: object, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    answer = Response(_encoder.encode(members), status, NO_STORE if headers is None else headers)
    answer.headers["Content-Type"] = _JSON
    return answer

"""Read a form body, strictly and never more than a little of it.  RFC 6749 appendix B."""

from starlette.requests import Request

from entrada.core.errors import catalogue as why
from entrada.core.errors.reason import Refusal
from entrada.core.protocol.parameters import Parameters, parse_form
from entrada.server.web.http.heard import hear_asked

MAX_BODY = 64 * 1024
_FORM = "application/x-www-form-urlencoded"


async def read_form(request: Request) -> Parameters | Refusal:
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media_type != _FORM:
        return Refusal(why.MALFORMED_REQUEST, {"fault": f"the content type is not {_FORM}"})
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > MAX_BODY:
            return Refusal(why.BODY_TOO_LARGE, {"limit": str(MAX_BODY)})
    return _heard(parse_form(bytes(body)))


def read_query(request: Request) -> Parameters | Refusal:
    query: bytes = request.scope["query_string"]
    if len(query) > MAX_BODY:
        return Refusal(why.TOO_LONG, {"fault": f"the query is longer than {MAX_BODY} bytes"})
    return _heard(parse_form(query))


def _heard(parameters: Parameters | Refusal) -> Parameters | Refusal:
    if isinstance(parameters, Parameters):
        hear_asked(parameters.items())
    return parameters

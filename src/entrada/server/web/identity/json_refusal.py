"""A refusal as the endpoints for programs answer it.  RFC 6749 §5.2; reference section 17."""

from starlette.requests import Request
from starlette.responses import Response

from entrada.core.errors import catalogue as why
from entrada.core.errors.reason import Refusal
from entrada.core.protocol.error_fields import Trace, json_members
from entrada.server.web.http.json_answer import NO_STORE, json_answer
from entrada.server.web.http.site import Site
from entrada.server.web.http.trace import trace_headers


def json_refusal(site: Site, request: Request, refusal: Refusal, trace: Trace, *, allow: str) -> Response:
    """*allow*: the methods that the endpoint takes."""
    headers = {**NO_STORE, **trace_headers(request, trace)}
    if refusal.reason.status == 405:
        headers["Allow"] = allow
    if refusal.reason is why.THROTTLED:
        headers["Retry-After"] = refusal.facts["seconds"]
    return json_answer(json_members(refusal, trace, site.here.origin), refusal.reason.status, headers)

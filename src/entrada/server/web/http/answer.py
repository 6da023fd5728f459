"""Answer a refusal where no endpoint does: a page for browsers, JSON for programs."""

from starlette.requests import Request
from starlette.responses import Response

from entrada.core.errors.reason import Refusal
from entrada.core.protocol.error_fields import Trace, json_members
from entrada.server.web.http.error_page import page
from entrada.server.web.http.json_answer import json_answer
from entrada.server.web.http.site import Site


def answer_refusal(site: Site, request: Request, trace: Trace, refusal: Refusal, heading: str) -> Response:
    if "text/html" in request.headers.get("accept", ""):
        return page(site, refusal, trace, heading)
    return json_answer(json_members(refusal, trace, site.here.origin), refusal.reason.status)

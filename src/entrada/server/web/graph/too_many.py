"""429 in Graph's own shape, for whoever asks Graph too much.  RFC 6585 §4; reference section 38."""

import re
from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from entrada.core.errors.reason import Refusal
from entrada.core.protocol.error_fields import Trace
from entrada.server.web.by_token.cors import CORS
from entrada.server.web.http.json_answer import NO_STORE, json_answer

_GRAPH: Final = re.compile(r"/v1\.0/|/oidc/userinfo\Z|/[^/]+/(openid/userinfo|users/[^/]+/getMemberObjects)\Z")


def too_many(request: Request, refusal: Refusal, trace: Trace) -> Response | None:
    """None: this was not asked of Graph.  The throttle adds Retry-After."""
    if not _GRAPH.match(request.url.path):
        return None
    from entrada.core.directory.administration.problem import Problem  # noqa: PLC0415 - a sign-in needs none of it
    from entrada.server.web.by_token.error_body import error_body  # noqa: PLC0415

    problem = Problem(status=refusal.reason.status, code="TooManyRequests", message=refusal.text)
    answer = json_answer(error_body(problem, trace), problem.status, {**NO_STORE, **CORS})
    answer.headers["request-id"] = trace.trace_id
    answer.headers["client-request-id"] = trace.correlation_id
    return answer

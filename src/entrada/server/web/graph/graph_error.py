"""Graph's error body.  Reference section 38."""

from datetime import UTC, datetime

from starlette.requests import Request
from starlette.responses import Response

from entrada.server.web.http import decision_log
from entrada.server.web.http.json_answer import json_answer
from entrada.server.web.http.site import Site
from entrada.server.web.http.trace import trace_of


def graph_error(site: Site, request: Request, status: int, code: str, message: str) -> Response:
    trace = trace_of(site.here, request)
    decision_log.told("graph", status, code, message, trace)
    inner = {
        "date": datetime.fromtimestamp(trace.at, UTC).strftime("%Y-%m-%dT%H:%M:%S"),
        "request-id": trace.trace_id,
        "client-request-id": trace.correlation_id,
    }
    answer = json_answer({"error": {"code": code, "message": message, "innerError": inner}}, status)
    answer.headers["request-id"] = trace.trace_id
    answer.headers["client-request-id"] = trace.correlation_id
    answer.headers["Access-Control-Allow-Origin"] = "*"
    if status == 401:
        answer.headers["WWW-Authenticate"] = 'Bearer realm="", error="invalid_token"'
    return answer

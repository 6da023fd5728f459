"""Which request this is: a trace id of ours, the caller's correlation id, the moment.  Reference section 9.3."""

from starlette.requests import Request

from entrada.core.directory.ids import parse_guid
from entrada.core.protocol.error_fields import Trace
from entrada.server.usecases.installation import Installation

CORRELATION = "client-request-id"


def trace_of(here: Installation, request: Request, sent: str | None = None) -> Trace:
    """*sent* is a correlation id from the body or an interaction; the query's and the header's come after it."""
    named_in_url = CORRELATION.encode() in request.scope["query_string"]  # else spare the parsing
    from_url = request.query_params.get(CORRELATION) if named_in_url else None
    offered = (sent, from_url, request.headers.get(CORRELATION))
    correlation_id = next((guid for text in offered if text and (guid := parse_guid(text))), None)
    return Trace(trace_id=here.new_id(), correlation_id=correlation_id or here.new_id(), at=here.clock())


def trace_headers(request: Request, trace: Trace) -> dict[str, str]:
    headers = {"x-ms-request-id": trace.trace_id}
    if request.headers.get("return-client-request-id", "").lower() == "true":
        headers[CORRELATION] = trace.correlation_id
    return headers

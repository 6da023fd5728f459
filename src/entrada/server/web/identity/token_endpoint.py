"""The token endpoint.  RFC 6749 §3.2; reference sections 9, 15 to 17."""

from starlette.requests import Request
from starlette.responses import Response

from entrada.core.errors.reason import Refusal
from entrada.core.protocol.error_fields import Trace
from entrada.core.protocol.version import Version
from entrada.server.usecases.asking import Issued
from entrada.server.usecases.issue_token import issue_token
from entrada.server.usecases.token_request import Sender, TokenRequest
from entrada.server.web.http import decision_log
from entrada.server.web.http.json_answer import NO_STORE, json_answer
from entrada.server.web.http.site import Site
from entrada.server.web.http.throttle import enter_client
from entrada.server.web.http.trace import trace_headers
from entrada.server.web.identity.json_refusal import json_refusal
from entrada.server.web.identity.posted_form import read_posted

_METHODS = "POST, OPTIONS"
_CORS = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Allow-Methods": _METHODS,
    "Access-Control-Allow-Headers": "content-type, client-request-id, return-client-request-id, x-requested-with",
    "Access-Control-Expose-Headers": "Content-Length,Content-Encoding,x-ms-request-id,x-ms-srs",
}


async def token(site: Site, request: Request, version: Version) -> Response:
    if request.method == "OPTIONS":
        return Response(status_code=204, headers=_CORS)
    form, trace = await read_posted(site, request, _METHODS)
    if isinstance(form, Refusal):
        return _refused(site, request, form, trace)
    asked = TokenRequest(
        segment=request.path_params["tenant"],
        version=version,
        parameters=form,
        authorization=request.headers.get("authorization"),
        origin=request.headers.get("origin") or None,
        sender=_sender(request, trace),
    )
    answer = await enter_client(request, form) or await issue_token(site.here, asked)
    if isinstance(answer, Refusal):
        return _refused(site, request, answer, trace, client=form.get("client_id"), grant=form.get("grant_type"))
    return _issued(request, answer, trace, asked)


def _sender(request: Request, trace: Trace) -> Sender:
    return Sender(
        address=request.client.host if request.client else "",
        user_agent=request.headers.get("user-agent", "")[:300],
        trace_id=trace.trace_id,
        correlation_id=trace.correlation_id,
    )


def _issued(request: Request, issued: Issued, trace: Trace, asked: TokenRequest) -> Response:
    granted = issued.response.granted
    decision_log.granted(
        "token",
        trace,
        client=issued.client.app_id,
        user=issued.user_id,
        grant=asked.parameters.get("grant_type"),
        scope=granted.scope or granted.identifier,
        resource=granted.resource.app_id,
    )
    headers = {**NO_STORE, **trace_headers(request, trace), **(_CORS if issued.cross_origin else {})}
    return json_answer(issued.response.members(asked.version), headers=headers)


def _refused(site: Site, request: Request, refusal: Refusal, trace: Trace, **facts: str | None) -> Response:
    decision_log.refused("token", refusal, trace, **facts)
    answer = json_refusal(site, request, refusal, trace, allow=_METHODS)
    if request.headers.get("origin"):
        # A script must be able to read why it was refused; a refusal holds nothing to steal.
        answer.headers.update(_CORS)
    if refusal.reason.status == 401 and request.headers.get("authorization"):
        answer.headers["WWW-Authenticate"] = "Basic"  # RFC 6749 §5.2
    return answer

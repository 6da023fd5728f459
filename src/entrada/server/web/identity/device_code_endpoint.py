"""The device authorization endpoint.  RFC 8628 §3.1, §3.2; reference section 22."""

from starlette.requests import Request
from starlette.responses import Response

from entrada.core.errors.reason import Refusal
from entrada.core.protocol.error_fields import Trace
from entrada.core.protocol.throttle import ROW
from entrada.core.protocol.version import Version
from entrada.server.usecases.start_device_flow import DeviceRequest, start_device_flow
from entrada.server.web.http import decision_log
from entrada.server.web.http.json_answer import NO_STORE, json_answer
from entrada.server.web.http.site import Site
from entrada.server.web.http.throttle import enter_client, weigh
from entrada.server.web.http.trace import trace_headers
from entrada.server.web.identity.json_refusal import json_refusal
from entrada.server.web.identity.posted_form import read_posted

_METHODS = "POST"


async def device_code(site: Site, request: Request, version: Version) -> Response:
    form, trace = await read_posted(site, request, _METHODS)
    if isinstance(form, Refusal):
        return _refused(site, request, form, trace)
    asked = DeviceRequest(
        segment=request.path_params["tenant"],
        version=version,
        parameters=form,
        address=request.client.host if request.client else "",
        user_agent=request.headers.get("user-agent", ""),
    )
    answer = await enter_client(request, form) or await start_device_flow(site.here, asked)
    if isinstance(answer, Refusal):
        return _refused(site, request, answer, trace, client=form.get("client_id"))
    weigh(request, ROW)
    decision_log.granted("device code", trace, client=answer.flow.client_id, scope=answer.flow.scope)
    return json_answer(answer.members(version), headers={**NO_STORE, **trace_headers(request, trace)})


def _refused(site: Site, request: Request, refusal: Refusal, trace: Trace, **facts: str | None) -> Response:
    decision_log.refused("device code", refusal, trace, **facts)
    return json_refusal(site, request, refusal, trace, allow=_METHODS)

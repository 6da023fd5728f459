"""A form that a program posts: its parameters and its trace, or why it cannot be read."""

from starlette.requests import Request

from entrada.core.errors import catalogue as why
from entrada.core.errors.reason import Refusal
from entrada.core.protocol.error_fields import Trace
from entrada.core.protocol.parameters import Parameters
from entrada.server.web.http.form import read_form
from entrada.server.web.http.site import Site
from entrada.server.web.http.trace import trace_of


async def read_posted(site: Site, request: Request, allow: str) -> tuple[Parameters | Refusal, Trace]:
    """*allow*: the methods that the endpoint takes, as the header of that name lists them."""
    if request.method != "POST":
        refusal = Refusal(why.WRONG_ENDPOINT_METHOD, {"allowed": allow, "method": request.method})
        return refusal, trace_of(site.here, request)
    form = await read_form(request)
    sent = None if isinstance(form, Refusal) else form.get("client-request-id")
    return form, trace_of(site.here, request, sent)

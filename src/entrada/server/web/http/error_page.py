"""The page of a refusal: what happened, what to do, and the ids that find the log line."""

from starlette.responses import HTMLResponse

from entrada.core.directory.tenant import Tenant
from entrada.core.errors.reason import Refusal
from entrada.core.protocol.error_fields import Trace
from entrada.server.web.http.branding import branding_of
from entrada.server.web.http.site import Site

NOBODY = (None, None)


def page(
    site: Site,
    refusal: Refusal,
    trace: Trace,
    heading: str,
    client: tuple[str | None, str | None] = NOBODY,
    tenant: Tenant | None = None,
) -> HTMLResponse:
    """*client* is its name and id; *tenant*, whose looks the page wears."""
    context = {
        "tenant_name": tenant.display_name if tenant else None,
        "branding": branding_of(tenant),
        "heading": heading,
        "message": refusal.text,
        "advice": refusal.advice,
        "code": refusal.reason.aadsts,
        "trace_id": trace.trace_id,
        "correlation_id": trace.correlation_id,
        "timestamp": trace.timestamp,
        "app_name": client[0],
        "app_id": client[1],
        "docs_url": f"/error?code={refusal.reason.code}",
    }
    return site.pages.render("error.html", context, status=refusal.reason.status)

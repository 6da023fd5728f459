"""The paths of the logs."""

from starlette.routing import BaseRoute

from entrada.server.web.http.site import Site
from entrada.server.web.portal.door import get
from entrada.server.web.portal.logs import audits, sign_ins, stories


def routes(site: Site) -> list[BaseRoute]:
    # fmt: off
    return [
        get(site, "/portal/sign-ins",           sign_ins.show),
        get(site, "/portal/stories/{trace_id}", stories.show),
        get(site, "/portal/audits",             audits.show),
        get(site, "/portal/audits/{id}",        audits.show_one),
    ]
    # fmt: on

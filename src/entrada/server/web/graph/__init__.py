"""The part of Microsoft Graph v1.0 that entrada answers, and userinfo (OpenID Connect Core 1.0, section 5.3)."""

from starlette.routing import BaseRoute

from entrada.server.web.graph import doors, me
from entrada.server.web.graph.too_many import too_many
from entrada.server.web.http.site import Site


def routes(site: Site) -> list[BaseRoute]:
    return [*me.routes(site), *doors.routes(site)]


__all__ = ["routes", "too_many"]

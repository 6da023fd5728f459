"""The portal: what administrators, and owners of applications, do by mouse.  Pages over the administering use cases."""

from pathlib import Path
from typing import Final

from starlette.routing import BaseRoute

from entrada.server.web.http.later import Later
from entrada.server.web.http.site import Site

TEMPLATES: Final = Path(__file__).parent / "templates"


def doors(site: Site) -> list[BaseRoute]:
    def load() -> list[BaseRoute]:
        from entrada.server.web.portal.routes import routes  # noqa: PLC0415

        return routes(site)

    return [Later("/portal", load)]


__all__ = ["TEMPLATES", "doors"]

"""The developer console: the catalogue of APIs, trying them out, subscriptions.  Gateway reference section 16."""

from pathlib import Path
from typing import Final

from starlette.routing import BaseRoute

from entrada.core.directory.portal import CONSOLE
from entrada.server.web.http.later import Later
from entrada.server.web.http.site import Site

TEMPLATES: Final = Path(__file__).parent / "templates"


def doors(site: Site) -> list[BaseRoute]:
    def load() -> list[BaseRoute]:
        from entrada.server.web.console.routes import routes  # noqa: PLC0415

        return routes(site)

    return [Later(CONSOLE, load)]


__all__ = ["TEMPLATES", "doors"]

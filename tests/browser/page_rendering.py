"""Renders a template as the server does: everything escaped, and a name left undefined is an error."""

from pathlib import Path

from attrs import field, frozen
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from tests.browser.page_contexts import Context

SOURCES = Path(__file__).parents[2] / "src" / "entrada"


@frozen
class Site:
    name: str
    templates: Path
    static_folder: Path
    static: str
    environment: Environment = field(init=False)

    @environment.default
    def _environment(self) -> Environment:
        return Environment(loader=FileSystemLoader(self.templates), autoescape=True, undefined=StrictUndefined)


IDENTITY = Site(
    name="identity",
    templates=SOURCES / "server/web/identity/templates",
    static_folder=SOURCES / "server/web/http/static",
    static="/static/entrada",
)
REPSYS = Site(
    name="repsys",
    templates=SOURCES / "samples/repsys/templates",
    static_folder=SOURCES / "samples/repsys/static",
    static="/static",
)


def render(site: Site, template: str, context: Context) -> str:
    return site.environment.get_template(template).render(static=site.static, asset_version="preview", **context)

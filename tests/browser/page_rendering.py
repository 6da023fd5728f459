"""Renders a template as the server does: everything escaped, and a name left undefined is an error."""

from pathlib import Path

from attrs import frozen
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from entrada.server.web.http.pages import STATIC_FOLDER, STATIC_PREFIX, Pages
from tests.browser.page_contexts import Context

SOURCES = Path(__file__).parents[2] / "src" / "entrada"
IDENTITY_TEMPLATES = SOURCES / "server/web/identity/templates"
ACCOUNT_TEMPLATES = SOURCES / "server/web/account/templates"
REPSYS_TEMPLATES = SOURCES / "samples/repsys/templates"


@frozen
class Site:
    name: str
    templates: Path
    static_folder: Path
    static: str
    environment: Environment


OURS = Pages.of(IDENTITY_TEMPLATES, ACCOUNT_TEMPLATES).environment
IDENTITY = Site("identity", IDENTITY_TEMPLATES, STATIC_FOLDER, STATIC_PREFIX, OURS)
ACCOUNT = Site("account", ACCOUNT_TEMPLATES, STATIC_FOLDER, STATIC_PREFIX, OURS)
REPSYS = Site(
    "repsys",
    REPSYS_TEMPLATES,
    SOURCES / "samples/repsys/static",
    "/static",
    Environment(loader=FileSystemLoader(REPSYS_TEMPLATES), autoescape=True, undefined=StrictUndefined),
)


def render(site: Site, template: str, context: Context) -> str:
    return site.environment.get_template(template).render(static=site.static, asset_version="preview", **context)

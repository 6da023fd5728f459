"""repsys' pages as HTML: a browser loads nothing with them but repsys' own stylesheet and pictures."""

from hashlib import sha256
from pathlib import Path
from typing import Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.responses import HTMLResponse

from entrada.client.web_sign_in.error_pages import Page

STATIC: Final = Path(__file__).parent / "static"
_TEMPLATES: Final = Path(__file__).parent / "templates"
_HEADERS: Final = {
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src 'self'; frame-ancestors 'none'",
}


class Pages:
    def __init__(self) -> None:
        self._templates = Environment(loader=FileSystemLoader(_TEMPLATES), autoescape=True, undefined=StrictUndefined)
        styles = (STATIC / "repsys.css").read_bytes()
        self._shared = {"static": "/static", "asset_version": sha256(styles).hexdigest()[:12]}

    def answer(self, name: str, **context: object) -> HTMLResponse:
        return HTMLResponse(self._rendered(name, **context), headers=_HEADERS)

    def of_sign_in(self, page: Page) -> str:
        """What the sign-in itself has to say, in repsys' own look."""
        return self._rendered("sign_in.html", page=page)

    def _rendered(self, name: str, **context: object) -> str:
        return self._templates.get_template(name).render({**self._shared, **context})

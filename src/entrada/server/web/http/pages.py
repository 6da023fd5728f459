"""Render a page: templates, the headers every page carries, the trace it names."""

from collections.abc import Iterable, Mapping
from hashlib import sha256
from pathlib import Path

from attrs import frozen
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.responses import HTMLResponse

from entrada.server.web.http.content_security_policy import policy

STATIC_PREFIX = "/static/entrada"
STATIC_FOLDER = Path(__file__).parent / "static"

HEADERS = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
# Where a person does more than sign in.  Sign-in pages have none: applications open them as popups and hear of the
# answer by the window they opened (MSAL for browsers before 5, Swagger UI), which any such policy would take from them.
ALONE = {"Cross-Origin-Opener-Policy": "same-origin"}


@frozen
class Pages:
    environment: Environment
    asset_version: str

    @classmethod
    def of(cls, *folders: Path) -> "Pages":
        environment = Environment(
            loader=FileSystemLoader(folders), autoescape=True, undefined=StrictUndefined, trim_blocks=True
        )
        return cls(environment, _digest(STATIC_FOLDER))

    def render(
        self,
        name: str,
        context: Mapping[str, object],
        *,
        status: int = 200,
        form_targets: Iterable[str] = (),
        frames: Iterable[str] = (),
        nonce: str | None = None,
        connects: bool = False,
    ) -> HTMLResponse:
        """*connects*: its scripts may ask our own origin for parts of pages."""
        shared = {"tenant_name": None, "static": STATIC_PREFIX, "asset_version": self.asset_version, "nonce": nonce}
        html = self.environment.get_template(name).render({**shared, **context})
        headers = {**HEADERS, "Content-Security-Policy": policy(form_targets, frames, nonce, connects=connects)}
        return HTMLResponse(html, status, headers)


def _digest(folder: Path) -> str:
    """Names the assets by what is in them, so that a new release is never styled by a cached stylesheet."""
    content = b"".join(path.read_bytes() for path in sorted(folder.iterdir()) if path.is_file())
    return sha256(content).hexdigest()[:12]

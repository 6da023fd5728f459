"""A tenant's looks on the pages by which its people sign in: its accent as a stylesheet, its logo, its words.

Both are public, as the page is on which they stand, and named after what is in them, so that browsers may keep them.
"""

from collections.abc import Awaitable, Callable
from hashlib import sha256
from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from entrada.core.directory.accent import Shades, dark_shades, light_shades
from entrada.core.directory.branding_rules import logo_type
from entrada.core.directory.ids import TenantId, parse_guid
from entrada.core.directory.tenant import Branding, Tenant
from entrada.server.web.http.site import Site

PREFIX: Final = "/branding"
_HEADERS: Final = {
    "Cache-Control": "public, max-age=31536000, immutable",
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; sandbox",
}


def branding_of(tenant: Tenant | None, *, with_text: bool = False) -> dict[str, str | None] | None:
    """What `page.html` draws: None where the tenant has chosen nothing."""
    if tenant is None or tenant.branding == Branding():
        return None
    branding, where = tenant.branding, f"{PREFIX}/{tenant.id}"
    return {
        "style": f"{where}/accent.css?v={_digest(branding.accent.encode())}" if branding.accent else None,
        "logo": f"{where}/logo?v={_digest(branding.logo)}" if branding.logo else None,
        "text": branding.sign_in_text if with_text else None,
    }


def routes(site: Site) -> list[BaseRoute]:
    return [
        Route(f"{PREFIX}/{{tenant}}/accent.css", _answering(site, _style)),
        Route(f"{PREFIX}/{{tenant}}/logo", _answering(site, _logo)),
    ]


def _answering(site: Site, of: Callable[[Branding], Response | None]) -> Callable[[Request], Awaitable[Response]]:
    async def answer(request: Request) -> Response:
        tenant_id = parse_guid(request.path_params["tenant"])
        tenant = await site.here.store.find_tenant(TenantId(tenant_id)) if tenant_id else None
        found = of(tenant.branding) if tenant is not None else None
        return found or Response(status_code=404)

    return answer


def _style(branding: Branding) -> Response | None:
    if branding.accent is None:
        return None
    return Response(shades_style(branding.accent, ":root"), media_type="text/css", headers=_HEADERS)


def shades_style(accent: str, selector: str) -> str:
    """The stylesheet that gives whatever is below *selector* the shades of *accent*."""
    light, dark = _rule(light_shades(accent), selector), _rule(dark_shades(accent), selector)
    return f"{light}\n@media (prefers-color-scheme: dark) {{ {dark} }}\n"


def _rule(shades: Shades, selector: str) -> str:
    named = {"--accent": shades.accent, "--accent-strong": shades.strong, "--on-accent": shades.on_accent}
    return f"{selector} {{ {' '.join(f'{name}: {value};' for name, value in named.items())} }}"


def _logo(branding: Branding) -> Response | None:
    kind = logo_type(branding.logo) if branding.logo else None
    return Response(branding.logo, media_type=kind, headers=_HEADERS) if kind else None


def _digest(content: bytes) -> str:
    return sha256(content).hexdigest()[:12]

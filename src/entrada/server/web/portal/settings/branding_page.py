"""What the tenant's sign-in pages look like: accent, logo, words, and a look at them before they are saved."""

import re
from base64 import b64encode
from typing import Final

from attrs import evolve, frozen
from starlette.responses import Response

from entrada.core.directory.administration.operations import Operation
from entrada.core.directory.administration.problem import Problem, bad
from entrada.core.directory.branding_rules import MAX_LOGO, MAX_TEXT, accent_fault, logo_fault, logo_type
from entrada.core.directory.tenant import Tenant
from entrada.server.usecases.administer.branding import change_branding, change_logo, find_branding
from entrada.server.web.http.branding import shades_style
from entrada.server.web.http.pages import HEADERS
from entrada.server.web.portal.deeds import deed_of
from entrada.server.web.portal.door import Visitor, done, page, problem_page
from entrada.server.web.signed_in.form import Form

PATH: Final = "/portal/branding"
_AT: Final = "branding"
_PREVIEWS: Final = {"": False, "preview": True}
_USUAL: Final = "#14594a"  # the accent of pages whose tenant has chosen none
_HEX: Final = re.compile(r"[0-9a-f]{6}")


@frozen(kw_only=True)
class Looks:
    """As they are, or as they would be."""

    accent: str | None
    logo: bytes | None
    text: str | None

    @property
    def logo_url(self) -> str | None:
        kind = logo_type(self.logo) if self.logo else None
        return f"data:{kind};base64,{b64encode(self.logo).decode()}" if self.logo and kind else None

    @property
    def style(self) -> str:
        return f"{PATH}/accent.css?accent={(self.accent or _USUAL)[1:]}"


async def show(visitor: Visitor) -> Response:
    return await _shown(visitor)


async def change(visitor: Visitor, form: Form) -> Response:
    logo = form.files.get("bannerLogo")
    fault = logo_fault(logo) if logo is not None else None
    if fault is not None:
        return await _shown(visitor, bad(fault, "bannerLogo"), form)
    previews = deed_of(form, _PREVIEWS)
    if isinstance(previews, Problem):
        return await _shown(visitor, previews, form)
    if previews:
        return await _shown(visitor, None, form, logo=logo)
    changed = await change_branding(visitor.here, visitor.actor, _members(form), form.seen)
    if isinstance(changed, Problem):
        return await _shown(visitor, changed, form)
    if logo is not None or form.has("removeLogo"):
        changed = await change_logo(visitor.here, visitor.actor, logo, changed.version)
        if isinstance(changed, Problem):
            return await _shown(visitor, changed, form)
    return done(visitor, PATH, "The sign-in pages look like this from now on.")


async def style(visitor: Visitor) -> Response:
    """The shades of any accent, for the example alone."""
    accent = visitor.query("accent")
    if not _HEX.fullmatch(accent):
        return Response(status_code=404, headers=HEADERS)
    return Response(shades_style(f"#{accent}", ".branded"), media_type="text/css", headers=HEADERS)


def _members(form: Form) -> dict[str, object]:
    return {
        "backgroundColor": form.get("backgroundColor").strip() if form.has("ownAccent") else None,
        "signInPageText": form.text("signInPageText"),
    }


async def _shown(
    visitor: Visitor, problem: Problem | None = None, entered: Form | None = None, *, logo: bytes | None = None
) -> Response:
    tenant = await find_branding(visitor.here, visitor.actor)
    if isinstance(tenant, Problem):
        return problem_page(visitor, tenant, at=_AT)
    return page(
        visitor,
        "portal/settings/branding.html",
        title="Branding",
        at=_AT,
        problem=problem,
        entered=entered,
        tenant=tenant,
        looks=_looks(tenant, entered, logo),
        usual=_USUAL,
        chosen_logo=logo is not None,
        max_logo=MAX_LOGO // 1024,
        max_text=MAX_TEXT,
        may_change=visitor.may(Operation.CHANGE_ORGANIZATION),
    )


def _looks(tenant: Tenant, entered: Form | None, logo: bytes | None) -> Looks:
    branding = tenant.branding
    if entered is None:
        return Looks(accent=branding.accent, logo=branding.logo, text=branding.sign_in_text)
    accent = entered.get("backgroundColor").strip().lower() if entered.has("ownAccent") else None
    kept = None if entered.has("removeLogo") else branding.logo
    looks = Looks(accent=accent, logo=logo or kept, text=entered.text("signInPageText"))
    return evolve(looks, accent=None) if accent and accent_fault(accent) else looks

"""The tenant: what it is called, where it is at home, its domains."""

from typing import Final

from starlette.responses import Response

from entrada.core.directory.administration.operations import Operation
from entrada.core.directory.administration.problem import Problem
from entrada.server.usecases.administer.domains import change_domain
from entrada.server.usecases.administer.organization import change_organization, find_organization
from entrada.server.web.portal.door import Visitor, done, page, problem_page
from entrada.server.web.signed_in.form import Form

PATH: Final = "/portal/settings"
_AT: Final = "settings"


async def show(visitor: Visitor) -> Response:
    return await _shown(visitor)


async def change(visitor: Visitor, form: Form) -> Response:
    members: dict[str, object] = {
        "displayName": form.get("displayName").strip(),
        "countryLetterCode": form.text("countryLetterCode"),
        "preferredLanguage": form.text("preferredLanguage"),
    }
    changed = await change_organization(visitor.here, visitor.actor, members, form.seen)
    if isinstance(changed, Problem):
        return await _shown(visitor, changed, form)
    return done(visitor, PATH, "The tenant is changed.")


async def choose_domain(visitor: Visitor, form: Form) -> Response:
    answer = await change_domain(visitor.here, visitor.actor, form.get("domain"), {"isDefault": True}, form.seen)
    if isinstance(answer, Problem):
        return await _shown(visitor, answer)
    return done(visitor, PATH, f"{answer.default_domain} is the primary domain now.")


async def _shown(visitor: Visitor, problem: Problem | None = None, entered: Form | None = None) -> Response:
    tenant = await find_organization(visitor.here, visitor.actor)
    if isinstance(tenant, Problem):
        return problem_page(visitor, tenant, at=_AT)
    return page(
        visitor,
        "portal/settings/tenant.html",
        title="Tenant",
        at=_AT,
        problem=problem,
        entered=entered,
        tenant=tenant,
        issuer=f"{visitor.here.origin}/{tenant.id}/v2.0",
        may_change=visitor.may(Operation.CHANGE_ORGANIZATION),
    )

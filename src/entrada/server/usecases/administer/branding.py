"""What the tenant's sign-in pages look like.  Graph: organizationalBranding."""

from collections.abc import Mapping

from attrs import evolve

from entrada.core.directory.administration import people_activities as did
from entrada.core.directory.administration.actor import Actor
from entrada.core.directory.administration.operations import Operation
from entrada.core.directory.administration.problem import Problem, bad
from entrada.core.directory.branding_rules import logo_fault
from entrada.core.directory.graph.organization_members import changed_branding
from entrada.core.directory.tenant import Tenant
from entrada.server.usecases.administer.organization import change_tenant, find_organization
from entrada.server.usecases.installation import Installation


async def find_branding(here: Installation, actor: Actor) -> Tenant | Problem:
    return await find_organization(here, actor)


async def change_branding(
    here: Installation, actor: Actor, members: Mapping[str, object], seen: int | None = None
) -> Tenant | Problem:
    """Its accent and its words."""

    def changed(tenant: Tenant) -> Tenant | Problem:
        return changed_branding(tenant, members)

    return await change_tenant(here, actor, Operation.CHANGE_ORGANIZATION, did.UPDATE_BRANDING, changed, seen)


async def change_logo(
    here: Installation, actor: Actor, logo: bytes | None, seen: int | None = None
) -> Tenant | Problem:
    """A PNG, JPEG or WebP image, whatever its name says; None takes it off."""

    def changed(tenant: Tenant) -> Tenant | Problem:
        fault = logo_fault(logo) if logo is not None else None
        if fault is not None:
            return bad(fault, "bannerLogo")
        return evolve(tenant, branding=evolve(tenant.branding, logo=logo))

    return await change_tenant(here, actor, Operation.CHANGE_ORGANIZATION, did.UPDATE_BRANDING, changed, seen)

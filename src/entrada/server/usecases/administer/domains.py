"""The domains below which a tenant's people and applications are named.  Graph: domains.

Nothing here asks the DNS whose a domain is.  So whoever runs the installation says so, and no tenant for itself.
"""

from collections.abc import Mapping

from attrs import evolve

from entrada.core.directory.administration import people_activities as did
from entrada.core.directory.administration.actor import Actor
from entrada.core.directory.administration.change import Deed
from entrada.core.directory.administration.operations import Operation
from entrada.core.directory.administration.problem import Problem, bad, denied, not_found, taken
from entrada.core.directory.application import Application
from entrada.core.directory.graph.organization_members import changed_domain, new_domain
from entrada.core.directory.query.condition import AnyElement, Compare, Either, Op
from entrada.core.directory.query.query import Query
from entrada.core.directory.tenant import Tenant
from entrada.core.directory.user import User
from entrada.server.usecases.administer.carry_out import as_written, carry_out, change_of
from entrada.server.usecases.administer.organization import change_tenant, find_organization
from entrada.server.usecases.administer.user_lookup import own_tenant
from entrada.server.usecases.installation import Installation

_OPERATOR_ONLY = (
    "Insufficient privileges to {} a domain: nothing here can prove whose it is, so whoever runs the installation does "
    "it, by the command line or the directory file."
)


async def list_domains(here: Installation, actor: Actor) -> Tenant | Problem:
    """The tenant, whose domains they are: the first is the default."""
    return await find_organization(here, actor)


async def find_domain(here: Installation, actor: Actor, name: str) -> Tenant | Problem:
    """The tenant, which has this domain."""
    tenant = await find_organization(here, actor)
    if isinstance(tenant, Problem) or name.lower() in tenant.domains:
        return tenant
    return not_found("domain", name)


async def change_domain(
    here: Installation, actor: Actor, name: str, members: Mapping[str, object], seen: int | None = None
) -> Tenant | Problem:
    """Which one is the default."""

    def changed(tenant: Tenant) -> Tenant | Problem:
        if name.lower() not in tenant.domains:
            return not_found("domain", name)
        return changed_domain(tenant, name.lower(), members)

    return await change_tenant(here, actor, Operation.CHANGE_ORGANIZATION, did.UPDATE_DOMAIN, changed, seen)


async def add_domain(here: Installation, actor: Actor, members: Mapping[str, object]) -> Tenant | Problem:
    async def decide() -> Deed[Tenant] | Problem:
        name = new_domain(members) if actor.operator else denied(_OPERATOR_ONLY.format("add"))
        if isinstance(name, Problem):
            return name
        if await here.store.find_tenant_by_domain(name) is not None:
            return taken(f"The domain {name} belongs to a tenant already.", "id")
        tenant = await own_tenant(here, actor)
        after = evolve(tenant, domains=(*tenant.domains, name))
        return Deed(answer=as_written(tenant, after), activity=did.ADD_DOMAIN, changes=change_of(tenant, after))

    return await carry_out(here, actor, decide)


async def remove_domain(here: Installation, actor: Actor, name: str) -> Tenant | Problem:
    """Only one that nothing is named by."""

    async def decide() -> Deed[Tenant] | Problem:
        if not actor.operator:
            return denied(_OPERATOR_ONLY.format("remove"))
        tenant, domain = await own_tenant(here, actor), name.lower()
        refused = _refuse_removal(tenant, domain) or await _in_use(here, tenant, domain)
        if refused is not None:
            return refused
        after = evolve(tenant, domains=tuple(one for one in tenant.domains if one != domain))
        return Deed(answer=as_written(tenant, after), activity=did.REMOVE_DOMAIN, changes=change_of(tenant, after))

    return await carry_out(here, actor, decide)


def _refuse_removal(tenant: Tenant, domain: str) -> Problem | None:
    if domain not in tenant.domains:
        return not_found("domain", domain)
    if domain == tenant.default_domain:
        return bad(f"{domain} is the default domain: make another one the default first.")
    return None


async def _in_use(here: Installation, tenant: Tenant, domain: str) -> Problem | None:
    named = Compare("user_principal_name", Op.ENDS_WITH, f"@{domain}")
    users = await here.store.list_page(User, tenant.id, Query(where=named, top=1))
    where = Either(
        (
            Compare("publisher_domain", Op.EQ, domain),
            AnyElement("identifier_uris", Op.STARTS_WITH, f"https://{domain}"),
            AnyElement("identifier_uris", Op.STARTS_WITH, f"api://{domain}"),
        )
    )
    applications = await here.store.list_page(Application, tenant.id, Query(where=where, top=1))
    for one in users.items:
        return bad(f"{one.user_principal_name} and perhaps others are named by {domain}: rename them first.")
    for application in applications.items:
        return bad(f"The application {application.display_name} is named by {domain}: change it first.")
    return None

"""The tenant itself: what it is called and where it is at home.  Graph: organization; reference section 38."""

from collections.abc import Callable, Mapping

from entrada.core.directory.administration import people_activities as did
from entrada.core.directory.administration.actor import Actor
from entrada.core.directory.administration.change import Activity, Deed
from entrada.core.directory.administration.may import may
from entrada.core.directory.administration.operations import Operation
from entrada.core.directory.administration.problem import Problem
from entrada.core.directory.graph.organization_members import changed_organization
from entrada.core.directory.tenant import Tenant
from entrada.server.usecases.administer.carry_out import as_written, carry_out, change_of
from entrada.server.usecases.administer.stale import refuse_stale
from entrada.server.usecases.administer.user_lookup import own_tenant
from entrada.server.usecases.installation import Installation


async def find_organization(here: Installation, actor: Actor) -> Tenant | Problem:
    return may(actor, Operation.READ_ORGANIZATION) or await own_tenant(here, actor)


async def change_organization(
    here: Installation, actor: Actor, members: Mapping[str, object], seen: int | None = None
) -> Tenant | Problem:
    def changed(tenant: Tenant) -> Tenant | Problem:
        return changed_organization(tenant, members)

    return await change_tenant(here, actor, Operation.CHANGE_ORGANIZATION, did.UPDATE_COMPANY, changed, seen)


async def change_tenant(
    here: Installation,
    actor: Actor,
    operation: Operation,
    activity: Activity,
    changed: Callable[[Tenant], Tenant | Problem],
    seen: int | None,
) -> Tenant | Problem:
    """Whatever is kept in it: names, looks, policies."""

    async def decide() -> Deed[Tenant] | Problem:
        refused = may(actor, operation)
        if refused is not None:
            return refused
        tenant = await own_tenant(here, actor)
        after = await refuse_stale(here, tenant, seen) or changed(tenant)
        if isinstance(after, Problem):
            return after
        return Deed(answer=as_written(tenant, after), activity=activity, changes=change_of(tenant, after))

    return await carry_out(here, actor, decide)

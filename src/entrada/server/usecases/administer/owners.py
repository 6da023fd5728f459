"""Who answers for an application and may change it without a role: list, add, remove.  Graph: applications/…/owners."""

from entrada.core.directory.administration import application_activities as did
from entrada.core.directory.administration.actor import Actor
from entrada.core.directory.administration.change import Change, Deed
from entrada.core.directory.administration.operations import Operation
from entrada.core.directory.administration.problem import Problem, bad, not_found
from entrada.core.directory.application import Application
from entrada.core.directory.graph.service_principal_json import Installed
from entrada.core.directory.ids import ServicePrincipalId, TenantId, UserId, parse_guid
from entrada.core.directory.owner import Owner
from entrada.core.directory.query.condition import Compare, Op
from entrada.core.directory.service_principal import ServicePrincipal
from entrada.core.directory.user import User
from entrada.server.usecases.administer.application_lookup import allowed
from entrada.server.usecases.administer.carry_out import carry_out
from entrada.server.usecases.administer.service_principals import installed
from entrada.server.usecases.administer.trust import refuse_trusting
from entrada.server.usecases.administer.whole_list import whole_list
from entrada.server.usecases.installation import Installation

Owned = Application | ServicePrincipal


async def list_owners(here: Installation, actor: Actor, name: str) -> tuple[User | Installed, ...] | Problem:
    """Users and service principals, in order of id."""
    application = await allowed(here, actor, Operation.READ_APPLICATIONS, name)
    return application if isinstance(application, Problem) else await owners_of(here, application)


async def add_owner(
    here: Installation, actor: Actor, name: str, owner_id: str, seen: int | None = None
) -> Problem | None:
    """*owner_id* is of a user or a service principal of the tenant."""

    async def decide() -> Deed[None] | Problem:
        application = await _owners_changeable(here, actor, name, seen)
        return application if isinstance(application, Problem) else await added(here, application, owner_id)

    return await carry_out(here, actor, decide)


async def remove_owner(
    here: Installation, actor: Actor, name: str, owner_id: str, seen: int | None = None
) -> Problem | None:
    async def decide() -> Deed[None] | Problem:
        application = await _owners_changeable(here, actor, name, seen)
        return application if isinstance(application, Problem) else await removed(here, application, owner_id)

    return await carry_out(here, actor, decide)


async def _owners_changeable(here: Installation, actor: Actor, name: str, seen: int | None) -> Application | Problem:
    """An owner may do all that changing it takes: so it is judged alike."""
    application = await allowed(here, actor, Operation.CHANGE_APPLICATION, name, seen)
    if isinstance(application, Problem):
        return application
    return await refuse_trusting(here, actor, application) or application


async def owners_of(here: Installation, owned: Owned) -> tuple[User | Installed, ...]:
    links = await whole_list(here.store, Owner, owned.tenant_id, Compare("object_id", Op.EQ, owned.id))
    found = [await _object(here, owned.tenant_id, one.owner_id) for one in links]
    return tuple([one if isinstance(one, User) else await installed(here, one) for one in found if one is not None])


async def added(here: Installation, owned: Owned, owner_id: str) -> Deed[None] | Problem:
    guid = parse_guid(owner_id)
    owner = await _object(here, owned.tenant_id, guid) if guid else None
    if owner is None:
        return not_found("user or service principal", owner_id)
    link = Owner(tenant_id=owned.tenant_id, object_id=owned.id, owner_id=owner.id)
    if await _link(here, owned, owner.id) is not None:
        return bad(f"'{owner_id}' is an owner already.", "@odata.id")
    activity = did.ADD_OWNER if isinstance(owned, Application) else did.ADD_OWNER_OF_PRINCIPAL
    return Deed(answer=None, activity=activity, changes=(Change(None, link),), about=owned, rests_on=(owned, owner))


async def removed(here: Installation, owned: Owned, owner_id: str) -> Deed[None] | Problem:
    link = await _link(here, owned, owner_id)
    if link is None:
        return not_found("owner", owner_id)
    activity = did.REMOVE_OWNER if isinstance(owned, Application) else did.REMOVE_OWNER_OF_PRINCIPAL
    return Deed(answer=None, activity=activity, changes=(Change(link, None),), about=owned, rests_on=(owned,))


async def _object(here: Installation, tenant_id: TenantId, object_id: str) -> User | ServicePrincipal | None:
    user = await here.store.find_user(tenant_id, UserId(object_id))
    return user or await here.store.find_service_principal_by_id(tenant_id, ServicePrincipalId(object_id))


async def _link(here: Installation, owned: Owned, owner_id: str) -> Owner | None:
    guid = parse_guid(owner_id)
    return await here.store.find_entity(Owner, (owned.tenant_id, owned.id, guid)) if guid else None

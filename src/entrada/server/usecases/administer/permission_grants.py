"""What applications may do in people's names: list, grant, change, revoke.  Graph: oauth2PermissionGrants."""

from collections.abc import Mapping
from typing import Final

from entrada.core.directory.administration.actor import Actor
from entrada.core.directory.administration.change import Activity, Change, Deed
from entrada.core.directory.administration.may import may
from entrada.core.directory.administration.operations import Operation
from entrada.core.directory.administration.problem import Problem, bad, not_found, stale, taken
from entrada.core.directory.directory_audit import OperationType
from entrada.core.directory.entity_key import key_of
from entrada.core.directory.graph.link_id import grant_key
from entrada.core.directory.graph.permission_grant_json import new_grant, patched
from entrada.core.directory.query.query import Page, Query
from entrada.core.directory.service_principal import PermissionGrant, ServicePrincipal
from entrada.core.directory.user import User
from entrada.server.usecases.administer.carry_out import as_written, carry_out, change_of
from entrada.server.usecases.installation import Installation
from entrada.server.usecases.lookup import find_application

_WHAT: Final = "permission grant"
_CATEGORY: Final = "ApplicationManagement"
_ADD: Final = Activity(name="Add delegated permission grant", category=_CATEGORY, operation=OperationType.ASSIGN)
_UPDATE: Final = Activity(name="Update delegated permission grant", category=_CATEGORY, operation=OperationType.UPDATE)
_REMOVE: Final = Activity(
    name="Remove delegated permission grant", category=_CATEGORY, operation=OperationType.UNASSIGN
)


async def find_permission_grant(here: Installation, actor: Actor, grant_id: str) -> PermissionGrant | Problem:
    return may(actor, Operation.READ_GRANTS) or await _stored(here, actor, grant_id)


async def list_permission_grants(here: Installation, actor: Actor, query: Query) -> Page[PermissionGrant] | Problem:
    """Conditions over `client_id`, `resource_id` and `principal_id`, which is None in a grant for everybody."""
    return may(actor, Operation.READ_GRANTS) or await here.store.list_page(PermissionGrant, actor.tenant_id, query)


async def create_permission_grant(
    here: Installation, actor: Actor, members: Mapping[str, object]
) -> PermissionGrant | Problem:
    async def decide() -> Deed[PermissionGrant] | Problem:
        refused = may(actor, Operation.CHANGE_GRANTS)
        grant = refused or new_grant(actor.tenant_id, members)
        if isinstance(grant, Problem):
            return grant
        ends = await _ends(here, grant)
        if isinstance(ends, Problem):
            return ends
        if problem := await _refuse_scopes(here, grant, frozenset()):
            return problem
        if await here.store.find_entity(PermissionGrant, key_of(grant)):
            return taken("The application has a grant for this API and principal already: change its scope instead.")
        return Deed(answer=as_written(None, grant), activity=_ADD, changes=(Change(None, grant),), rests_on=ends)

    return await carry_out(here, actor, decide)


async def change_permission_grant(
    here: Installation, actor: Actor, grant_id: str, members: Mapping[str, object], seen: int | None = None
) -> PermissionGrant | Problem:
    async def decide() -> Deed[PermissionGrant] | Problem:
        stored = may(actor, Operation.CHANGE_GRANTS) or await _stored(here, actor, grant_id)
        if isinstance(stored, Problem):
            return stored
        changed = _refuse_stale(stored, seen) or patched(stored, members)
        if isinstance(changed, Problem):
            return changed
        if problem := await _refuse_scopes(here, changed, stored.scopes):
            return problem
        return Deed(answer=as_written(stored, changed), activity=_UPDATE, changes=change_of(stored, changed))

    return await carry_out(here, actor, decide)


async def delete_permission_grant(
    here: Installation, actor: Actor, grant_id: str, seen: int | None = None
) -> Problem | None:
    """Whoever a grant is for may revoke it."""

    async def decide() -> Deed[None] | Problem:
        stored = await _stored(here, actor, grant_id)
        own = not isinstance(stored, Problem) and actor.user is not None and stored.principal_id == actor.user.id
        refused = may(actor, Operation.CHANGE_GRANTS, itself=own)
        if refused is not None:
            return refused
        if isinstance(stored, Problem):
            return stored
        if problem := _refuse_stale(stored, seen):
            return problem
        return Deed(answer=None, activity=_REMOVE, changes=(Change(stored, None),))

    return await carry_out(here, actor, decide)


async def _stored(here: Installation, actor: Actor, grant_id: str) -> PermissionGrant | Problem:
    key = grant_key(actor.tenant_id, grant_id)
    found = await here.store.find_entity(PermissionGrant, key) if key else None
    return found or not_found(_WHAT, grant_id)


def _refuse_stale(stored: PermissionGrant, seen: int | None) -> Problem | None:
    """A grant has but its scopes to change, so there is nothing more to tell."""
    return stale() if seen not in {None, stored.version} else None


async def _ends(here: Installation, grant: PermissionGrant) -> tuple[ServicePrincipal | User, ...] | Problem:
    """Nothing may hang in the air: both applications have service principals here, and the user is here."""
    store, tenant_id, found = here.store, grant.tenant_id, list[ServicePrincipal | User]()
    for name, principal_id in (("clientId", grant.client_id), ("resourceId", grant.resource_id)):
        principal = await store.find_service_principal_by_id(tenant_id, principal_id)
        if principal is None:
            return bad(f"{name}: there is no service principal '{principal_id}' here. Create it first.", name)
        found.append(principal)
    if grant.principal_id:
        user = await store.find_user(tenant_id, grant.principal_id)
        if user is None:
            return bad(f"principalId: there is no user '{grant.principal_id}' here.", "principalId")
        found.append(user)
    return tuple(found)


async def _refuse_scopes(here: Installation, grant: PermissionGrant, held: frozenset[str]) -> Problem | None:
    """What is *held* stays, be it offered or not: an API may have disabled a scope since."""
    offered = await _offered(here, grant)
    unknown = sorted(grant.scopes - held - offered)
    if not unknown:
        return None
    known = ", ".join(sorted(offered)) or "no scopes"
    return bad(f"scope: the API does not offer {', '.join(unknown)}. It offers {known}.", "scope")


async def _offered(here: Installation, grant: PermissionGrant) -> frozenset[str]:
    resource = await here.store.find_service_principal_by_id(grant.tenant_id, grant.resource_id)
    application = await find_application(here.store, resource.app_id) if resource else None
    return application.offered_values if application else frozenset()

"""Applications as one tenant knows them: make one known, find, list, change, remove.  Graph: servicePrincipals."""

from collections.abc import Mapping
from typing import Final

from entrada.core.directory.administration.actor import Actor
from entrada.core.directory.administration.change import Activity, Change, Deed
from entrada.core.directory.administration.may import may
from entrada.core.directory.administration.operations import Operation
from entrada.core.directory.administration.problem import Problem, bad, denied, not_found, taken
from entrada.core.directory.application import Application
from entrada.core.directory.deleted_item import DeletedItem
from entrada.core.directory.derived_id import service_principal_id
from entrada.core.directory.directory_audit import OperationType
from entrada.core.directory.graph.service_principal_json import Installed
from entrada.core.directory.graph.service_principal_members import app_id_of, patched
from entrada.core.directory.ids import ClientId, ServicePrincipalId, parse_guid
from entrada.core.directory.microsoft_graph import APP_ID
from entrada.core.directory.query.query import Page, Query
from entrada.core.directory.service_principal import ServicePrincipal
from entrada.core.protocol.effects import RemoveEntity
from entrada.server.usecases.administer.carry_out import Beyond, as_written, carry_out, change_of
from entrada.server.usecases.administer.links_of_principal import links_of_principal
from entrada.server.usecases.administer.owns import first_owner, owns
from entrada.server.usecases.administer.stale import refuse_stale
from entrada.server.usecases.administer.told_along import gone_along
from entrada.server.usecases.installation import Installation
from entrada.server.usecases.lookup import find_application

_WHAT: Final = "service principal"
_CATEGORY: Final = "ApplicationManagement"
_ADD: Final = Activity(name="Add service principal", category=_CATEGORY, operation=OperationType.ADD)
_UPDATE: Final = Activity(name="Update service principal", category=_CATEGORY, operation=OperationType.UPDATE)
_REMOVE: Final = Activity(name="Remove service principal", category=_CATEGORY, operation=OperationType.DELETE)


async def find_service_principal(here: Installation, actor: Actor, principal_id: str) -> Installed | Problem:
    """By its object id."""
    stored = await _stored(here, actor, principal_id)
    if isinstance(stored, Problem):
        return await _refuse_reading(here, actor) or stored
    return await _refuse_reading(here, actor, stored) or await installed(here, stored)


async def find_service_principal_of(here: Installation, actor: Actor, app_id: str) -> Installed | Problem:
    """By its application's `appId`."""
    guid = parse_guid(app_id)
    stored = await here.store.find_service_principal(actor.tenant_id, ClientId(guid)) if guid else None
    if refused := await _refuse_reading(here, actor, stored):
        return refused
    return await installed(here, stored) if stored else not_found(_WHAT, f"appId={app_id}")


async def list_service_principals(here: Installation, actor: Actor, query: Query) -> Page[Installed] | Problem:
    if refused := may(actor, Operation.READ_SERVICE_PRINCIPALS):
        return refused
    page = await here.store.list_page(ServicePrincipal, actor.tenant_id, query)
    return Page(tuple([await installed(here, one) for one in page.items]), page.more, page.count)


async def create_service_principal(
    here: Installation, actor: Actor, members: Mapping[str, object]
) -> Installed | Problem:
    async def decide() -> Deed[Installed] | Problem:
        app_id = app_id_of(members)
        if isinstance(app_id, Problem):
            return may(actor, Operation.CREATE_SERVICE_PRINCIPAL) or app_id
        application = await find_application(here.store, app_id)
        if refused := await _refuse_creating(here, actor, application):
            return refused
        if application is None or not application.may_be_used_in(actor.tenant_id):
            return bad(f"No application that may be used in this tenant has the appId '{app_id}'.", "appId")
        if await here.store.find_service_principal(actor.tenant_id, app_id):
            return taken(f"The service principal of '{application.display_name}' is here already.", "appId")
        made = patched(await _new(here, actor, application), {**members, "appId": app_id})
        if isinstance(made, Problem):
            return made
        first = await first_owner(here, actor, made, Operation.CHANGE_SERVICE_PRINCIPAL)
        answer, changes = Installed(as_written(None, made), application), (Change(None, made), *first.link)
        return Deed(answer=answer, activity=_ADD, changes=changes, rests_on=(application, *first.owner))

    return await carry_out(here, actor, decide)


async def change_service_principal(
    here: Installation, actor: Actor, principal_id: str, members: Mapping[str, object], seen: int | None = None
) -> Installed | Problem:
    async def decide() -> Deed[Installed] | Problem:
        stored = await changeable(here, actor, Operation.CHANGE_SERVICE_PRINCIPAL, principal_id, seen)
        if isinstance(stored, Problem):
            return stored
        changed = patched(stored, members)
        if isinstance(changed, Problem):
            return changed
        if stored.app_id == APP_ID and not changed.account_enabled:
            return denied("Microsoft Graph stays enabled: without it nobody could sign in to enable it again.")
        answer = await installed(here, as_written(stored, changed))
        return Deed(answer=answer, activity=_UPDATE, changes=change_of(stored, changed))

    return await carry_out(here, actor, decide)


async def delete_service_principal(
    here: Installation, actor: Actor, principal_id: str, seen: int | None = None
) -> Problem | None:
    """With what was granted to it and on it, who was assigned to it and who owns it: all can be restored."""

    async def decide() -> Beyond[None] | Problem:
        stored = await changeable(here, actor, Operation.DELETE_SERVICE_PRINCIPAL, principal_id, seen)
        if isinstance(stored, Problem):
            return stored
        if stored.app_id == APP_ID:
            return denied("Microsoft Graph is a part of every tenant: its service principal cannot be deleted.")
        return await _removal(here, stored)

    return await carry_out(here, actor, decide)


async def installed(here: Installation, principal: ServicePrincipal) -> Installed:
    return Installed(principal, await find_application(here.store, principal.app_id))


async def _removal(here: Installation, stored: ServicePrincipal) -> Beyond[None]:
    links = await links_of_principal(here.store, stored)
    item = DeletedItem(
        tenant_id=stored.tenant_id,
        id=stored.id,
        deleted_at=here.clock(),
        service_principal=stored,
        grants=links.grants,
        assignments=links.assignments,
        owners=links.owners,
    )
    # Its id follows from its application's: one that was deleted before, and made again, left an item of the same id.
    before = await here.store.find_entity(DeletedItem, (stored.tenant_id, stored.id))
    changes = (Change(stored, None), Change(before, item))
    deed = Deed(answer=None, activity=_REMOVE, changes=changes, along=gone_along(item))
    return Beyond(deed, tuple(map(RemoveEntity, links.all)))


async def _stored(here: Installation, actor: Actor, principal_id: str) -> ServicePrincipal | Problem:
    guid = parse_guid(principal_id)
    found = await here.store.find_service_principal_by_id(actor.tenant_id, ServicePrincipalId(guid)) if guid else None
    return found or not_found(_WHAT, principal_id)


async def changeable(
    here: Installation, actor: Actor, operation: Operation, principal_id: str, seen: int | None = None
) -> ServicePrincipal | Problem:
    """The one of this id, where the actor may do that to it."""
    stored = await _stored(here, actor, principal_id)
    if isinstance(stored, Problem):
        return may(actor, operation) or stored
    if refused := may(actor, operation, owns=await owns(here, actor, stored.id)):
        return refused
    return await refuse_stale(here, stored, seen) or stored


async def _refuse_reading(here: Installation, actor: Actor, stored: ServicePrincipal | None = None) -> Problem | None:
    own = stored is not None and await owns(here, actor, stored.id)
    return may(actor, Operation.READ_SERVICE_PRINCIPALS, owns=own)


async def _refuse_creating(here: Installation, actor: Actor, application: Application | None) -> Problem | None:
    """Whoever owns the registration may bring it in, where it is registered."""
    at_home = application is not None and application.tenant_id == actor.tenant_id
    own = at_home and application is not None and await owns(here, actor, application.id)
    return may(actor, Operation.CREATE_SERVICE_PRINCIPAL, owns=own)


async def _new(here: Installation, actor: Actor, application: Application) -> ServicePrincipal:
    """Under the id that tokens name it by before it is stored.

    After one of this id that was deleted its versions go on: whoever read that one does not write over this one.
    """
    tenant_id, app_id = actor.tenant_id, application.app_id
    own_id = service_principal_id(tenant_id, app_id)
    left = await here.store.find_entity(DeletedItem, (tenant_id, own_id))
    version = left.service_principal.version if left is not None and left.service_principal is not None else 0
    return ServicePrincipal(id=own_id, tenant_id=tenant_id, app_id=app_id, created_at=here.clock(), version=version)

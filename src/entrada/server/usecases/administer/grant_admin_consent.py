"""The button "Grant admin consent for …": all that a registration lists, for everybody; and taking all of it back.

Reference sections 27.5 and 28.
"""

from collections.abc import Collection, Iterable, Mapping
from typing import Final

from attrs import frozen

from entrada.core.directory.administration.actor import Actor
from entrada.core.directory.administration.change import Activity, Change, Deed
from entrada.core.directory.administration.may import may
from entrada.core.directory.administration.operations import Operation
from entrada.core.directory.administration.problem import Detail, Problem, bad, not_found
from entrada.core.directory.application import Application
from entrada.core.directory.directory_audit import OperationType
from entrada.core.directory.entity import Entity
from entrada.core.directory.entity_key import ALL_PRINCIPALS
from entrada.core.directory.graph.app_role_assignment_json import PrincipalType
from entrada.core.directory.ids import ClientId, ServicePrincipalId
from entrada.core.directory.microsoft_graph import MICROSOFT_GRAPH
from entrada.core.directory.query.condition import Compare, Op
from entrada.core.directory.service_principal import AppRoleAssignment, PermissionGrant, ServicePrincipal
from entrada.core.errors.reason import Refusal
from entrada.core.protocol.consent.for_organization import OrganizationAsk, stand_for
from entrada.core.protocol.consent.give import give
from entrada.core.protocol.consent.permission import ApplicationPermission, Grantable, Permission
from entrada.core.protocol.consent.registered import Known, knows
from entrada.core.protocol.effects import RemoveEntity
from entrada.core.protocol.scope import ScopeRequest
from entrada.core.protocol.version import Version
from entrada.server.usecases.administer.app_role_assignments import refuse_graph_roles
from entrada.server.usecases.administer.carry_out import Beyond, carry_out
from entrada.server.usecases.administer.stale import refuse_stale
from entrada.server.usecases.administer.whole_list import whole_list
from entrada.server.usecases.give_consent import settle_in
from entrada.server.usecases.installation import Installation
from entrada.server.usecases.lookup import find_application

_CATEGORY: Final = "ApplicationManagement"
_GRANT: Final = Activity(name="Consent to application", category=_CATEGORY, operation=OperationType.ASSIGN)
_REVOKE: Final = Activity(name="Revoke consent", category=_CATEGORY, operation=OperationType.UNASSIGN)
_TOLD: Final = 100  # grants that the audit log names: there may be one for each user
_NOTHING_ASKED: Final = ScopeRequest(oidc=frozenset(), resources=())

Principals = Mapping[ClientId, ServicePrincipal]


@frozen
class Consented:
    """What came of it; both empty where all of it was there already, or nothing was."""

    grants: tuple[PermissionGrant, ...]
    assignments: tuple[AppRoleAssignment, ...]


@frozen
class _Asked:
    client: Application
    ask: OrganizationAsk
    rests_on: tuple[Application, ...]  # whose lists were read


async def grant_admin_consent(
    here: Installation,
    actor: Actor,
    app_id: str,
    seen: int | None = None,
    shown: Collection[str] | None = None,
) -> Consented | Problem:
    """Nothing is taken away: permissions that the registration lists no more stay until they are revoked.

    *seen*: the version of the registration that the caller read.  *shown*: the words of `find_ungranted` that somebody
    read; what is not among them is not granted.  None: all that is listed now, whatever it is.
    """

    async def decide() -> Deed[Consented] | Problem:
        asked = await _asked(here, actor, app_id)
        if isinstance(asked, Problem):
            return asked
        if refused := _refuse(actor, asked.ask) or await refuse_stale(here, asked.client, seen):
            return refused
        if not asked.ask.named:
            return bad("The application lists no permissions. Add some to requiredResourceAccess first.")
        unseen = await _unseen(here, actor, asked, shown) if shown is not None else ()
        return _more_than_shown(unseen) if unseen else await _granting(here, actor, asked)

    return await carry_out(here, actor, decide)


async def find_ungranted(here: Installation, actor: Actor, app_id: str) -> tuple[Grantable, ...] | Problem:
    """What the button would grant that is not granted yet, also to the APIs behind the application."""
    asked = await _asked(here, actor, app_id)
    if isinstance(asked, Problem):
        return asked
    return await _unseen(here, actor, asked, ())


async def revoke_consent(here: Installation, actor: Actor, app_id: str) -> Consented | Problem:
    """Everything granted to the application: for everybody, for one person, and to itself.  What was removed."""

    async def decide() -> Beyond[Consented] | Problem:
        client = await _client(here, actor, app_id)
        if isinstance(client, Problem):
            return client
        principal = await here.store.find_service_principal(actor.tenant_id, client.app_id)
        if principal is None:
            return Beyond(Deed(answer=Consented((), ()), activity=_REVOKE, changes=()), ())
        gone = await consented(here, principal)
        every: tuple[Entity, ...] = (*gone.assignments, *sorted(gone.grants, key=_for_one))
        changes = tuple(Change(one, None) for one in every[:_TOLD])
        deed = Deed(answer=gone, activity=_REVOKE, changes=changes, about=principal)
        return Beyond(deed, tuple(map(RemoveEntity, every[_TOLD:])))

    return await carry_out(here, actor, decide)


async def consented(here: Installation, principal: ServicePrincipal) -> Consented:
    """Everything granted to an application."""
    store, tenant_id, own = here.store, principal.tenant_id, principal.id
    return Consented(
        await whole_list(store, PermissionGrant, tenant_id, Compare("client_id", Op.EQ, own)),
        await whole_list(store, AppRoleAssignment, tenant_id, Compare("principal_id", Op.EQ, own)),
    )


def _for_one(grant: PermissionGrant) -> bool:
    return grant.principal_id is not None


async def find_listed(here: Installation, actor: Actor, client: Application) -> dict[ClientId, Application]:
    """The APIs a registration lists, those that may be used in this tenant."""
    found = dict[ClientId, Application]()
    for access in client.required_resource_access:
        api = await find_application(here.store, access.resource_app_id)
        if api is not None and api.enabled and api.may_be_used_in(actor.tenant_id):
            found[api.app_id] = api
    return found


async def _asked(here: Installation, actor: Actor, app_id: str) -> _Asked | Problem:
    client = await _client(here, actor, app_id)
    if isinstance(client, Problem):
        return client
    known = await _known(here, actor, client)
    ask = stand_for(_NOTHING_ASKED, client, MICROSOFT_GRAPH, known, Version.V1)
    nothing = OrganizationAsk((), ())
    return _Asked(client, nothing if isinstance(ask, Refusal) else ask, (client, *known.values()))


async def _unseen(here: Installation, actor: Actor, asked: _Asked, shown: Collection[str]) -> tuple[Grantable, ...]:
    there = await _principals(here, actor, asked.client, asked.ask.named)
    unseen = [one for one in asked.ask.named if one.told not in shown]
    return tuple([one for one in unseen if not await _is_granted(here, asked.client, there, one)])


def _more_than_shown(unseen: Iterable[Grantable]) -> Problem:
    message = (
        "The application asks for more than you were shown. Nothing was granted; look at what is new, then decide."
    )
    details = [Detail(code="New", message=f"New: {one.value} of {one.resource.display_name}") for one in unseen]
    return Problem(status=409, code="Request_Conflict", message=message, details=tuple(details))


async def _client(here: Installation, actor: Actor, app_id: str) -> Application | Problem:
    if refused := may(actor, Operation.CHANGE_GRANTS):
        return refused
    found = await find_application(here.store, app_id)
    if found is None or not found.may_be_used_in(actor.tenant_id):
        return not_found("application", app_id)
    return found


async def _known(here: Installation, actor: Actor, client: Application) -> Known:
    """With what stands behind those APIs that count the client as one of theirs."""
    listed = await find_listed(here, actor, client)
    behind = [await find_listed(here, actor, api) for api in listed.values() if knows(api, client)]
    known = {MICROSOFT_GRAPH.app_id: MICROSOFT_GRAPH} if behind else dict[ClientId, Application]()
    for apis in (*behind, listed):
        known |= apis
    return known


def _refuse(actor: Actor, ask: OrganizationAsk) -> Problem | None:
    if not ask.roles:
        return None
    to_itself = PrincipalType.SERVICE_PRINCIPAL
    refusals = (refuse_graph_roles(actor, one.resource, to_itself) for one in ask.roles)
    return may(actor, Operation.CHANGE_ASSIGNMENTS) or next((one for one in refusals if one), None)


async def _granting(here: Installation, actor: Actor, asked: _Asked) -> Deed[Consented] | Problem:
    client, ask = asked.client, asked.ask
    there = await _principals(here, actor, client, ask.named)
    principals, installed = settle_in(actor.tenant_id, client.app_id, ask.named, there)
    made = [Change(None, one.entity) for one in installed]
    grants = await _grants(here, client, principals, ask.permissions)
    roles = [change for one in ask.roles for change in await _assign(here, client, principals, one)]
    answer = Consented(
        tuple(one.after for one in grants if isinstance(one.after, PermissionGrant)),
        tuple(one.after for one in roles if isinstance(one.after, AppRoleAssignment)),
    )
    about = principals[client.app_id]
    changes: tuple[Change, ...] = (*made, *grants, *roles)
    rests_on: tuple[Entity, ...] = (*there.values(), *asked.rests_on)
    return Deed(answer=answer, activity=_GRANT, changes=changes, about=about, rests_on=rests_on)


async def _principals(
    here: Installation, actor: Actor, client: Application, named: Iterable[Grantable]
) -> dict[ClientId, ServicePrincipal]:
    """Those of everybody concerned that are stored."""
    apps = [app.app_id for one in named for app in (one.resource, one.through) if app is not None]
    looked_up = [await here.store.find_service_principal(actor.tenant_id, one) for one in {client.app_id, *apps}]
    return {one.app_id: one for one in looked_up if one is not None}


async def _grants(
    here: Installation, client: Application, principals: Principals, permissions: Iterable[Permission]
) -> tuple[Change, ...]:
    """To the client, and to the APIs behind it."""
    by_holder = dict[ClientId, list[Permission]]()
    for one in permissions:
        by_holder.setdefault((one.through or client).app_id, []).append(one)
    changes = list[Change]()
    for app_id, theirs in by_holder.items():
        holder, resources = principals[app_id], {principals[one.resource.app_id].id for one in theirs}
        before = {one.resource_id: one for one in await _for_all(here, holder, resources)}
        puts = give(theirs, holder, principals, before.values(), None)
        granted = [one.entity for one in puts if isinstance(one.entity, PermissionGrant)]
        changes += [Change(before.get(one.resource_id), one) for one in granted]
    return tuple(changes)


async def _for_all(
    here: Installation, holder: ServicePrincipal, resources: Iterable[ServicePrincipalId]
) -> list[PermissionGrant]:
    keys = [(holder.tenant_id, holder.id, ALL_PRINCIPALS, resource) for resource in resources]
    found = [await here.store.find_entity(PermissionGrant, key) for key in keys]
    return [one for one in found if one is not None]


async def _assign(
    here: Installation, client: Application, principals: Principals, one: ApplicationPermission
) -> tuple[Change, ...]:
    """The app role, unless its holder has it."""
    if await _is_granted(here, client, principals, one):
        return ()
    holder = principals[(one.through or client).app_id]
    wanted = AppRoleAssignment(
        tenant_id=holder.tenant_id,
        principal_id=holder.id,
        resource_id=principals[one.resource.app_id].id,
        app_role_id=one.role.id,
        created_at=here.clock(),
    )
    return (Change(None, wanted),)


async def _is_granted(here: Installation, client: Application, principals: Principals, one: Grantable) -> bool:
    holder, resource = principals.get((one.through or client).app_id), principals.get(one.resource.app_id)
    if holder is None or resource is None:
        return False
    if isinstance(one, ApplicationPermission):
        key = (holder.tenant_id, holder.id, resource.id, one.role.id)
        return await here.store.find_entity(AppRoleAssignment, key) is not None
    grants = await _for_all(here, holder, (resource.id,))
    return any(one.scope.value in grant.scopes for grant in grants)

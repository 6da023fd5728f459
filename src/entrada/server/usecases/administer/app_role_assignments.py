"""Who holds which app role on which application: list, assign, unassign.

Graph: appRoleAssignments of whoever holds them, appRoleAssignedTo of the service principal they are on.
"""

from collections.abc import Mapping
from typing import Final

from attrs import evolve

from entrada.core.directory.administration.actor import Actor
from entrada.core.directory.administration.change import Activity, Change, Deed
from entrada.core.directory.administration.may import may
from entrada.core.directory.administration.operations import Operation
from entrada.core.directory.administration.problem import Problem, bad, denied, not_found
from entrada.core.directory.application import Application
from entrada.core.directory.directory_audit import OperationType
from entrada.core.directory.directory_role import GRAPH_ROLE_CONSENTING
from entrada.core.directory.entity_key import key_of
from entrada.core.directory.graph.app_role_assignment_json import (
    DEFAULT_ACCESS,
    Assigned,
    PrincipalType,
    new_assignment,
)
from entrada.core.directory.graph.link_id import assignment_key
from entrada.core.directory.group import Group
from entrada.core.directory.ids import ServicePrincipalId, TenantId, UserId
from entrada.core.directory.microsoft_graph import APP_ID
from entrada.core.directory.query.query import Page, Query
from entrada.core.directory.service_principal import AppRoleAssignment, ServicePrincipal
from entrada.core.directory.user import User
from entrada.server.usecases.administer.carry_out import as_written, carry_out
from entrada.server.usecases.administer.owns import owns
from entrada.server.usecases.installation import Installation
from entrada.server.usecases.lookup import find_application

_Holder = User | Group | ServicePrincipal
_ASSIGN: Final = {
    PrincipalType.USER: "Add app role assignment grant to user",
    PrincipalType.GROUP: "Add app role assignment to group",
    PrincipalType.SERVICE_PRINCIPAL: "Add app role assignment to service principal",
}
_UNASSIGN: Final = {
    PrincipalType.USER: "Remove app role assignment from user",
    PrincipalType.GROUP: "Remove app role assignment from group",
    PrincipalType.SERVICE_PRINCIPAL: "Remove app role assignment from service principal",
}


async def find_app_role_assignment(
    here: Installation, actor: Actor, assignment_id: str, end: str | None = None
) -> Assigned | Problem:
    """*end*: the id of one of the two that it joins, where the caller named it so."""
    stored = may(actor, Operation.READ_ASSIGNMENTS) or await _stored(here, actor, assignment_id, end)
    return stored if isinstance(stored, Problem) else await assigned(here, stored)


async def list_app_role_assignments(here: Installation, actor: Actor, query: Query) -> Page[Assigned] | Problem:
    """Conditions over `principal_id`, `resource_id` and `app_role_id`."""
    if refused := may(actor, Operation.READ_ASSIGNMENTS):
        return refused
    page = await here.store.list_page(AppRoleAssignment, actor.tenant_id, query)
    return Page(tuple([await assigned(here, one) for one in page.items]), page.more, page.count)


async def create_app_role_assignment(
    here: Installation, actor: Actor, members: Mapping[str, object]
) -> Assigned | Problem:
    async def decide() -> Deed[Assigned] | Problem:
        asked = new_assignment(actor.tenant_id, members, here.clock())
        if isinstance(asked, Problem):
            return may(actor, Operation.CHANGE_ASSIGNMENTS) or asked
        if refused := may(actor, Operation.CHANGE_ASSIGNMENTS, owns=await owns(here, actor, asked.resource_id)):
            return refused
        ends, found = await _ends(here, asked), await assigned(here, asked)
        if problem := await _refuse(here, actor, found):
            return problem
        if await here.store.find_entity(AppRoleAssignment, key_of(asked)):
            # 400 and not 409, as at Graph.
            return bad("principalId holds this app role already.", "appRoleId")
        answer = evolve(found, assignment=as_written(None, asked))
        activity = _activity(_ASSIGN, found, OperationType.ASSIGN)
        return Deed(answer=answer, activity=activity, changes=(Change(None, asked),), rests_on=ends)

    return await carry_out(here, actor, decide)


async def delete_app_role_assignment(
    here: Installation, actor: Actor, assignment_id: str, end: str | None = None
) -> Problem | None:
    """*end*: the id of one of the two that it joins, where the caller named it so.  An assignment never changes."""

    async def decide() -> Deed[None] | Problem:
        stored = await _stored(here, actor, assignment_id, end)
        own = not isinstance(stored, Problem) and await owns(here, actor, stored.resource_id)
        refused = may(actor, Operation.CHANGE_ASSIGNMENTS, owns=own)
        if refused is not None:
            return refused
        if isinstance(stored, Problem):
            return stored
        activity = _activity(_UNASSIGN, await assigned(here, stored), OperationType.UNASSIGN)
        return Deed(answer=None, activity=activity, changes=(Change(stored, None),))

    return await carry_out(here, actor, decide)


def _activity(names: Mapping[PrincipalType, str], one: Assigned, operation: OperationType) -> Activity:
    name = names[one.principal_type or PrincipalType.USER]
    return Activity(name=name, category="ApplicationManagement", operation=operation)


async def assigned(here: Installation, assignment: AppRoleAssignment) -> Assigned:
    """With the names of both ends."""
    holder = await _holder(here, assignment.tenant_id, assignment.principal_id)
    resource = await _application(here, assignment.tenant_id, assignment.resource_id)
    return Assigned(
        assignment=assignment,
        principal_name=holder[1] if holder else None,
        principal_type=holder[0] if holder else None,
        resource_name=resource.display_name if resource else None,
    )


async def _stored(
    here: Installation, actor: Actor, assignment_id: str, end: str | None = None
) -> AppRoleAssignment | Problem:
    key = assignment_key(actor.tenant_id, assignment_id)
    found = await here.store.find_entity(AppRoleAssignment, key) if key else None
    if found is None or end not in {None, found.principal_id, found.resource_id}:
        return not_found("app role assignment", assignment_id)
    return found


async def _refuse(here: Installation, actor: Actor, asked: Assigned) -> Problem | None:
    """Both ends must be here, and the role be for such as the holder."""
    one, kind = asked.assignment, asked.principal_type
    resource = await _application(here, one.tenant_id, one.resource_id)
    if resource is None:
        return bad(f"resourceId: there is no service principal '{one.resource_id}' here.", "resourceId")
    if kind is None:
        message = f"principalId: there is no user, group or service principal '{one.principal_id}' here."
        return bad(message, "principalId")
    return _refuse_role(resource, one, kind) or refuse_graph_roles(actor, resource, kind)


def _refuse_role(resource: Application, asked: AppRoleAssignment, kind: PrincipalType) -> Problem | None:
    if asked.app_role_id == DEFAULT_ACCESS:
        return None
    role = next((one for one in resource.app_roles if one.id == asked.app_role_id), None)
    if role is None:
        return bad(f"appRoleId: {resource.display_name} has no app role '{asked.app_role_id}'.", "appRoleId")
    if not role.is_enabled:
        return bad(f"appRoleId: the app role {role.value} is disabled; enable it first.", "appRoleId")
    if kind.member_type not in role.allowed_member_types:
        known = " and ".join(sorted(role.allowed_member_types))
        return bad(f"appRoleId: the app role {role.value} is for {known}, not for a {kind}.", "appRoleId")
    return None


def refuse_graph_roles(actor: Actor, resource: Application, kind: PrincipalType) -> Problem | None:
    """An application with app roles of Microsoft Graph may make administrators: not every administrator gives these."""
    user = actor.user
    if resource.app_id != APP_ID or kind is not PrincipalType.SERVICE_PRINCIPAL or user is None:
        return None
    if user.directory_roles & GRAPH_ROLE_CONSENTING:
        return None
    return denied(
        "Insufficient privileges to grant application permissions of Microsoft Graph: it takes a Global Administrator "
        "or a Privileged Role Administrator."
    )


async def _ends(here: Installation, asked: AppRoleAssignment) -> tuple[_Holder, ...]:
    resource = await here.store.find_service_principal_by_id(asked.tenant_id, asked.resource_id)
    both = (resource, await _find_holder(here, asked.tenant_id, asked.principal_id))
    return tuple(one for one in both if one is not None)


async def _find_holder(here: Installation, tenant_id: TenantId, principal_id: str) -> _Holder | None:
    store = here.store
    user = await store.find_user(tenant_id, UserId(principal_id))
    found = user or await store.find_entity(Group, (tenant_id, principal_id))
    return found or await store.find_service_principal_by_id(tenant_id, ServicePrincipalId(principal_id))


async def _holder(here: Installation, tenant_id: TenantId, principal_id: str) -> tuple[PrincipalType, str] | None:
    match await _find_holder(here, tenant_id, principal_id):
        case User() as user:
            return PrincipalType.USER, user.display_name
        case Group() as group:
            return PrincipalType.GROUP, group.display_name
        case ServicePrincipal() as principal:
            application = await find_application(here.store, principal.app_id)
            return (PrincipalType.SERVICE_PRINCIPAL, application.display_name) if application else None
        case None:
            return None


async def _application(here: Installation, tenant_id: TenantId, principal_id: ServicePrincipalId) -> Application | None:
    principal = await here.store.find_service_principal_by_id(tenant_id, principal_id)
    return await find_application(here.store, principal.app_id) if principal else None

"""Which permissions of an API people may grant where they may grant what is of low impact: list, add, take away.

Graph: delegatedPermissionClassifications; reference section 28.
"""

from collections.abc import Mapping
from typing import Final

from attrs import evolve

from entrada.core.directory.administration.actor import Actor
from entrada.core.directory.administration.change import Activity, Change, Deed
from entrada.core.directory.administration.may import may
from entrada.core.directory.administration.operations import Operation
from entrada.core.directory.administration.problem import Problem, bad, not_found, taken
from entrada.core.directory.directory_audit import OperationType
from entrada.core.directory.graph.classification_json import Classified, new_classification
from entrada.core.directory.graph.service_principal_json import Installed
from entrada.core.directory.ids import ServicePrincipalId, parse_guid
from entrada.core.directory.permission import PermissionScope
from entrada.server.usecases.administer.carry_out import carry_out
from entrada.server.usecases.administer.service_principals import find_service_principal, installed
from entrada.server.usecases.installation import Installation

_CATEGORY: Final = "ApplicationManagement"
_ADD: Final = Activity(
    name="Add delegated permission classification", category=_CATEGORY, operation=OperationType.UPDATE
)
_REMOVE: Final = Activity(
    name="Remove delegated permission classification", category=_CATEGORY, operation=OperationType.UPDATE
)


async def list_classifications(
    here: Installation, actor: Actor, principal_id: str
) -> tuple[PermissionScope, ...] | Problem:
    """The permissions that are of low impact, in order of name."""
    found = await find_service_principal(here, actor, principal_id)
    if isinstance(found, Problem):
        return found
    low = (one for one in _scopes(found) if one.value in found.principal.low_impact_scopes)
    return tuple(sorted(low, key=lambda one: one.value))


async def add_classification(
    here: Installation, actor: Actor, principal_id: str, members: Mapping[str, object]
) -> PermissionScope | Problem:
    async def decide() -> Deed[PermissionScope] | Problem:
        found = await _changeable(here, actor, principal_id)
        if isinstance(found, Problem):
            return found
        asked = new_classification(members)
        scope = asked if isinstance(asked, Problem) else _meant(found, asked)
        if isinstance(scope, Problem):
            return scope
        if scope.value in found.principal.low_impact_scopes:
            return taken(f"{scope.value} is of low impact already.", "permissionId")
        return _deed(found, scope, found.principal.low_impact_scopes | {scope.value}, _ADD)

    return await carry_out(here, actor, decide)


async def remove_classification(
    here: Installation, actor: Actor, principal_id: str, permission_id: str
) -> PermissionScope | Problem:
    async def decide() -> Deed[PermissionScope] | Problem:
        found = await _changeable(here, actor, principal_id)
        if isinstance(found, Problem):
            return found
        low = found.principal.low_impact_scopes
        scope = next((one for one in _scopes(found) if one.id == permission_id.lower() and one.value in low), None)
        if scope is None:
            return not_found("permission classification", permission_id)
        return _deed(found, scope, low - {scope.value}, _REMOVE)

    return await carry_out(here, actor, decide)


async def _changeable(here: Installation, actor: Actor, principal_id: str) -> Installed | Problem:
    """By whoever may grant permissions for everybody: it says what everybody may grant for themselves."""
    if refused := may(actor, Operation.CHANGE_GRANTS):
        return refused
    guid = parse_guid(principal_id)
    found = await here.store.find_service_principal_by_id(actor.tenant_id, ServicePrincipalId(guid)) if guid else None
    return await installed(here, found) if found else not_found("service principal", principal_id)


def _scopes(of: Installed) -> tuple[PermissionScope, ...]:
    return of.application.scopes if of.application is not None else ()


def _meant(of: Installed, asked: Classified) -> PermissionScope | Problem:
    if asked.permission_id is None and asked.permission_name is None:
        return bad("Name the permission by permissionId or permissionName.", "permissionId")
    for one in _scopes(of):
        if asked.permission_id in {None, one.id} and asked.permission_name in {None, one.value}:
            return one
    return bad("The API has no delegated permission with this permissionId and permissionName.", "permissionId")


def _deed(of: Installed, scope: PermissionScope, low: frozenset[str], activity: Activity) -> Deed[PermissionScope]:
    changed = evolve(of.principal, low_impact_scopes=low)
    return Deed(answer=scope, activity=activity, changes=(Change(of.principal, changed),))

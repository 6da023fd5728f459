"""An app role assignment as Graph writes it and reads it.  Graph: appRoleAssignment; reference section 38."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from attrs import frozen

from entrada.core.directory.administration.problem import Problem
from entrada.core.directory.graph.json_members import Members, guid, reading, written_moment
from entrada.core.directory.graph.link_id import assignment_id
from entrada.core.directory.ids import PermissionId, ServicePrincipalId, TenantId, UserId
from entrada.core.directory.service_principal import AppRoleAssignment
from entrada.core.jose.numeric_date import NumericDate

DEFAULT_ACCESS: Final = PermissionId("00000000-0000-0000-0000-000000000000")
"""May use the application, in no particular role."""


class PrincipalType(StrEnum):
    USER = "User"
    GROUP = "Group"
    SERVICE_PRINCIPAL = "ServicePrincipal"

    @property
    def member_type(self) -> str:
        """What an app role calls them; a group stands for the users in it."""
        return "Application" if self is PrincipalType.SERVICE_PRINCIPAL else "User"


@frozen(kw_only=True)
class Assigned:
    """An assignment with the names Graph shows beside the ids; None for what is there no more."""

    assignment: AppRoleAssignment
    principal_name: str | None
    principal_type: PrincipalType | None
    resource_name: str | None


def app_role_assignment_json(assigned: Assigned) -> dict[str, object]:
    one = assigned.assignment
    return {
        "id": assignment_id(one),
        "deletedDateTime": None,
        "appRoleId": one.app_role_id,
        "createdDateTime": written_moment(one.created_at) if one.created_at else None,
        "principalDisplayName": assigned.principal_name,
        "principalId": one.principal_id,
        "principalType": assigned.principal_type.value if assigned.principal_type else None,
        "resourceDisplayName": assigned.resource_name,
        "resourceId": one.resource_id,
    }


def new_assignment(tenant_id: TenantId, members: Mapping[str, object], now: NumericDate) -> AppRoleAssignment | Problem:
    """As it is asked for: whether everybody in it exists is for the use case to see."""
    return reading(lambda: _new(tenant_id, Members(members, "app role assignment"), now))


def _new(tenant_id: TenantId, members: Members, now: NumericDate) -> AppRoleAssignment:
    principal_id = members.required("principalId", guid)
    assignment = AppRoleAssignment(
        tenant_id=tenant_id,
        principal_id=UserId(principal_id),
        resource_id=ServicePrincipalId(members.required("resourceId", guid)),
        app_role_id=PermissionId(members.required("appRoleId", guid)),
        created_at=now,
    )
    read_only = ("id", "createdDateTime", "deletedDateTime", "principalDisplayName", "principalType")
    members.ignore(*read_only, "resourceDisplayName")
    members.finish()
    return assignment

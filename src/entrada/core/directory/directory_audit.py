"""A row of the audit log: who did what to which object, and what it was before.  Graph: directoryAudit.

No secret is ever in it: members that hold one only say that they changed.
"""

from enum import StrEnum

from attrs import field, frozen

from entrada.core.directory.ids import TenantId
from entrada.core.jose.numeric_date import NumericDate


class OperationType(StrEnum):
    ADD = "Add"
    UPDATE = "Update"
    DELETE = "Delete"
    ASSIGN = "Assign"
    UNASSIGN = "Unassign"


@frozen(kw_only=True)
class Initiator:
    """Who did it.  Graph: auditActivityInitiator; *via* is ours: graph, portal, command line, file, sign-in page."""

    via: str
    user_id: str | None = None
    user_principal_name: str | None = None
    app_id: str | None = None
    app_display_name: str | None = None
    address: str = ""


@frozen(kw_only=True)
class ModifiedProperty:
    """Graph's name of the member, and its values as JSON text; None where there was, or is, none."""

    display_name: str
    old_value: str | None
    new_value: str | None


@frozen(kw_only=True)
class AuditTarget:
    id: str
    type: str  # Graph's: Application, ServicePrincipal, User, Group, Policy, Directory, Other
    display_name: str
    user_principal_name: str | None = None
    version: int = 0  # of the object after the change: what `changes since` asks by
    modified: tuple[ModifiedProperty, ...] = ()


@frozen(kw_only=True)
class DirectoryAudit:
    tenant_id: TenantId
    id: str  # in order of time
    at: NumericDate
    activity: str  # as Entra words it: Add application, Update application, …
    category: str  # ApplicationManagement, UserManagement, GroupManagement, RoleManagement, Policy, …
    operation: OperationType
    correlation_id: str
    initiated_by: Initiator
    targets: tuple[AuditTarget, ...] = field(default=())

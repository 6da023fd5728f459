"""What was deleted and can still be brought back, with everything that hung on it.  Graph: directory/deletedItems.

A deleted object is none: nothing finds it, and its names are free for others.  Restoring puts all of it back at once,
or says which name somebody else has taken meanwhile.
"""

from typing import Final

from attrs import field, frozen

from entrada.core.directory.application import Application
from entrada.core.directory.group import Group, GroupMember
from entrada.core.directory.ids import TenantId
from entrada.core.directory.owner import Owner
from entrada.core.directory.service_principal import AppRoleAssignment, PermissionGrant, ServicePrincipal
from entrada.core.directory.user import User
from entrada.core.jose.numeric_date import NumericDate, Seconds

KEPT: Final = Seconds(30 * 86_400)


@frozen(kw_only=True)
class DeletedItem:
    """Exactly one of *application*, *user*, *group* and *service_principal* is what was deleted; `id` is its id."""

    tenant_id: TenantId
    id: str
    deleted_at: NumericDate
    application: Application | None = None
    user: User | None = None
    group: Group | None = None
    service_principal: ServicePrincipal | None = None  # an application's goes, and comes back, with it
    grants: tuple[PermissionGrant, ...] = ()
    assignments: tuple[AppRoleAssignment, ...] = ()
    memberships: tuple[GroupMember, ...] = ()
    owners: tuple[Owner, ...] = ()
    version: int = field(default=0, eq=False)

    @property
    def display_name(self) -> str:
        named = self.application or self.user or self.group
        return named.display_name if named else self.id

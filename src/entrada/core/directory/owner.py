"""Who answers for an object, and may change it without an administrator's role.  Graph: owners, ownedObjects."""

from attrs import field, frozen

from entrada.core.directory.ids import ApplicationId, GroupId, ServicePrincipalId, TenantId, UserId


@frozen(kw_only=True)
class Owner:
    tenant_id: TenantId
    object_id: ApplicationId | ServicePrincipalId | GroupId
    owner_id: UserId | ServicePrincipalId
    version: int = field(default=0, eq=False)

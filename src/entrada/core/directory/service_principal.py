"""An application's presence in a tenant, and what was granted to it there.

Graph: servicePrincipal, oauth2PermissionGrant, appRoleAssignment.
"""

from attrs import field, frozen

from entrada.core.directory.ids import ClientId, GroupId, PermissionId, ServicePrincipalId, TenantId, UserId
from entrada.core.jose.numeric_date import NumericDate, Seconds


@frozen(kw_only=True)
class ServicePrincipal:
    id: ServicePrincipalId
    tenant_id: TenantId
    app_id: ClientId
    account_enabled: bool = True
    app_role_assignment_required: bool = False
    low_impact_scopes: frozenset[str] = frozenset()  # Graph: delegatedPermissionClassifications, of an API's principal
    access_token_lifetime: Seconds | None = None
    notes: str | None = None
    tags: tuple[str, ...] = ()
    created_at: NumericDate = field(default=NumericDate(0), eq=False)  # 0: nobody noted it
    version: int = field(default=0, eq=False)


@frozen(kw_only=True)
class PermissionGrant:
    """Delegated permissions of a client on a resource, for one user or, without `principal_id`, for all."""

    tenant_id: TenantId
    client_id: ServicePrincipalId
    resource_id: ServicePrincipalId
    principal_id: UserId | None  # None: consentType AllPrincipals
    scopes: frozenset[str]
    version: int = field(default=0, eq=False)


@frozen(kw_only=True)
class AppRoleAssignment:
    tenant_id: TenantId
    principal_id: UserId | GroupId | ServicePrincipalId
    resource_id: ServicePrincipalId
    app_role_id: PermissionId
    created_at: NumericDate = field(default=NumericDate(0), eq=False)  # 0: nobody noted it
    version: int = field(default=0, eq=False)

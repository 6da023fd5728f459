"""Ids that follow from what they name, so that a file applied twice, or on two machines, speaks of the same objects."""

from uuid import UUID, uuid5

from entrada.core.directory.ids import ApplicationId, ClientId, PermissionId, ServicePrincipalId, TenantId

_NAMESPACE = UUID(
    "6e8f0c5e-3c53-5e0f-9b4b-0e6b9d6a4d01"
)  # entrada's own; changing it would rename every derived object


def derived_id(*names: str) -> str:
    """The GUID for *names*, which are joined by a character no name holds."""
    return str(uuid5(_NAMESPACE, "\0".join(names)))


def application_id(app_id: ClientId) -> ApplicationId:
    return ApplicationId(derived_id("application", app_id))


def service_principal_id(tenant_id: TenantId, app_id: ClientId) -> ServicePrincipalId:
    return ServicePrincipalId(derived_id("servicePrincipal", tenant_id, app_id))


def permission_id(app_id: ClientId, kind: str, value: str) -> PermissionId:
    """Scopes and app roles share one namespace of ids (reference section 37), hence *kind*."""
    return PermissionId(derived_id(kind, app_id, value))

"""Write a consent down: which grants grow, which service principals appear.  Reference sections 27.1 and 27.2."""

from collections.abc import Callable, Iterable, Mapping

from attrs import evolve

from entrada.core.directory.ids import ClientId, ServicePrincipalId, TenantId, UserId
from entrada.core.directory.service_principal import PermissionGrant, ServicePrincipal
from entrada.core.protocol.consent.permission import Permission
from entrada.core.protocol.effects import PutEntity


def give(
    permissions: Iterable[Permission],
    client: ServicePrincipal,
    resources: Mapping[ClientId, ServicePrincipal],
    existing: Iterable[PermissionGrant],
    principal_id: UserId | None,
) -> tuple[PutEntity, ...]:
    """One grant per resource, grown by what is new.  *principal_id* None consents for the whole organization."""
    added: dict[ServicePrincipalId, set[str]] = {}
    for permission in permissions:
        added.setdefault(resources[permission.resource.app_id].id, set()).add(permission.scope.value)
    stored = {grant.resource_id: grant for grant in existing if grant.principal_id == principal_id}
    effects: list[PutEntity] = []
    for resource_id, scopes in added.items():
        grant = stored.get(resource_id) or PermissionGrant(
            tenant_id=client.tenant_id,
            client_id=client.id,
            resource_id=resource_id,
            principal_id=principal_id,
            scopes=frozenset(),
        )
        if not scopes <= grant.scopes:
            effects.append(PutEntity(evolve(grant, scopes=grant.scopes | scopes)))
    return tuple(effects)


def install(
    tenant_id: TenantId, app_id: ClientId, new_id: Callable[[TenantId, ClientId], ServicePrincipalId]
) -> ServicePrincipal:
    """An application's presence in a tenant, made by the first consent there."""
    return ServicePrincipal(id=new_id(tenant_id, app_id), tenant_id=tenant_id, app_id=app_id)

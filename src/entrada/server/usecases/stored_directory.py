"""Everything the store holds of some tenants, to compare files with and to make files of."""

from collections.abc import Iterable

from entrada.core.directory.application import Application
from entrada.core.directory.entity import Entity
from entrada.core.directory.group import Group, GroupMember
from entrada.core.directory.ids import TenantId, UserId
from entrada.core.directory.message import Message
from entrada.core.directory.owner import Owner
from entrada.core.directory.service_principal import AppRoleAssignment, PermissionGrant, ServicePrincipal
from entrada.core.directory.user import User
from entrada.server.store.port import Store

_OWN: tuple[type[Entity], ...] = (
    User,
    Group,
    GroupMember,
    ServicePrincipal,
    PermissionGrant,
    AppRoleAssignment,
    Owner,
    Message,
)


async def stored_directory(store: Store, tenant_ids: Iterable[TenantId]) -> tuple[Entity, ...]:
    """All tenants and applications, since files refer to them across tenants, and the named tenants' own objects."""
    tenants = await store.list_tenants()
    found: list[Entity] = [*tenants]
    for tenant in tenants:
        found += await store.list_entities(Application, tenant.id)
    for tenant_id in dict.fromkeys(tenant_ids):
        for kind in _OWN:
            found += await store.list_entities(kind, tenant_id)
    return tuple(found)


async def accounts_elsewhere(store: Store, names: Iterable[str], tenant_ids: Iterable[TenantId]) -> tuple[User, ...]:
    """The users of these names whom no tenant of *tenant_ids* holds: where a guest is at home."""
    here, found = set(tenant_ids), dict[UserId, User]()
    for name in names:
        tenant = await store.find_tenant_by_domain(name.rpartition("@")[2].lower())
        user = await store.find_user_by_name(tenant.id, name) if tenant and tenant.id not in here else None
        found |= {user.id: user} if user else {}
    return tuple(found.values())

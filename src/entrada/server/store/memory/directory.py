"""The directory's objects in memory, one by one."""

from entrada.core.directory.application import Application
from entrada.core.directory.group import Group, GroupMember
from entrada.core.directory.ids import ClientId, GroupId, ServicePrincipalId, TenantId, UserId
from entrada.core.directory.service_principal import AppRoleAssignment, PermissionGrant, ServicePrincipal
from entrada.core.directory.tenant import Tenant
from entrada.core.directory.user import User
from entrada.server.store import identity
from entrada.server.store.memory.tables import Tables


class MemoryDirectory:
    """A `DirectoryReader`."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables

    async def find_tenant(self, tenant_id: TenantId) -> Tenant | None:
        return self._tables.find(Tenant, (tenant_id,))

    async def find_tenant_by_domain(self, domain: str) -> Tenant | None:
        return self._tables.held(Tenant, identity.domain_name(domain))

    async def find_user(self, tenant_id: TenantId, user_id: UserId) -> User | None:
        return self._tables.find(User, (tenant_id, user_id))

    async def find_user_by_name(self, tenant_id: TenantId, user_principal_name: str) -> User | None:
        return self._tables.held(User, identity.user_name(tenant_id, user_principal_name))

    async def find_guest(self, tenant_id: TenantId, home_id: UserId) -> User | None:
        return self._tables.held(User, identity.guest_name(tenant_id, home_id))

    async def find_application(self, app_id: ClientId) -> Application | None:
        return self._tables.held(Application, identity.client_name(app_id))

    async def find_application_by_uri(self, tenant_id: TenantId, identifier_uri: str) -> Application | None:
        return self._tables.held(Application, identity.uri_name(tenant_id, identifier_uri))

    async def find_service_principal(self, tenant_id: TenantId, app_id: ClientId) -> ServicePrincipal | None:
        return self._tables.held(ServicePrincipal, identity.service_principal_name(tenant_id, app_id))

    async def find_service_principal_by_id(
        self, tenant_id: TenantId, principal_id: ServicePrincipalId
    ) -> ServicePrincipal | None:
        return self._tables.find(ServicePrincipal, (tenant_id, principal_id))

    async def find_grants(
        self, tenant_id: TenantId, client: ServicePrincipalId, principal_id: UserId
    ) -> tuple[PermissionGrant, ...]:
        return tuple(
            grant
            for grant in self._tables.all(PermissionGrant, tenant_id)
            if grant.client_id == client and grant.principal_id in {None, principal_id}
        )

    async def find_app_role_assignments(
        self, tenant_id: TenantId, principal_id: UserId | ServicePrincipalId
    ) -> tuple[AppRoleAssignment, ...]:
        memberships = self._tables.all(GroupMember, tenant_id)
        holders = {principal_id, *(m.group_id for m in memberships if m.member_id == principal_id)}
        return tuple(a for a in self._tables.all(AppRoleAssignment, tenant_id) if a.principal_id in holders)

    async def find_groups(
        self, tenant_id: TenantId, member_id: UserId | GroupId, *, direct: bool = False
    ) -> tuple[Group, ...]:
        reached = groups_around(self._tables, tenant_id, member_id, direct=direct)
        return tuple(group for group in self._tables.all(Group, tenant_id) if group.id in reached)


def groups_around(
    tables: Tables, tenant_id: TenantId, member_id: UserId | GroupId, *, direct: bool = False
) -> set[GroupId]:
    """The groups that *member_id* is in, through other groups too unless *direct*."""
    memberships = tables.all(GroupMember, tenant_id)
    reached: set[GroupId] = set()
    members: set[UserId | GroupId] = {member_id}
    while members:
        found = {membership.group_id for membership in memberships if membership.member_id in members}
        members = set() if direct else {*(found - reached)}
        reached |= found
    return reached

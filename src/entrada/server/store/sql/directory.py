"""The directory as the database has it this moment: what the cache asks when it does not know."""

from functools import partial

from entrada.core.directory.application import Application
from entrada.core.directory.group import Group
from entrada.core.directory.ids import ClientId, GroupId, ServicePrincipalId, TenantId, UserId
from entrada.core.directory.service_principal import AppRoleAssignment, PermissionGrant, ServicePrincipal
from entrada.core.directory.tenant import Tenant
from entrada.core.directory.user import User
from entrada.server.store.sql import queries
from entrada.server.store.sql.reads import Reads


class SqlDirectory:
    """A `DirectoryReader` that remembers nothing."""

    def __init__(self, reads: Reads) -> None:
        self._reads = reads

    async def find_tenant(self, tenant_id: TenantId) -> Tenant | None:
        return await self._reads.run(partial(queries.tenant, tenant_id=tenant_id))

    async def find_tenant_by_domain(self, domain: str) -> Tenant | None:
        return await self._reads.run(partial(queries.tenant_by_domain, domain=domain))

    async def find_user(self, tenant_id: TenantId, user_id: UserId) -> User | None:
        return await self._reads.run(partial(queries.user, tenant_id=tenant_id, user_id=user_id))

    async def find_user_by_name(self, tenant_id: TenantId, user_principal_name: str) -> User | None:
        read = partial(queries.user_by_name, tenant_id=tenant_id, user_principal_name=user_principal_name)
        return await self._reads.run(read)

    async def find_guest(self, tenant_id: TenantId, home_id: UserId) -> User | None:
        return await self._reads.run(partial(queries.guest, tenant_id=tenant_id, home_id=home_id))

    async def find_application(self, app_id: ClientId) -> Application | None:
        return await self._reads.run(partial(queries.application, app_id=app_id))

    async def find_application_by_uri(self, tenant_id: TenantId, identifier_uri: str) -> Application | None:
        read = partial(queries.application_by_uri, tenant_id=tenant_id, identifier_uri=identifier_uri)
        return await self._reads.run(read)

    async def find_service_principal(self, tenant_id: TenantId, app_id: ClientId) -> ServicePrincipal | None:
        return await self._reads.run(partial(queries.service_principal, tenant_id=tenant_id, app_id=app_id))

    async def find_service_principal_by_id(
        self, tenant_id: TenantId, principal_id: ServicePrincipalId
    ) -> ServicePrincipal | None:
        read = partial(queries.service_principal_by_id, tenant_id=tenant_id, principal_id=principal_id)
        return await self._reads.run(read)

    async def find_grants(
        self, tenant_id: TenantId, client: ServicePrincipalId, principal_id: UserId
    ) -> tuple[PermissionGrant, ...]:
        read = partial(queries.grants, tenant_id=tenant_id, client=client, principal_id=principal_id)
        return await self._reads.run(read)

    async def find_app_role_assignments(
        self, tenant_id: TenantId, principal_id: UserId | ServicePrincipalId
    ) -> tuple[AppRoleAssignment, ...]:
        read = partial(queries.app_role_assignments, tenant_id=tenant_id, principal_id=principal_id)
        return await self._reads.run(read)

    async def find_groups(
        self, tenant_id: TenantId, member_id: UserId | GroupId, *, direct: bool = False
    ) -> tuple[Group, ...]:
        return await self._reads.run(partial(queries.groups, tenant_id=tenant_id, member_id=member_id, direct=direct))

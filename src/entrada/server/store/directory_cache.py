"""The directory's objects, kept in memory one by one, for as long as their tenant's directory has the same number.

Each transaction that writes into a tenant's directory raises the tenant's number.  An object is filed under the number
its tenant had *before* the object was read, and holds while the number is the same: so it may be thrown away too early,
never kept too long.  Who knows the number, and how fresh it is, is the business of `DirectoryNumbers`.
"""

from collections import OrderedDict
from collections.abc import Awaitable, Callable
from typing import Final, Protocol, TypeVar

from attrs import frozen

from entrada.core.directory.application import Application
from entrada.core.directory.group import Group
from entrada.core.directory.ids import ClientId, GroupId, ServicePrincipalId, TenantId, UserId
from entrada.core.directory.service_principal import AppRoleAssignment, PermissionGrant, ServicePrincipal
from entrada.core.directory.tenant import Tenant
from entrada.core.directory.user import User
from entrada.server.store.port import DirectoryReader

V = TypeVar("V")

CAPACITY: Final = 20_000
"""Objects kept.  An application of many redirect URIs takes some kilobytes, a user less than one."""

Key = tuple[str, ...]


class DirectoryNumbers(Protocol):
    """The number of each tenant's directory."""

    def known(self, tenant_id: TenantId) -> int | None:
        """The number as far as it can be told without waiting; None: `read` it."""
        ...

    async def read(self, tenant_id: TenantId) -> int: ...


@frozen
class _Kept:
    number: int
    value: object


class CachedDirectory:
    """A `DirectoryReader` that asks *source* for what it does not hold.

    What is not there is asked for each time: strangers choose what does not exist, and would fill the cache with it.
    """

    def __init__(self, source: DirectoryReader, numbers: DirectoryNumbers, *, capacity: int = CAPACITY) -> None:
        self._source = source
        self._numbers = numbers
        self._capacity = capacity
        self._kept: OrderedDict[Key, _Kept] = OrderedDict()
        self._owners: OrderedDict[Key, TenantId] = OrderedDict()  # whose number counts for names without a tenant

    async def find_tenant(self, tenant_id: TenantId) -> Tenant | None:
        return await self._ask(tenant_id, ("tenant", tenant_id), lambda: self._source.find_tenant(tenant_id))

    async def find_tenant_by_domain(self, domain: str) -> Tenant | None:
        key = ("domain", domain.lower())
        return await self._ask_owner(key, lambda: self._source.find_tenant_by_domain(domain), lambda tenant: tenant.id)

    async def find_user(self, tenant_id: TenantId, user_id: UserId) -> User | None:
        key = ("user", tenant_id, user_id)
        return await self._ask(tenant_id, key, lambda: self._source.find_user(tenant_id, user_id))

    async def find_user_by_name(self, tenant_id: TenantId, user_principal_name: str) -> User | None:
        # Asked for each time: quicker answers for names that are in use would tell them from those that are not.
        return await self._source.find_user_by_name(tenant_id, user_principal_name)

    async def find_guest(self, tenant_id: TenantId, home_id: UserId) -> User | None:
        key = ("guest", tenant_id, home_id)
        return await self._ask(tenant_id, key, lambda: self._source.find_guest(tenant_id, home_id))

    async def find_application(self, app_id: ClientId) -> Application | None:
        key = ("application", app_id)
        return await self._ask_owner(key, lambda: self._source.find_application(app_id), lambda app: app.tenant_id)

    async def find_application_by_uri(self, tenant_id: TenantId, identifier_uri: str) -> Application | None:
        key = ("uri", tenant_id, identifier_uri)
        return await self._ask(tenant_id, key, lambda: self._source.find_application_by_uri(tenant_id, identifier_uri))

    async def find_service_principal(self, tenant_id: TenantId, app_id: ClientId) -> ServicePrincipal | None:
        key = ("service principal", tenant_id, app_id)
        return await self._ask(tenant_id, key, lambda: self._source.find_service_principal(tenant_id, app_id))

    async def find_service_principal_by_id(
        self, tenant_id: TenantId, principal_id: ServicePrincipalId
    ) -> ServicePrincipal | None:
        key = ("service principal by id", tenant_id, principal_id)
        return await self._ask(
            tenant_id, key, lambda: self._source.find_service_principal_by_id(tenant_id, principal_id)
        )

    async def find_grants(
        self, tenant_id: TenantId, client: ServicePrincipalId, principal_id: UserId
    ) -> tuple[PermissionGrant, ...]:
        key = ("grants", tenant_id, client, principal_id)
        return await self._ask(tenant_id, key, lambda: self._source.find_grants(tenant_id, client, principal_id))

    async def find_app_role_assignments(
        self, tenant_id: TenantId, principal_id: UserId | ServicePrincipalId
    ) -> tuple[AppRoleAssignment, ...]:
        key = ("assignments", tenant_id, principal_id)
        return await self._ask(tenant_id, key, lambda: self._source.find_app_role_assignments(tenant_id, principal_id))

    async def find_groups(
        self, tenant_id: TenantId, member_id: UserId | GroupId, *, direct: bool = False
    ) -> tuple[Group, ...]:
        key = ("groups", tenant_id, member_id, str(direct))
        return await self._ask(tenant_id, key, lambda: self._source.find_groups(tenant_id, member_id, direct=direct))

    # ---- how it is kept ----

    async def _ask(self, tenant_id: TenantId, key: Key, read: Callable[[], Awaitable[V]]) -> V:
        number = self._numbers.known(tenant_id)
        if number is None:
            number = await self._numbers.read(tenant_id)
        kept = self._kept.get(key)
        if kept is not None and kept.number == number:
            _use(self._kept, key)
            # Filed by this method alone, under a key that names the question.
            return kept.value  # type: ignore[return-value]  # pyright: ignore[reportReturnType]
        value = await read()
        if value is not None:
            self._keep(self._kept, key, _Kept(number, value))
        return value

    async def _ask_owner(
        self, key: Key, read: Callable[[], Awaitable[V | None]], owner_of: Callable[[V], TenantId]
    ) -> V | None:
        """Ask for a name that is unique in the whole installation, so that the answer says whose number counts."""
        owner = self._owners.get(key)
        if owner is None:
            value = await read()  # not to be kept: its tenant's number was not known before
        else:
            value = await self._ask(owner, key, read)
        if value is not None and owner_of(value) != owner:
            self._kept.pop(key, None)
            self._keep(self._owners, key, owner_of(value))
        return value

    def _keep(self, where: OrderedDict[Key, V], key: Key, value: V) -> None:
        where[key] = value
        where.move_to_end(key)
        if len(where) > self._capacity:
            where.popitem(last=False)


def _use(where: OrderedDict[Key, V], key: Key) -> None:
    """The entry was of use: it is the last to go."""
    try:
        where.move_to_end(key)
    except KeyError:  # another thread's event loop pushed it out meanwhile
        return

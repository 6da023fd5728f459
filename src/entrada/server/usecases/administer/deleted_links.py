"""What hung on something deleted, and which of it can come back: links to what is gone as well stay gone."""

from entrada.core.directory.application import Application
from entrada.core.directory.deleted_item import DeletedItem
from entrada.core.directory.entity import Entity
from entrada.core.directory.entity_key import key_of
from entrada.core.directory.group import Group, GroupMember
from entrada.core.directory.ids import TenantId
from entrada.core.directory.owner import Owner
from entrada.core.directory.service_principal import AppRoleAssignment, PermissionGrant, ServicePrincipal
from entrada.core.directory.user import User
from entrada.server.store.port import Store

Link = PermissionGrant | AppRoleAssignment | GroupMember | Owner


def hanging_on(item: DeletedItem) -> tuple[Entity, ...]:
    """An application's service principal, and every link."""
    principal = (item.service_principal,) if item.application and item.service_principal else ()
    return (*principal, *links_of(item))


def links_of(item: DeletedItem) -> tuple[Link, ...]:
    return (*item.grants, *item.assignments, *item.memberships, *item.owners)


async def links_that_hold(store: Store, item: DeletedItem) -> tuple[Link, ...]:
    """Those between what comes back and what is there; what was linked anew meanwhile stays as it is."""
    known = _Known(store, item)
    return tuple([one for one in links_of(item) if await known.both_ends(one) and await known.is_free(one)])


class _Known:
    """Asks the store once about each object."""

    def __init__(self, store: Store, item: DeletedItem) -> None:
        self._store = store
        self._tenant_id: TenantId = item.tenant_id
        back = (item.application, item.service_principal, item.user, item.group)
        self._there = dict[str, bool]({one.id: True for one in back if one is not None})

    async def both_ends(self, link: Link) -> bool:
        return all([await self._is_there(one) for one in _ends(link)])

    async def is_free(self, link: Link) -> bool:
        return await self._store.find_entity(type(link), key_of(link)) is None

    async def _is_there(self, object_id: str) -> bool:
        if object_id not in self._there:
            self._there[object_id] = await self._exists(object_id)
        return self._there[object_id]

    async def _exists(self, object_id: str) -> bool:
        key = (self._tenant_id, object_id)
        for kind in (User, Group, ServicePrincipal, Application):
            if await self._store.find_entity(kind, key) is not None:
                return True
        return False


def _ends(link: Link) -> tuple[str, ...]:
    match link:
        case PermissionGrant():
            user = (link.principal_id,) if link.principal_id else ()
            return (link.client_id, link.resource_id, *user)
        case AppRoleAssignment():
            return link.principal_id, link.resource_id
        case GroupMember():
            return link.group_id, link.member_id
        case Owner():
            return link.object_id, link.owner_id

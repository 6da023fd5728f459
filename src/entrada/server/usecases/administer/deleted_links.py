"""What hung on something deleted, and which of it can come back: links to what is gone as well wait for that."""

from collections.abc import Mapping

from attrs import evolve, frozen

from entrada.core.directory.administration.change import Change
from entrada.core.directory.application import Application
from entrada.core.directory.deleted_item import DeletedItem
from entrada.core.directory.entity import Entity
from entrada.core.directory.group import Group, GroupMember
from entrada.core.directory.ids import TenantId
from entrada.core.directory.link import Link, ends_of
from entrada.core.directory.owner import Owner
from entrada.core.directory.service_principal import AppRoleAssignment, PermissionGrant, ServicePrincipal
from entrada.core.directory.user import User
from entrada.server.store.port import Store
from entrada.server.usecases.administer.by_id import by_id

End = User | Group | ServicePrincipal | Application


@frozen
class Returning:
    links: tuple[Link, ...]
    ends: tuple[End, ...]  # what they join beside that which comes back, as it was looked at
    waiting: tuple[Change, ...] = ()  # what is deleted, too, with the links that come back with it now


def hanging_on(item: DeletedItem) -> tuple[Entity, ...]:
    """An application's service principal, and every link."""
    principal = (item.service_principal,) if item.application and item.service_principal else ()
    return (*principal, *links_of(item))


def links_of(item: DeletedItem) -> tuple[Link, ...]:
    return (*item.grants, *item.assignments, *item.memberships, *item.owners)


async def links_that_hold(store: Store, item: DeletedItem) -> Returning:
    """Those between what comes back and what is there.  Since nothing links to what is gone, none is there yet."""
    back = {str(one.id) for one in (item.application, item.service_principal, item.user, item.group) if one is not None}
    named = {end for one in links_of(item) for end in ends_of(one)} - back
    there = await _there(store, item.tenant_id, named)
    holding = [one for one in links_of(item) if all(end in back or end in there for end in ends_of(one))]
    missing = named - there.keys()
    gone = await by_id(store, DeletedItem, item.tenant_id, missing) if missing else {}
    return Returning(tuple(holding), tuple(there.values()), _handed_on(links_of(item), gone))


def _handed_on(links: tuple[Link, ...], gone: Mapping[str, DeletedItem]) -> tuple[Change, ...]:
    """Of two that were deleted, the one that comes back last brings what joined them, in whichever order."""
    after = dict(gone)
    for link in links:
        holder = next((end for end in ends_of(link) if end in after), None)
        if holder is not None:
            after[holder] = _with(after[holder], link)
    return tuple(Change(gone[one], after[one]) for one in gone)


def _with(item: DeletedItem, link: Link) -> DeletedItem:
    match link:
        case PermissionGrant():
            return evolve(item, grants=(*item.grants, link))
        case AppRoleAssignment():
            return evolve(item, assignments=(*item.assignments, link))
        case GroupMember():
            return evolve(item, memberships=(*item.memberships, link))
        case Owner():
            return evolve(item, owners=(*item.owners, link))


async def _there(store: Store, tenant_id: TenantId, ids: set[str]) -> dict[str, End]:
    found = dict[str, End]()
    found |= await by_id(store, User, tenant_id, ids)
    found |= await by_id(store, Group, tenant_id, ids - found.keys())
    found |= await by_id(store, ServicePrincipal, tenant_id, ids - found.keys())
    found |= await by_id(store, Application, tenant_id, ids - found.keys())
    return found

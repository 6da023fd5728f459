"""What hung on something deleted, and which of it can come back: links to what is gone as well stay gone."""

from attrs import frozen

from entrada.core.directory.application import Application
from entrada.core.directory.deleted_item import DeletedItem
from entrada.core.directory.entity import Entity
from entrada.core.directory.group import Group
from entrada.core.directory.ids import TenantId
from entrada.core.directory.link import Link, ends_of
from entrada.core.directory.service_principal import ServicePrincipal
from entrada.core.directory.user import User
from entrada.server.store.port import Store
from entrada.server.usecases.administer.by_id import by_id

End = User | Group | ServicePrincipal | Application


@frozen
class Returning:
    links: tuple[Link, ...]
    ends: tuple[End, ...]  # what they join beside that which comes back, as it was looked at


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
    return Returning(tuple(holding), tuple(there.values()))


async def _there(store: Store, tenant_id: TenantId, ids: set[str]) -> dict[str, End]:
    found = dict[str, End]()
    found |= await by_id(store, User, tenant_id, ids)
    found |= await by_id(store, Group, tenant_id, ids - found.keys())
    found |= await by_id(store, ServicePrincipal, tenant_id, ids - found.keys())
    found |= await by_id(store, Application, tenant_id, ids - found.keys())
    return found

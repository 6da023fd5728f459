"""Objects by their ids: a few questions for many, not one for each."""

from collections.abc import Iterable
from typing import Final, TypeVar

from entrada.core.directory.application import Application
from entrada.core.directory.deleted_item import DeletedItem
from entrada.core.directory.group import Group
from entrada.core.directory.ids import TenantId
from entrada.core.directory.query.condition import Compare, Either, Op
from entrada.core.directory.query.query import Query
from entrada.core.directory.service_principal import ServicePrincipal
from entrada.core.directory.user import User
from entrada.server.store.port import Store

E = TypeVar("E", User, Group, Application, ServicePrincipal, DeletedItem)
_AT_ONCE: Final = 100  # ids in one condition


async def by_id(store: Store, kind: type[E], tenant_id: TenantId, ids: Iterable[str]) -> dict[str, E]:
    """Those that there are."""
    asked, found = sorted(ids), dict[str, E]()
    for at in range(0, len(asked), _AT_ONCE):
        some = Either(tuple(Compare("id", Op.EQ, one) for one in asked[at : at + _AT_ONCE]))
        page = await store.list_page(kind, tenant_id, Query(where=some, top=_AT_ONCE))
        found |= {one.id: one for one in page.items}
    return found

"""Everything of one kind for which a condition holds, page after page: for what hangs on one object."""

from typing import TypeVar

from attrs import evolve

from entrada.core.directory.entity import Entity
from entrada.core.directory.ids import TenantId
from entrada.core.directory.query.condition import Condition
from entrada.core.directory.query.query import MOST, Query
from entrada.server.store.port import Store

E = TypeVar("E", bound=Entity)


async def whole_list(store: Store, kind: type[E], tenant_id: TenantId, where: Condition) -> tuple[E, ...]:
    query, found = Query(where=where, top=MOST), list[E]()
    while True:
        page = await store.list_page(kind, tenant_id, query)
        found += page.items
        if page.more is None:
            return tuple(found)
        query = evolve(query, after=page.more)

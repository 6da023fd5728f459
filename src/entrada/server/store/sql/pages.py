"""One page of a collection as statements: from where the page before ended, never counting from the start."""

from typing import Any, TypeVar

from attrs import frozen
from sqlalchemy import ColumnElement, Connection, Select, Subquery, and_, func, null, or_, select, tuple_

from entrada.core.directory.directory_audit import DirectoryAudit
from entrada.core.directory.entity import Entity
from entrada.core.directory.ids import TenantId
from entrada.core.directory.query.condition import EVERYTHING, Value
from entrada.core.directory.query.fields import Field
from entrada.core.directory.query.page_key import as_id, from_id
from entrada.core.directory.query.query import After, Page, Query
from entrada.core.directory.story import Story
from entrada.server.store.sql.conditions import bound, predicate
from entrada.server.store.sql.listings import LISTINGS, Listing

L = TypeVar("L", bound=Entity | DirectoryAudit | Story)
Column = ColumnElement[Any]


def page(connection: Connection, kind: type[L], tenant_id: TenantId, query: Query) -> Page[L]:
    listing, dialect = LISTINGS[kind], connection.dialect.name
    where = and_(listing.fields.c.tenant_id == tenant_id, predicate(query.where, listing, dialect))
    rows = connection.execute(_with_documents(listing, tenant_id, _chosen(listing, where, query), query)).all()
    shown = rows[: query.top]
    # Of an object that a process of the version before has removed, the fields may be left.
    items: tuple[L, ...] = tuple(listing.item(row) for row in shown if row.document is not None)
    more = None
    if shown and len(rows) > len(shown):
        more = After(shown[-1].ordered, as_id(tuple(shown[-1])[-len(listing.keys) :]))
    if not query.count:
        return Page(items, more)
    is_all = query.after is None and len(rows) <= query.top
    return Page(items, more, len(rows) if is_all else _count(connection, listing, where))


def _count(connection: Connection, listing: Listing, where: ColumnElement[bool]) -> int:
    counted: int = connection.execute(select(func.count()).select_from(listing.asked).where(where)).scalar_one()
    return counted


def _chosen(listing: Listing, where: ColumnElement[bool], query: Query) -> Subquery:
    """The keys of a page's objects, and of one more: documents are read of these alone."""
    order = _order(listing, query)
    keys = [key.label(f"key_{number}") for number, key in enumerate(listing.keys)]
    ordered = null() if order.by is None else listing.column(order.by)
    chosen = select(ordered.label("ordered"), *keys).select_from(listing.asked).where(where)
    if query.after is not None:
        chosen = chosen.where(order.comes_after(query.after))
    return chosen.order_by(*order.columns()).limit(query.top + 1).subquery("chosen")


def _with_documents(listing: Listing, tenant_id: TenantId, chosen: Subquery, query: Query) -> Select[Any]:
    documents = listing.documents.alias("documents")
    order = _order(listing, query).of(chosen)
    same = [documents.c[name] == key for name, key in zip(listing.key_names, order.keys, strict=True)]
    read = [column for column in documents.columns if column.name in {"document", "version"}]
    joined = chosen.outerjoin(documents, and_(documents.c.tenant_id == tenant_id, *same))
    return select(*read, chosen.c.ordered, *order.keys).select_from(joined).order_by(*order.columns())


# ---- in which order ----


@frozen(kw_only=True)
class _InOrder:
    by: Field | None
    column: Column | None
    keys: tuple[Column, ...]
    backwards: bool

    def of(self, chosen: Subquery) -> "_InOrder":
        """The same, of what was chosen."""
        column = None if self.by is None else chosen.c.ordered
        keys = tuple(chosen.c[f"key_{number}"] for number in range(len(self.keys)))
        return _InOrder(by=self.by, column=column, keys=keys, backwards=self.backwards)

    @property
    def _may_miss(self) -> bool:
        return self.by is not None and not self.by.always

    def columns(self) -> list[Column]:
        """Missing values first.  Of a field that never misses nothing more is said, so that its index serves."""
        by = [*self._place]
        if self._may_miss:
            by.insert(0, by[0].is_not(None))
        return [column.desc() for column in by] if self.backwards else by

    def comes_after(self, after: After) -> ColumnElement[bool]:
        end = [bound(part) for part in from_id(after.id)]
        if self.column is None:
            return self._beyond(self.keys, end)
        if after.value is None:
            same = and_(self.column.is_(None), self._beyond(self.keys, end))
            return same if self.backwards else or_(same, self.column.is_not(None))
        further = self._beyond(self._place, [_known(after.value), *end])
        return or_(further, self.column.is_(None)) if self._may_miss and self.backwards else further

    @property
    def _place(self) -> tuple[Column, ...]:
        return self.keys if self.column is None else (self.column, *self.keys)

    def _beyond(self, columns: tuple[Column, ...], end: list[Column]) -> ColumnElement[bool]:
        place, last = tuple_(*columns), tuple_(*end)
        first, bound_by = columns[0], end[0]
        # Said twice: databases look for whole rows in whole indexes alone.
        if self.backwards:
            return and_(first <= bound_by, place < last)
        return and_(first >= bound_by, place > last)


def _order(listing: Listing, query: Query) -> _InOrder:
    by = None if query.order is None else listing.field(query.order.field)
    if by is not None and not by.may_order:
        raise ValueError(f"no page is in order of {by.name}")
    # Walking an index in order and looking up each object, databases take long to find few among many, and do not know
    # that they will: to read all of the narrow table and sort what is found is never slow.
    found_first = listing.is_narrow and query.where != EVERYTHING
    # In a log, an index of whoever is asked for knows the time besides, but not the key: that databases take it, the
    # key must be in no other's order either.
    found_in_time = by is not None and not listing.is_narrow and query.where != EVERYTHING
    return _InOrder(
        by=by,
        column=None if by is None else _unindexed(listing.column(by)) if found_first else listing.column(by),
        keys=tuple(map(_unindexed, listing.keys)) if found_first or found_in_time else listing.keys,
        backwards=query.order is not None and query.order.descending,
    )


def _unindexed(column: Column) -> Column:
    """The same value, for which no index stands."""
    same: Column = func.coalesce(column, column)
    return same


def _known(value: Value) -> Column:
    if value is None:
        raise ValueError("this field is never missing")
    return bound(value)

"""One page of a collection as statements: from where the page before ended, never counting from the start."""

from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Connection, Select, and_, func, null, or_, select, tuple_

from entrada.core.directory.directory_audit import DirectoryAudit
from entrada.core.directory.entity import Entity
from entrada.core.directory.ids import TenantId
from entrada.core.directory.query.condition import Value
from entrada.core.directory.query.fields import Field
from entrada.core.directory.query.page_key import from_id
from entrada.core.directory.query.paging import more_after
from entrada.core.directory.query.query import After, Page, Query
from entrada.core.directory.story import Story
from entrada.server.store.sql.conditions import bound, predicate
from entrada.server.store.sql.listings import LISTINGS, Listing

L = TypeVar("L", bound=Entity | DirectoryAudit | Story)


def page(connection: Connection, kind: type[L], tenant_id: TenantId, query: Query) -> Page[L]:
    listing, dialect = LISTINGS[kind], connection.dialect.name
    where = and_(listing.fields.c.tenant_id == tenant_id, predicate(query.where, listing, dialect))
    rows = connection.execute(_rows(listing, where, query)).all()
    items: tuple[L, ...] = tuple(map(listing.item, rows[: query.top]))
    more = more_after(rows[query.top - 1].ordered, items[-1]) if len(rows) > len(items) > 0 else None
    return Page(items, more, _count(connection, listing, where) if query.count else None)


def _rows(listing: Listing, where: ColumnElement[bool], query: Query) -> Select[Any]:
    order = _ordered(listing, query)
    backwards = query.order is not None and query.order.descending
    columns = [column for column in listing.documents.columns if column.name in {"document", "version"}]
    ordered = null() if order is None else listing.column(order)
    statement = select(*columns, ordered.label("ordered")).select_from(listing.with_documents()).where(where)
    if query.after is not None:
        statement = statement.where(_after(listing, order, query.after, backwards=backwards))
    return statement.order_by(*_order_by(listing, order, backwards=backwards)).limit(query.top + 1)


def _ordered(listing: Listing, query: Query) -> Field | None:
    if query.order is None:
        return None
    field = listing.field(query.order.field)
    if not field.may_order:
        raise ValueError(f"no page is in order of {field.name}")
    return field


def _order_by(listing: Listing, order: Field | None, *, backwards: bool) -> list[ColumnElement[Any]]:
    """Missing values first.  Of a field that never misses nothing more is said, so that its index serves."""
    by = list(listing.keys) if order is None else [listing.column(order), *listing.keys]
    if order is not None and not order.always:
        by.insert(0, by[0].is_not(None))
    return [column.desc() for column in by] if backwards else by


def _after(listing: Listing, order: Field | None, after: After, *, backwards: bool) -> ColumnElement[bool]:
    keys, end = listing.keys, [bound(part) for part in from_id(after.id)]
    if order is None:
        return _beyond(list(keys), end, backwards=backwards)
    column = listing.column(order)
    if order.always:
        return _beyond([column, *keys], [_bound_value(after.value), *end], backwards=backwards)
    same_value = _beyond(list(keys), end, backwards=backwards)
    if after.value is None:
        same = and_(column.is_(None), same_value)
        return same if backwards else or_(same, column.is_not(None))
    further = _beyond([column, *keys], [_bound_value(after.value), *end], backwards=backwards)
    return or_(further, column.is_(None)) if backwards else further


def _beyond(
    columns: list[ColumnElement[Any]], end: list[ColumnElement[Any]], *, backwards: bool
) -> ColumnElement[bool]:
    place, last = tuple_(*columns), tuple_(*end)
    return place < last if backwards else place > last


def _bound_value(value: Value) -> ColumnElement[Any]:
    if value is None:
        raise ValueError("this field is never missing")
    return bound(value)


def _count(connection: Connection, listing: Listing, where: ColumnElement[bool]) -> int:
    counted: int = connection.execute(select(func.count()).select_from(listing.asked).where(where)).scalar_one()
    return counted

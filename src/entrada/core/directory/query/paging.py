"""One page of objects that are all at hand, in plain Python: what the stores' own ways must agree with."""

from collections.abc import Iterable
from typing import Any, TypeVar

from entrada.core.directory.directory_audit import DirectoryAudit
from entrada.core.directory.entity import Entity
from entrada.core.directory.entity_key import Key
from entrada.core.directory.query.condition import Value
from entrada.core.directory.query.evaluate import Subject, holds
from entrada.core.directory.query.fields import field_of
from entrada.core.directory.query.page_key import as_id, from_id, page_key
from entrada.core.directory.query.query import After, Order, Page, Query
from entrada.core.directory.story import Story

L = TypeVar("L", bound=Entity | DirectoryAudit | Story)
Place = tuple[tuple[Any, ...], Key]
"""Where an object stands: missing values come first."""


def page_of(subjects: Iterable[tuple[Subject, L]], query: Query) -> Page[L]:
    meant = [(_value(subject, query.order), item) for subject, item in subjects if holds(query.where, subject)]
    backwards = query.order is not None and query.order.descending
    meant.sort(key=lambda one: _place(one[0], page_key(one[1])), reverse=backwards)
    rest = [one for one in meant if _is_after(_place(one[0], page_key(one[1])), query.after, backwards=backwards)]
    shown = rest[: query.top]
    more = more_after(*shown[-1]) if shown and len(rest) > len(shown) else None
    return Page(tuple(item for _, item in shown), more, len(meant) if query.count else None)


def more_after(value: Value, item: Entity | DirectoryAudit | Story) -> After:
    return After(value, as_id(page_key(item)))


def _value(subject: Subject, order: Order | None) -> Value:
    if order is None:
        return None
    field = field_of(subject.kind, order.field)
    if not field.may_order:
        raise ValueError(f"no page is in order of {order.field}")
    return subject.value(field)


def _place(value: Value, key: Key) -> Place:
    return (() if value is None else (value,)), key


def _is_after(place: Place, after: After | None, *, backwards: bool) -> bool:
    if after is None:
        return True
    end = _place(after.value, from_id(after.id))
    return place < end if backwards else place > end

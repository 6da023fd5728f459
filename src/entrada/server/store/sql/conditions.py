"""Conditions over fields as SQL: the same answers as `core.directory.query.evaluate`, which they are tested against.

Text is compared with what was folded when it was written, so that no database's idea of case matters.  Nothing of a
condition becomes SQL text: values are bound, and no pattern language is spoken.
"""

from collections.abc import Callable, Mapping
from typing import Any, Final, Protocol

from sqlalchemy import ColumnElement, and_, false, func, literal, not_, or_, true

from entrada.core.directory.query.condition import AnyElement, Both, Compare, Condition, Either, Not, Op, Value
from entrada.core.directory.query.evaluate import element_test, fits
from entrada.core.directory.query.fields import SEPARATOR, Field, Type, folded, words
from entrada.server.store.sql.schema import NAME

Predicate = ColumnElement[bool]


class Columns(Protocol):
    """Where the fields of a kind are."""

    def field(self, name: str) -> Field: ...
    def column(self, field: Field) -> ColumnElement[Any]: ...
    def words(self, field: Field) -> ColumnElement[Any]: ...


def predicate(condition: Condition, columns: Columns, dialect: str) -> Predicate:
    """May be NULL instead of false: to who selects, that is the same."""
    match condition:
        case Both(parts):
            return and_(true(), *(predicate(part, columns, dialect) for part in parts))
        case Either(parts):
            return or_(false(), *(predicate(part, columns, dialect) for part in parts))
        case Not(part):
            return not_(func.coalesce(predicate(part, columns, dialect), false()))
        case Compare():
            return _compare(condition, columns, dialect)
        case AnyElement():
            return _any_element(condition, columns, dialect)


def _compare(asked: Compare, columns: Columns, dialect: str) -> Predicate:
    field, value = columns.field(asked.field), asked.value
    if field.type is Type.COLLECTION:
        raise ValueError(f"{field.name} is a collection: ask for one of its elements")
    if asked.op is Op.SEARCH:
        return _search(field, value, columns, dialect)
    if not fits(field, value):
        return true() if asked.op is Op.NE else false()
    column, sought = columns.column(field), folded(value) if isinstance(value, str) else value
    if asked.op in {Op.EQ, Op.NE}:
        return _same(asked.op, column, sought)
    return _tells(asked.op, field, column, sought, dialect)


def _same(op: Op, column: ColumnElement[Any], value: Value) -> Predicate:
    if value is None:
        return column.is_(None) if op is Op.EQ else column.is_not(None)
    if isinstance(value, bool) and op is Op.EQ:
        return column.is_(value)  # not bound: an index of those for which it holds is found by the words
    sought = bound(value)
    return column == sought if op is Op.EQ else or_(column != sought, column.is_(None))


_ORDERS: Final[Mapping[Op, Callable[[ColumnElement[Any], ColumnElement[Any]], Predicate]]] = {
    Op.LT: lambda column, sought: column < sought,
    Op.LE: lambda column, sought: column <= sought,
    Op.GT: lambda column, sought: column > sought,
    Op.GE: lambda column, sought: column >= sought,
}


def _tells(op: Op, field: Field, column: ColumnElement[Any], value: Value, dialect: str) -> Predicate:
    if value is None or isinstance(value, bool):
        return false()
    if op in _ORDERS:
        return _ORDERS[op](column, bound(value))
    if field.type is not Type.TEXT or not isinstance(value, str):
        return false()
    return _TEXT_TESTS[op](column, value, dialect)


def _starts_with(column: ColumnElement[Any], sought: str, dialect: str) -> Predicate:
    """As a range, which an index answers."""
    after = _after_all_that_start_with(sought)
    begins = column >= bound(sought)
    return begins if after is None else and_(begins, column < bound(after))


def _after_all_that_start_with(prefix: str) -> str | None:
    """The first text, by code points, that is greater than each that begins with *prefix*."""
    kept = prefix.rstrip("\U0010ffff")
    if not kept:
        return None
    following = ord(kept[-1]) + 1
    return kept[:-1] + chr(0xE000 if following == 0xD800 else following)  # past the surrogates, which no text holds


def _ends_with(column: ColumnElement[Any], sought: str, dialect: str) -> Predicate:
    if not sought:
        return column.is_not(None)
    end = func.substr(column, -len(sought)) if dialect == "sqlite" else func.right(column, len(sought))
    ends: Predicate = end == bound(sought)
    return ends


def _contains(column: ColumnElement[Any], sought: str, dialect: str) -> Predicate:
    if not sought:
        return column.is_not(None)  # to SQLite, nothing is in nothing
    place = func.instr if dialect == "sqlite" else func.strpos
    found: Predicate = place(column, bound(sought)) > 0
    return found


_TEXT_TESTS: Final[Mapping[Op, Callable[[ColumnElement[Any], str, str], Predicate]]] = {
    Op.STARTS_WITH: _starts_with,
    Op.ENDS_WITH: _ends_with,
    Op.CONTAINS: _contains,
}


def _search(field: Field, value: Value, columns: Columns, dialect: str) -> Predicate:
    if not field.may_search:
        raise ValueError(f"{field.name} is not searched")
    if not isinstance(value, str) or not fits(field, value):
        return false()
    known = columns.words(field)
    return and_(known.is_not(None), *(_contains(known, f" {word}", dialect) for word in words(value)))


def _any_element(asked: AnyElement, columns: Columns, dialect: str) -> Predicate:
    """Elements stand in one text, each between two separators."""
    field, sought = columns.field(asked.field), asked.value
    element_test(asked.op)  # or raise
    if not isinstance(sought, str) or not fits(field, sought):
        return false()
    before = SEPARATOR if asked.op in {Op.EQ, Op.STARTS_WITH} else ""
    after = SEPARATOR if asked.op in {Op.EQ, Op.ENDS_WITH} else ""
    column, part = columns.column(field), f"{before}{folded(sought)}{after}"
    return _contains(column, part, dialect) if part else column != bound("")


def bound(value: str | int) -> ColumnElement[Any]:
    return literal(value, NAME) if isinstance(value, str) else literal(value)

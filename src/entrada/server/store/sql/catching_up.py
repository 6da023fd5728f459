"""Note what collections are asked by where it lacks: what was there before the tables of fields were, and what a
process of the version before still writes beside this one."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Select, Table, and_, bindparam, or_, select

from entrada.core.directory.entity_key import Key
from entrada.server.store.sql.entity_tables import TABLES, EntityTable
from entrada.server.store.sql.queries import entity

Lagging = tuple[type[Any], Key]
SOME: Final = 500


def lagging(connection: Connection) -> tuple[Lagging, ...]:
    """Some of the objects whose fields are not those of their document, or that are gone."""
    found = (one for statement, kind in _LAGGING for one in _keys(connection, statement, kind))
    return tuple(one for one, _ in zip(found, range(SOME), strict=False))


def refresh(connection: Connection, objects: tuple[Lagging, ...]) -> None:
    for kind, key in objects:
        table = TABLES[kind]
        stored = entity(connection, kind, key)
        if stored is None:
            table.forget_fields(connection, key)
        else:
            table.note(connection, key, stored)


def catch_up(connection: Connection) -> None:
    """All of them, within one transaction: after a migration."""
    while objects := lagging(connection):
        refresh(connection, objects)


def _keys(connection: Connection, statement: Select[Any], kind: type[Any]) -> Iterator[Lagging]:
    return ((kind, tuple(row)) for row in connection.execute(statement, {"some": SOME}))


def _not_noted(table: EntityTable[Any], fields: Table) -> Select[Any]:
    lacking = or_(fields.c.version.is_(None), fields.c.version != table.table.c.version)
    keys, joined = _same(table, fields)
    return select(*keys).select_from(table.table.outerjoin(fields, joined)).where(lacking).limit(bindparam("some"))


def _left_behind(table: EntityTable[Any], fields: Table) -> Select[Any]:
    keys, joined = _same(table, fields)
    gone = table.table.c.version.is_(None)
    its_keys: list[ColumnElement[Any]] = [fields.c[key.name] for key in keys]
    return select(*its_keys).select_from(fields.outerjoin(table.table, joined)).where(gone).limit(bindparam("some"))


def _same(table: EntityTable[Any], fields: Table) -> tuple[list[ColumnElement[Any]], ColumnElement[bool]]:
    keys: list[ColumnElement[Any]] = list(table.table.primary_key.columns)
    return keys, and_(*(fields.c[key.name] == key for key in table.table.primary_key.columns))


def _statements(tables: Mapping[type[Any], EntityTable[Any]]) -> Iterator[tuple[Select[Any], type[Any]]]:
    for kind, table in tables.items():
        if table.fields is not None:
            yield _not_noted(table, table.fields), kind
            yield _left_behind(table, table.fields), kind


_LAGGING: Final = tuple(_statements(TABLES))

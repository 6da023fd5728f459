"""Delete what has ended, a few rows at a time, so that no table grows without bound and no writer waits long."""

from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Table, bindparam, delete, select, tuple_

from entrada.core.jose.numeric_date import NumericDate
from entrada.server.store.retention import (
    MOST_STORIES,
    day_of,
    oldest_audit,
    oldest_deleted_item,
    oldest_sign_in,
    oldest_story,
)
from entrada.server.store.sql.schema import (
    ATTEMPTS,
    DELETED_ITEMS,
    DEVICE_FLOWS,
    DIRECTORY_AUDITS,
    FAMILIES,
    NAME,
    SESSIONS,
    SIGN_INS,
    STORIES,
)

BATCH: Final = 500
"""Rows deleted in one transaction."""


def _delete(table: Table, ended: ColumnElement[bool]) -> Any:
    key = tuple_(*table.primary_key.columns)
    some = select(*table.primary_key.columns).where(ended).limit(bindparam("some"))
    return delete(table).where(key.in_(some))


_FAMILIES: Final = _delete(FAMILIES, FAMILIES.c.end_day < bindparam("today"))
_SESSIONS: Final = _delete(SESSIONS, SESSIONS.c.ends_at < bindparam("now"))
_SIGN_INS: Final = _delete(SIGN_INS, SIGN_INS.c.at < bindparam("oldest"))
_DEVICE_FLOWS: Final = _delete(DEVICE_FLOWS, DEVICE_FLOWS.c.ends_at < bindparam("now"))
_ATTEMPTS: Final = _delete(ATTEMPTS, ATTEMPTS.c.ends_at < bindparam("now"))
_DELETED_ITEMS: Final = _delete(DELETED_ITEMS, DELETED_ITEMS.c.deleted_at < bindparam("oldest"))
_AUDITS: Final = _delete(DIRECTORY_AUDITS, DIRECTORY_AUDITS.c.at < bindparam("oldest"))
_STORIES: Final = _delete(STORIES, STORIES.c.at < bindparam("oldest"))
_TOO_MANY_STORIES: Final = _delete(
    STORIES,
    tuple_(STORIES.c.at, STORIES.c.trace_id) <= tuple_(bindparam("edge_at"), bindparam("edge_id", type_=NAME)),
)
_EDGE: Final = (
    select(STORIES.c.at, STORIES.c.trace_id)
    .order_by(STORIES.c.at.desc(), STORIES.c.trace_id.desc())
    .offset(bindparam("most"))
    .limit(1)
)
Edge = tuple[NumericDate, str]


def edge_of_stories(connection: Connection) -> Edge | None:
    """The newest story of those that are too many."""
    row = connection.execute(_EDGE, {"most": MOST_STORIES}).one_or_none()
    return None if row is None else (row.at, row.trace_id)


def delete_ended(connection: Connection, now: NumericDate, some: int, edge: Edge | None) -> int:
    """Delete up to *some* ended rows; how many."""
    edge_at, edge_id = edge or (None, None)
    deleted = 0
    for statement, ended in (
        (_SESSIONS, {"now": now}),
        (_SIGN_INS, {"oldest": oldest_sign_in(now)}),
        (_FAMILIES, {"today": day_of(now)}),
        (_DEVICE_FLOWS, {"now": now}),
        (_ATTEMPTS, {"now": now}),
        (_DELETED_ITEMS, {"oldest": oldest_deleted_item(now)}),
        (_AUDITS, {"oldest": oldest_audit(now)}),
        (_STORIES, {"oldest": oldest_story(now)}),
        (_TOO_MANY_STORIES, {"edge_at": edge_at, "edge_id": edge_id}),
    ):
        deleted += connection.execute(statement, {**ended, "some": some - deleted}).rowcount
    return deleted

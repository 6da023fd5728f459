"""Delete what has ended, a few rows at a time, so that no table grows without bound and no writer waits long."""

from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import Boolean, ColumnElement, Connection, Table, and_, bindparam, delete, func, select, tuple_

from entrada.core.directory.ids import TenantId
from entrada.core.jose.numeric_date import NumericDate
from entrada.server.store.retention import (
    MOST_STORIES,
    MOST_STORIES_OF_TENANT,
    Origin,
    day_of,
    oldest_audit,
    oldest_deleted_item,
    oldest_sign_in,
    oldest_story,
    too_many,
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
_OF_STRANGERS: Final = and_(STORIES.c.granted.is_(False), STORIES.c.user_id.is_(None))
_WHO: Final = bindparam("strangers", type_=Boolean)
_OF_ORIGIN: Final = and_(STORIES.c.tenant_id == bindparam("tenant_id"), _WHO == _OF_STRANGERS)
_TOO_MANY_STORIES: Final = _delete(
    STORIES,
    and_(
        _OF_ORIGIN,
        tuple_(STORIES.c.at, STORIES.c.trace_id) <= tuple_(bindparam("edge_at"), bindparam("edge_id", type_=NAME)),
    ),
)
_BY_TENANT: Final = select(func.count()).select_from(STORIES).group_by(STORIES.c.tenant_id)
_BY_ORIGIN: Final = select(
    STORIES.c.tenant_id,
    func.count().label("all"),
    func.count().filter(_OF_STRANGERS).label("strangers"),
).group_by(STORIES.c.tenant_id)
_EDGE: Final = (
    select(STORIES.c.at, STORIES.c.trace_id)
    .where(_OF_ORIGIN)
    .order_by(STORIES.c.at.desc(), STORIES.c.trace_id.desc())
    .offset(bindparam("most"))
    .limit(1)
)
Edge = dict[str, Any]


def edges_of_stories(connection: Connection) -> list[Edge]:
    """Of each origin that has too many, the newest story of those that are."""
    counts = list(connection.execute(_BY_TENANT).scalars())  # by an index alone: this is asked often
    if max(counts, default=0) <= MOST_STORIES_OF_TENANT and sum(counts) <= MOST_STORIES:
        return []
    kept = too_many(_counted(connection), MOST_STORIES_OF_TENANT, MOST_STORIES)
    return [edge for origin, most in kept.items() for edge in _edge(connection, origin, most)]


def _counted(connection: Connection) -> dict[Origin, int]:
    counted = dict[Origin, int]()
    for row in connection.execute(_BY_ORIGIN).mappings():
        tenant_id = TenantId(row["tenant_id"])
        counted[Origin(tenant_id, strangers=True)] = row["strangers"]
        counted[Origin(tenant_id, strangers=False)] = row["all"] - row["strangers"]
    return counted


def _edge(connection: Connection, origin: Origin, most: int) -> list[Edge]:
    which = {"tenant_id": origin.tenant_id, "strangers": origin.strangers}
    found = connection.execute(_EDGE, {**which, "most": most})
    return [{**which, "edge_at": row.at, "edge_id": row.trace_id} for row in found]


def delete_ended(connection: Connection, now: NumericDate, some: int, edges: Sequence[Edge]) -> int:
    """Delete up to *some* ended rows; how many."""
    deleted = 0
    ending: tuple[tuple[Any, dict[str, Any]], ...] = (
        (_SESSIONS, {"now": now}),
        (_SIGN_INS, {"oldest": oldest_sign_in(now)}),
        (_FAMILIES, {"today": day_of(now)}),
        (_DEVICE_FLOWS, {"now": now}),
        (_ATTEMPTS, {"now": now}),
        (_DELETED_ITEMS, {"oldest": oldest_deleted_item(now)}),
        (_AUDITS, {"oldest": oldest_audit(now)}),
        (_STORIES, {"oldest": oldest_story(now)}),
        *((_TOO_MANY_STORIES, edge) for edge in edges),
    )
    for statement, ended in ending:
        deleted += connection.execute(statement, {**ended, "some": some - deleted}).rowcount
    return deleted

"""Delete what has ended, a few rows at a time, so that no table grows without bound and no writer waits long."""

from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Table, bindparam, delete, select, tuple_

from entrada.core.jose.numeric_date import NumericDate
from entrada.server.store.retention import day_of, oldest_sign_in
from entrada.server.store.sql.schema import ATTEMPTS, DEVICE_FLOWS, FAMILIES, SESSIONS, SIGN_INS

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


def delete_ended(connection: Connection, now: NumericDate, some: int) -> int:
    """Delete up to *some* ended rows; how many."""
    deleted = 0
    for statement, ended in (
        (_SESSIONS, {"now": now}),
        (_SIGN_INS, {"oldest": oldest_sign_in(now)}),
        (_FAMILIES, {"today": day_of(now)}),
        (_DEVICE_FLOWS, {"now": now}),
        (_ATTEMPTS, {"now": now}),
    ):
        deleted += connection.execute(statement, {**ended, "some": some - deleted}).rowcount
    return deleted

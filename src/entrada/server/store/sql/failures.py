"""What a database's error means: a name was taken, try again, or the connection is gone."""

import sqlite3
from typing import Final

from sqlalchemy.exc import DBAPIError

_TAKEN: Final = frozenset({sqlite3.SQLITE_CONSTRAINT_UNIQUE, sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY, "23505"})
_LATER: Final = frozenset(
    {
        sqlite3.SQLITE_BUSY,  # "database is locked"
        sqlite3.SQLITE_LOCKED,
        "40001",  # serialization failure
        "40P01",  # deadlock detected
        "55P03",  # lock timeout
    }
)


def _code(error: DBAPIError) -> int | str | None:
    """SQLite's extended result code, or PostgreSQL's SQLSTATE."""
    sqlite_code: int | None = getattr(error.orig, "sqlite_errorcode", None)
    sqlstate: str | None = getattr(error.orig, "sqlstate", None)
    return sqlite_code if sqlite_code is not None else sqlstate


def is_unique_violation(error: DBAPIError) -> bool:
    return _code(error) in _TAKEN


def is_worth_a_retry(error: DBAPIError) -> bool:
    """Whether the database asks to try the transaction again."""
    code = _code(error)
    return (code & 0xFF if isinstance(code, int) else code) in _LATER


def is_disconnection(error: DBAPIError) -> bool:
    sqlstate = getattr(error.orig, "sqlstate", None)
    going_down = isinstance(sqlstate, str) and sqlstate.startswith(("08", "57P"))
    return error.connection_invalidated or going_down

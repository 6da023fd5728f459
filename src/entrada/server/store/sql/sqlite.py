"""SQLite: one file, readable by its owner alone; a writer and readers that never wait for each other (WAL)."""

import sqlite3
from collections.abc import Collection
from pathlib import Path
from typing import Final

from sqlalchemy import URL, Connection, Engine, create_engine, event
from sqlalchemy.pool import ConnectionPoolEntry, QueuePool

from entrada.core.directory.ids import TenantId
from entrada.core.jose.numeric_date import NumericDate
from entrada.server.store.sql.reads import Reads
from entrada.server.store.sql.sqlite_numbers import SqliteNumbers

BUSY_TIMEOUT: Final = 2.5
"""Seconds to wait for another process's transaction; the writer then tries again, a few times."""

_DURABLE: Final = ("PRAGMA journal_mode = WAL", "PRAGMA synchronous = FULL", "PRAGMA foreign_keys = ON")
_READ_ONLY: Final = ("PRAGMA query_only = ON",)


def file_of(url: URL) -> Path:
    if url.database is None or url.database in {"", ":memory:"}:
        raise ValueError(
            "name the SQLite file, as in sqlite:////var/lib/entrada/entrada.db; to forget, use MemoryStore"
        )
    return Path(url.database)


def sqlite_write_engine(url: URL) -> Engine:
    """An engine whose transactions take the write lock at their start, so that none fails half-way for want of it."""
    # It holds digests of credentials and sealed keys.  SQLite gives its companions (-wal, -shm) the file's mode.
    file_of(url).touch(mode=0o600)
    engine = _engine(url, _DURABLE)

    def begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    event.listen(engine, "begin", begin)
    return engine


def sqlite_read_engine(url: URL) -> Engine:
    """An engine whose statements each see what is committed when they start."""
    return _engine(url, _READ_ONLY)


def _engine(url: URL, pragmas: Collection[str]) -> Engine:
    arguments = {"timeout": BUSY_TIMEOUT, "check_same_thread": False}
    engine = create_engine(url, connect_args=arguments, poolclass=QueuePool, hide_parameters=True)

    def connected(driver_connection: object, entry: ConnectionPoolEntry) -> None:
        if not isinstance(driver_connection, sqlite3.Connection):
            raise TypeError(f"not a connection of sqlite3: {driver_connection!r}")
        driver_connection.isolation_level = None  # Python's module begins no transactions of its own
        for pragma in pragmas:
            driver_connection.execute(pragma)

    event.listen(engine, "connect", connected)
    return engine.execution_options(preserve_rowcount=True)


class SqliteBackend:
    def __init__(self, url: URL) -> None:
        self.write_engine = sqlite_write_engine(url)
        self.reads = Reads(sqlite_read_engine(url))
        self.numbers = SqliteNumbers(file_of(url))

    def make_room(self, connection: Connection, end_days: Collection[int]) -> None:
        """One table holds all families."""

    def drop_ended(self, now: NumericDate) -> int:
        return 0

    def forget(self, tenants: Collection[TenantId]) -> None:
        if tenants:
            self.numbers.look_again()

    def close(self) -> None:
        self.reads.close()
        self.numbers.close()
        self.write_engine.dispose()

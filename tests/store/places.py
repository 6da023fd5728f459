"""Where a store of each kind keeps what it remembers, so that a test can open it twice or in another process."""

from collections.abc import Callable
from typing import Any

import psycopg
from attrs import field, frozen
from sqlalchemy import make_url

from entrada.server.store.port import Store
from entrada.server.store.sql.schema import METADATA


@frozen
class Place:
    kind: str
    open: Callable[[], Store]
    url: str = field(default="")

    @property
    def lasts(self) -> bool:
        return self.kind != "memory"


def connect(url: str) -> "psycopg.Connection[tuple[Any, ...]]":
    """A connection of the test's own to the PostgreSQL database at *url*."""
    parsed = make_url(url)
    return psycopg.connect(host=parsed.host, port=parsed.port, user=parsed.username, dbname=parsed.database)


def empty_tables(url: str) -> None:
    """Leave a PostgreSQL database as its migrations made it."""
    with connect(url) as connection:
        # Not TRUNCATE: it makes new files and flushes each to disk, many times slower than to delete a few rows.
        connection.execute("; ".join(f"DELETE FROM {table}" for table in METADATA.tables).encode())

"""Where a store of each kind keeps what it remembers, so that a test can open it twice or in another process."""

from collections.abc import Callable

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


def empty_tables(url: str) -> None:
    """Leave a PostgreSQL database as its migrations made it."""
    parsed = make_url(url)
    conninfo = f"host={parsed.host} port={parsed.port} user={parsed.username} dbname={parsed.database}"
    with psycopg.connect(conninfo) as connection:
        connection.execute(f"TRUNCATE {', '.join(METADATA.tables)}".encode())

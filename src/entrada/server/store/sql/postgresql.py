"""PostgreSQL: replicas share it and nothing else."""

from collections.abc import Collection
from typing import Any, Final

import psycopg
from sqlalchemy import URL, Connection, Engine, create_engine
from sqlalchemy.exc import OperationalError

from entrada.core.directory.ids import TenantId
from entrada.core.jose.numeric_date import NumericDate
from entrada.server.store.port import StoreUnavailable
from entrada.server.store.sql.listener import Listener
from entrada.server.store.sql.partitions import Partitions
from entrada.server.store.sql.postgresql_numbers import PostgresqlNumbers
from entrada.server.store.sql.reads import THREADS, Reads

# A server that hangs, a network that swallows packets and a forgotten lock must all end in an error, not in silence.
_CONNECT: Final[dict[str, Any]] = {
    "application_name": "entrada",
    "connect_timeout": 5,
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 2,
    "tcp_user_timeout": 10_000,
}
_TIMEOUTS: Final = "-c lock_timeout=2000 -c statement_timeout=15000 -c idle_in_transaction_session_timeout=15000"


def postgresql_write_engine(url: URL) -> Engine:
    engine = create_engine(url, connect_args={**_CONNECT, "options": _TIMEOUTS}, hide_parameters=True)
    # Without preserve_rowcount, psycopg's count of an INSERT is thrown away, and every compare-and-set looks refused.
    return engine.execution_options(preserve_rowcount=True)


def postgresql_read_engine(url: URL) -> Engine:
    """An engine whose statements each see what is committed when they start, without a round trip to begin or end."""
    engine = create_engine(
        url,
        connect_args={**_CONNECT, "options": _TIMEOUTS},
        hide_parameters=True,
        isolation_level="AUTOCOMMIT",
        pool_size=THREADS,
    )
    return engine.execution_options(preserve_rowcount=True)


class PostgresqlBackend:
    def __init__(self, url: URL) -> None:
        self.write_engine = postgresql_write_engine(url)
        self.reads = Reads(postgresql_read_engine(url))
        self.numbers = PostgresqlNumbers(self.reads)
        self._partitions = Partitions(self.write_engine)
        self._listener = Listener(self._connect_to_listen, self.numbers)

    def make_room(self, connection: Connection, end_days: Collection[int]) -> None:
        self._partitions.make_room(connection, end_days)

    def drop_ended(self, now: NumericDate) -> int:
        try:
            self._partitions.make_room_ahead(now)
            return self._partitions.drop_ended(now)
        except OperationalError as error:
            raise StoreUnavailable(str(error.orig)) from error

    def forget(self, tenants: Collection[TenantId]) -> None:
        for tenant_id in tenants:
            self.numbers.forget(tenant_id)

    def close(self) -> None:
        self._listener.close()
        self.reads.close()
        self.write_engine.dispose()

    def _connect_to_listen(self) -> "psycopg.Connection[tuple[object, ...]]":
        arguments, options = self.write_engine.dialect.create_connect_args(self.write_engine.url)
        return psycopg.connect(*arguments, **{**_CONNECT, **options}, autocommit=True)

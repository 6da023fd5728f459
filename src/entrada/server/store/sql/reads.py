"""Reads leave the event loop: a few threads, each with a connection of its own."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Lock, local
from typing import Final, TypeVar

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError, OperationalError

from entrada.server.store.port import StoreUnavailable
from entrada.server.store.sql.failures import is_disconnection

T = TypeVar("T")

THREADS: Final = 4


class Reads:
    """*engine* must not begin transactions: each statement sees what is committed when it starts."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="entrada-reader")
        self._own = local()
        self._opened: list[Connection] = []
        self._lock = Lock()

    async def run(self, read: Callable[[Connection], T]) -> T:
        try:
            hop = asyncio.get_running_loop().run_in_executor(self._threads, self._read, read)
        except RuntimeError as error:
            raise StoreUnavailable("the store is closed") from error
        return await hop

    def close(self) -> None:
        self._threads.shutdown()
        for connection in self._opened:
            connection.close()
        self._engine.dispose()

    # ---- in a reader's thread ----

    def _read(self, read: Callable[[Connection], T]) -> T:
        try:
            return self._attempt(read)
        except DBAPIError as error:
            if not is_disconnection(error):
                raise _translated(error) from error
        try:
            return self._attempt(read)  # over a new connection: a read may always be asked again
        except DBAPIError as error:
            raise _translated(error) from error

    def _attempt(self, read: Callable[[Connection], T]) -> T:
        connection = self._connection()
        try:
            return read(connection)
        except BaseException:
            self._forget(connection)
            raise

    def _connection(self) -> Connection:
        connection: Connection | None = getattr(self._own, "connection", None)
        if connection is None:
            connection = self._own.connection = self._engine.connect()
            with self._lock:
                self._opened.append(connection)
        return connection

    def _forget(self, connection: Connection) -> None:
        del self._own.connection
        with self._lock:
            self._opened.remove(connection)
        connection.close()


def _translated(error: DBAPIError) -> Exception:
    return StoreUnavailable(str(error.orig)) if isinstance(error, OperationalError) else error

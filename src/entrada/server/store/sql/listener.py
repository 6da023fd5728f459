"""Hears from PostgreSQL whose directory another process has written to: a connection and a thread of its own."""

import select
import socket
from collections.abc import Callable
from threading import Event, Thread
from typing import Final, Protocol

import psycopg
from psycopg import sql

from entrada.core.directory.ids import TenantId
from entrada.server.store.sql.effects.entities import CHANNEL

RECONNECT_AFTER: Final = 0.5
"""Seconds between attempts to listen again."""


class Forgets(Protocol):
    def forget(self, tenant_id: TenantId) -> None: ...
    def forget_all(self) -> None: ...


class Listener:
    def __init__(self, connect: Callable[[], "psycopg.Connection[tuple[object, ...]]"], numbers: Forgets) -> None:
        self._connect = connect
        self._numbers = numbers
        self._closing = Event()
        self._wake, self._woken = socket.socketpair()
        self._thread = Thread(target=self._run, name="entrada-listener", daemon=True)
        self._thread.start()

    def close(self) -> None:
        self._closing.set()
        self._wake.send(b"!")
        self._thread.join()
        self._wake.close()
        self._woken.close()

    # ---- in the listener's thread ----

    def _run(self) -> None:
        while not self._closing.is_set():
            try:
                with self._connect() as connection:
                    self._listen(connection)
            except psycopg.Error:
                self._numbers.forget_all()  # deaf for a while: from here on only the ceiling protects
                self._closing.wait(RECONNECT_AFTER)

    def _listen(self, connection: "psycopg.Connection[tuple[object, ...]]") -> None:
        connection.execute(sql.SQL("LISTEN {}").format(sql.Identifier(CHANNEL)))
        self._numbers.forget_all()  # what was announced before we listened went unheard
        while not self._closing.is_set():
            select.select([connection.fileno(), self._woken.fileno()], [], [])
            for notice in connection.notifies(timeout=0):
                self._numbers.forget(TenantId(notice.payload))

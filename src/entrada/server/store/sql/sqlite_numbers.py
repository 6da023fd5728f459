"""Directory numbers of SQLite: asked in the event loop's thread, because asking costs microseconds.

`PRAGMA data_version` changes whenever another connection, of this process or another, has committed anything.  It is
asked on one pinned connection, which never writes, so every commit shows; then the number itself is read again.  A
request looks a dozen times, and each look gives other threads a turn, so an answer is believed for a few milliseconds;
what this process wrote is seen at once all the same.
"""

import sqlite3
from collections.abc import Callable
from pathlib import Path
from time import monotonic
from typing import Final

from entrada.core.directory.ids import TenantId
from entrada.server.store.port import StoreUnavailable

_VERSION: Final = "PRAGMA data_version"
CEILING: Final = 0.005  # seconds
_NUMBER: Final = "SELECT number FROM directory_versions WHERE tenant_id = ?"


class SqliteNumbers:
    def __init__(self, file: Path, *, clock: Callable[[], float] = monotonic) -> None:
        self._clock, self._believed_until = clock, 0.0
        self._connection = sqlite3.connect(file, isolation_level=None, check_same_thread=False)
        self._connection.execute("PRAGMA query_only = ON")
        self._version: object = None
        self._numbers: dict[TenantId, int] = {}

    def known(self, tenant_id: TenantId) -> int:
        try:
            if self._clock() >= self._believed_until:
                self._ask()
            number = self._numbers.get(tenant_id)
            return self._look(tenant_id) if number is None else number
        except sqlite3.Error as error:
            raise StoreUnavailable(str(error)) from error

    def look_again(self) -> None:
        """This process has written."""
        self._believed_until = 0.0

    async def read(self, tenant_id: TenantId) -> int:
        return self.known(tenant_id)

    def close(self) -> None:
        self._connection.close()

    def _ask(self) -> None:
        # Taken before the question: what is committed after it must show by then.
        until = self._clock() + CEILING
        version = self._connection.execute(_VERSION).fetchone()
        if version != self._version:
            self._numbers.clear()
            self._version = version
        self._believed_until = until

    def _look(self, tenant_id: TenantId) -> int:
        try:
            row = self._connection.execute(_NUMBER, (tenant_id,)).fetchone()
        except UnicodeEncodeError:  # half a surrogate pair is no tenant
            return 0
        if row is None:
            return 0  # not noted: strangers choose what does not exist
        number: int = row[0]
        self._numbers[tenant_id] = number
        return number

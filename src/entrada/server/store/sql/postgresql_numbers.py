"""Directory numbers of PostgreSQL: believed until somebody notifies, and never longer than the ceiling."""

from collections.abc import Callable
from functools import partial
from threading import Lock
from time import monotonic
from typing import Final

from attrs import frozen

from entrada.core.directory.ids import TenantId
from entrada.server.store.sql import queries
from entrada.server.store.sql.reads import Reads

CEILING: Final = 5.0
"""Seconds after which a number is read again though nobody has notified: the notice may have been lost."""

MOST: Final = 100_000
"""Tenants whose numbers are noted."""


@frozen
class _Noted:
    number: int
    until: float


class PostgresqlNumbers:
    """Read in the event loop's thread, forgotten from the listener's."""

    def __init__(self, reads: Reads, *, ceiling: float = CEILING, clock: Callable[[], float] = monotonic) -> None:
        self._reads = reads
        self._ceiling = ceiling
        self._clock = clock
        self._noted: dict[TenantId, _Noted] = {}
        self._forgotten = 0  # how often something was forgotten
        self._lock = Lock()

    def known(self, tenant_id: TenantId) -> int | None:
        noted = self._noted.get(tenant_id)
        return noted.number if noted is not None and self._clock() < noted.until else None

    async def read(self, tenant_id: TenantId) -> int:
        forgotten, until = self._forgotten, self._clock() + self._ceiling
        number = await self._reads.run(partial(queries.directory_number, tenant_id=tenant_id))
        # 0: a stranger chose a tenant that does not exist.
        if number:
            self._note(tenant_id, _Noted(number, until), forgotten)
        return number

    def forget(self, tenant_id: TenantId) -> None:
        with self._lock:
            self._forgotten += 1
            self._noted.pop(tenant_id, None)

    def forget_all(self) -> None:
        with self._lock:
            self._forgotten += 1
            self._noted.clear()

    def _note(self, tenant_id: TenantId, noted: _Noted, forgotten: int) -> None:
        with self._lock:
            if forgotten != self._forgotten:
                return  # what was read may be older than what was announced meanwhile
            if len(self._noted) >= MOST:
                self._noted.clear()
            self._noted[tenant_id] = noted

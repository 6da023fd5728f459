"""What differs between the databases, as the store needs it."""

from collections.abc import Collection
from typing import Protocol

from sqlalchemy import Connection, Engine

from entrada.core.directory.ids import TenantId
from entrada.core.jose.numeric_date import NumericDate
from entrada.server.store.directory_cache import DirectoryNumbers
from entrada.server.store.sql.reads import Reads


class Backend(Protocol):
    @property
    def write_engine(self) -> Engine: ...
    @property
    def reads(self) -> Reads: ...
    @property
    def numbers(self) -> DirectoryNumbers: ...

    def make_room(self, connection: Connection, end_days: Collection[int]) -> None:
        """Prepare for families that end on these days; called outside of any transaction."""
        ...

    def drop_ended(self, now: NumericDate) -> int:
        """Drop what can be dropped whole; how many rows."""
        ...

    def forget(self, tenants: Collection[TenantId]) -> None:
        """This process has written into the directory of *tenants*."""
        ...

    def close(self) -> None: ...

"""What a session store must do.  Three honour it: memory, SQL, Redis; one contract suite tries them, with races.

A store sees digests and sealed bytes alone: no id that opens a session, no name, no token.
"""

from collections.abc import Collection
from typing import Final, Protocol

from attrs import field, frozen

from entrada.client.errors import StorageError
from entrada.core.jose.numeric_date import NumericDate

AT_ONCE: Final = 100  # expired rows that a database deletes as a session begins


class Taken(StorageError):
    """Somebody was first."""


@frozen(kw_only=True)
class Row:
    key: str  # a digest of the id in the cookie
    sealed: bytes = field(repr=False)
    version: int = 1
    expires_at: NumericDate
    ends_at: NumericDate = NumericDate(0)  # when added: it may be put off until then, and its names stand until then
    names: frozenset[str] = frozenset()  # digests of what a logout may name it by; fixed when it is added


class SessionStore(Protocol):
    """Its methods may block; all raise StorageError.  What has expired is as good as not there."""

    @property
    def blocks(self) -> bool:
        """Whether an event loop should leave them to a thread."""
        ...

    @property
    def lasts(self) -> bool:
        """Whether it outlives the process, so that the key that seals must too."""
        ...

    def add(self, row: Row, now: NumericDate) -> None: ...

    def find(self, key: str, now: NumericDate) -> Row | None: ...

    def replace(self, row: Row, now: NumericDate) -> bool:
        """Put it where the version before its own still is: of several who try, one wins; a removed one stays gone."""
        ...

    def remove(self, key: str) -> None: ...

    def named(self, name: str, now: NumericDate) -> tuple[str, ...]:
        """The keys of the sessions with that name."""
        ...

    def mark(self, mark: str, until: NumericDate, now: NumericDate) -> bool:
        """Remember it until then; False where it is remembered already: of several who try, one wins."""
        ...

    def marked(self, marks: Collection[str], now: NumericDate) -> bool:
        """Is one of them remembered?"""
        ...

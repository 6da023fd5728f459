"""What a vault does.  Two honour it: sealed files, and memory where nothing may be left behind."""

from collections.abc import Callable, Iterator
from typing import Protocol

from entrada.client.vault.surroundings import Rung


class Vault(Protocol):
    """Secrets by name.  Each method may block, and raises StorageError, having changed nothing."""

    @property
    def rung(self) -> Rung | None:
        """Who keeps the key; None where nothing was kept yet."""
        ...

    def read(self, name: str) -> bytes | None: ...

    def change(self, name: str, decide: Callable[[bytes | None], bytes | None]) -> bytes | None:
        """Replace what is kept by what *decide* makes of it, as one step for all processes; None removes it."""
        ...

    def claim(self, name: str) -> Callable[[], None] | None:
        """Hold *name* among all processes, reading and writing aside; None: somebody else does.  Never waits.

        What it returns lets go, and may be called in another thread; the end of the process does too.
        """
        ...

    def entries(self, prefix: str) -> Iterator[tuple[str, bytes]]: ...

    def names(self, prefix: str) -> tuple[str, ...]: ...

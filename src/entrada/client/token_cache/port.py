"""What a token cache must do.  Three honour it: memory, the encrypted file, the keyring of the system."""

from collections.abc import Callable
from typing import Protocol

from attrs import field, frozen

from entrada.client.tokens import AccessToken, Account


@frozen
class Partition:
    """Nothing of one partition is ever an answer in another."""

    authority: str  # its URL, port included
    client_id: str
    account: str = ""  # `Account.key`; empty: the application itself


@frozen(kw_only=True)
class Kept:
    """What is known of one account at one application."""

    account: Account | None = None
    access: tuple[AccessToken, ...] = ()
    refresh_token: str | None = field(default=None, repr=False)
    id_token: str | None = field(default=None, repr=False)


class TokenCache(Protocol):
    """Its methods may block; all raise StorageError, and change nothing then."""

    @property
    def blocks(self) -> bool:
        """Whether an event loop should leave them to a thread."""
        ...

    def read(self, partition: Partition) -> Kept | None: ...

    def change(self, partition: Partition, decide: Callable[[Kept | None], Kept | None]) -> Kept | None:
        """Replace what is kept by what *decide* makes of it, as one step for all processes; None removes it.

        *decide* must be quick: others wait for it.
        """
        ...

    def claim(self, partition: Partition) -> Callable[[], None] | None:
        """Be the one who renews here, among all who share this cache; None: somebody else is.  Never waits.

        What it returns gives the claim up, and may be called in another thread; a claim ends with its process.
        """
        ...

    def partitions(self) -> tuple[tuple[Partition, Account | None], ...]: ...

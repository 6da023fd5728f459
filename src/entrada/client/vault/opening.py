"""Open the vault of a folder, or what stands in for it."""

import sys
from collections.abc import Callable, Mapping
from pathlib import Path

from entrada.client.vault import ladder
from entrada.client.vault.port import Vault
from entrada.client.vault.private_folder import PrivateFolder
from entrada.client.vault.sealed_vault import SealedVault
from entrada.client.vault.surroundings import Ask, Rung, Surroundings


def _aloud(words: str) -> None:
    sys.stderr.write(f"{words}\n")


def open_vault(
    folder: Path,
    environment: Mapping[str, str],
    *,
    entropy: Callable[[int], bytes],
    ask: Ask | None = None,
    say: Callable[[str], None] = _aloud,
) -> Vault:
    """Touches nothing yet: the first that is kept makes *folder*, and settles who keeps its key.

    *entropy* is `os.urandom`; *ask* has a person type the passphrase, where the key is kept by one; *say* is told once
    of a key file that was made.  Raises StorageError, as all that the vault does.
    """
    at = Surroundings(folder=folder, environment=environment, entropy=entropy, say=say, ask=ask)
    if ladder.chosen(at) is Rung.MEMORY:
        from entrada.client.vault.memory_vault import MemoryVault  # noqa: PLC0415 - a token at hand waits for less

        return MemoryVault()
    return SealedVault(at, PrivateFolder(folder))

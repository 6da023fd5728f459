"""A vault in a folder of its own, with an environment that says nothing of this machine's."""

import os
from pathlib import Path

from entrada.client.vault import Vault, open_vault


def environment(home: Path, **more: str) -> dict[str, str]:
    return {"HOME": str(home), **more}


def vault_in(home: Path, said: list[str] | None = None, **more: str) -> Vault:
    """*more*: variables, in capitals."""
    said = [] if said is None else said
    return open_vault(home / "vault", environment(home, **more), entropy=os.urandom, say=said.append)


def keep(vault: Vault, name: str, content: bytes | None) -> None:
    vault.change(name, lambda _: content)

"""What of a profile is secret, in the vault: the client secret, or the password of the certificate."""

import os
from pathlib import Path
from typing import Final

from entrada.cli.data_folder import default_folder
from entrada.cli.profiles.profile import Profile
from entrada.cli.tokens.chosen import a_person_is_there
from entrada.client.errors import StorageError
from entrada.client.vault import Rung, Vault, open_vault

_typed: Final = list[str]()


def vault_folder() -> Path:
    return default_folder() / "vault"


def vault_here() -> Vault:
    """Also of the tokens.  Raises StorageError where there is no safe way to keep anything."""
    ask = _asked if a_person_is_there() else None
    return open_vault(vault_folder(), os.environ, entropy=os.urandom, ask=ask)


def _asked(new: bool) -> str:  # noqa: FBT001 - the vault's signature
    """Once for a process, which may open it for a token, for a secret, and for each token of `entrada exec`."""
    from entrada.cli.profiles.asking import ask_secret  # only where a passphrase keeps the key

    if new or not _typed:
        _typed[:] = [ask_secret("Passphrase of the vault", confirmed=new)]
    return _typed[0]


def secret_of(vault: Vault, profile: Profile) -> str | None:
    kept = vault.read(profile.secret_name)
    return None if kept is None else kept.decode()


def keep(vault: Vault, profile: Profile, secret: str) -> None:
    """Raises StorageError."""
    if vault.rung is Rung.MEMORY:
        raise StorageError(
            "ENTRADA_VAULT=memory keeps nothing, so the secret of a profile would be gone at once",
            advice="Unset it, or give the secret with each `entrada get-token`.",
        )
    vault.change(profile.secret_name, lambda _: secret.encode())


def forget(vault: Vault, profile: Profile) -> bool:
    """Whether there was one."""
    had = vault.read(profile.secret_name) is not None
    if had:
        vault.change(profile.secret_name, lambda _: None)
    return had

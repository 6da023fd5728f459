"""What of a profile is secret, in the vault: the client secret, or the password of the certificate."""

import os
from pathlib import Path
from typing import Final

from entrada.cli.data_folder import default_folder
from entrada.cli.profiles.profile import Profile
from entrada.client.vault import Vault, open_vault

PREFIX: Final = "secret/"


def vault_folder() -> Path:
    return default_folder() / "vault"


def vault_here() -> Vault:
    """Also of the tokens.  Raises StorageError where there is no safe way to keep anything."""
    return open_vault(vault_folder(), os.environ, entropy=os.urandom)


def secret_of(vault: Vault, profile: Profile) -> str | None:
    kept = vault.read(profile.secret_name)
    return None if kept is None else kept.decode()


def keep(vault: Vault, profile: Profile, secret: str) -> None:
    vault.change(profile.secret_name, lambda _: secret.encode())


def forget(vault: Vault, profile: Profile) -> bool:
    """Whether there was one."""
    had = vault.read(profile.secret_name) is not None
    if had:
        vault.change(profile.secret_name, lambda _: None)
    return had

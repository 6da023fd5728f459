"""Who keeps the key of the vault of profiles and tokens, is it there, and is everything for its owner alone?"""

import os
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from entrada.cli.data_folder import default_folder
from entrada.cli.doctor.finding import Finding, Level, Patient
from entrada.client.errors import EntradaError
from entrada.client.vault import Rung, Vault, open_vault
from entrada.client.vault.private_folder import CLAIM, DRAFT, LOCK, is_held

_OTHERS: Final = stat.S_IRWXG | stat.S_IRWXO
_KEEPERS: Final = {
    Rung.KEYRING: "the keyring of the system",
    Rung.SYSTEMD: "a systemd credential",
    Rung.ENVIRONMENT: "ENTRADA_VAULT_KEY",
    Rung.PASSPHRASE: "a passphrase",
    Rung.KEY_FILE: "a key file, which guards copies of the vault, not against who reads all your files",
    Rung.MEMORY: "nobody: nothing is kept (ENTRADA_VAULT=memory)",
}


def vault(patient: Patient) -> Iterator[Finding]:
    folder = default_folder() / "vault"
    open_to_others = list(_modes(folder))
    yield from open_to_others
    yield from _left_behind(folder)
    if not open_to_others:  # else the vault does not open, which would be said of it once more
        yield from _opened(open_vault(folder, patient.environment, entropy=os.urandom), folder)


def _opened(vault: Vault, folder: Path) -> Iterator[Finding]:
    try:
        rung = vault.rung
        if rung is None:
            yield Finding(Level.NOTE, "no vault yet: no secret of a profile and no token is kept")
            return
        if rung is Rung.PASSPHRASE and not os.environ.get("ENTRADA_VAULT_PASSPHRASE"):
            yield Finding(
                Level.GOOD, f"the key of the vault {folder} is kept by a passphrase; it was not asked for now"
            )
            return
        kept = len(vault.names(""))
    except EntradaError as error:
        yield Finding(Level.BAD, error.message, error.advice)
        return
    yield Finding(Level.GOOD, f"the vault {folder} opens ({kept} kept); its key is kept by {_KEEPERS[rung]}")


def _modes(folder: Path) -> Iterator[Finding]:
    if not folder.is_dir():
        return
    for path, mode in [(folder, "700"), *((one, "600") for one in sorted(folder.iterdir()))]:
        found = stat.S_IMODE(path.lstat().st_mode)
        if found & _OTHERS:
            yield Finding(Level.BAD, f"{path} is open to others (mode {found:o})", f"chmod {mode} {path}")


def _left_behind(folder: Path) -> Iterator[Finding]:
    """By a process that was killed; a lock that nobody holds holds nobody up."""
    if not folder.is_dir():
        return
    left = [one for one in sorted(folder.iterdir()) if one.suffix in (LOCK, CLAIM, DRAFT) and not is_held(one)]
    if left:
        said = f"left behind in {folder} by a process that was killed: {', '.join(one.name for one in left)}"
        yield Finding(Level.NOTE, said, "Harmless; the next use removes or replaces it.")

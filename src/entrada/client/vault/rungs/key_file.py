"""A random key in a file of its own, in another folder than what it seals.

It guards copies of the vault (a backup, a synchronised folder, a volume), not against who reads all of a user's files.
"""

from pathlib import Path

from attrs import evolve

from entrada.client.errors import StorageError
from entrada.client.vault.header import Header
from entrada.client.vault.private_folder import PrivateFolder
from entrada.client.vault.sealed import KEY_BYTES
from entrada.client.vault.surroundings import NotHad, Surroundings


def make(header: Header, at: Surroundings) -> tuple[Header, bytes]:
    """In the state folder: what is there is of this machine, and least likely to be copied along."""
    folder = PrivateFolder(at.home("XDG_STATE_HOME", ".local/state") / "entrada" / "vault-keys")
    file, key = folder.path / f"{header.id}.key", at.entropy(KEY_BYTES)
    try:
        folder.make()
        folder.write(file.name, key)
    except StorageError as error:
        raise NotHad(error.message, error.advice) from None
    return evolve(header, key_file=str(file)), key


def find(header: Header, at: Surroundings) -> bytes:
    file = Path(header.key_file)
    try:
        key = PrivateFolder(file.parent).read(file.name)
    except StorageError as error:
        raise NotHad(error.message, error.advice) from None
    if key is None:
        raise NotHad(f"{file} is gone", "Put it back.")
    if len(key) != KEY_BYTES:
        raise NotHad(f"{file} is no key", "Put back what was there.")
    return key

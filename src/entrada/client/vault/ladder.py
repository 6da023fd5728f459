"""Who keeps the key of a vault that is there, and never silently another.  docs/decisions/0019"""

from importlib import import_module
from typing import Final, NoReturn, Protocol, cast

from entrada.client.errors import StorageError
from entrada.client.vault.header import Header
from entrada.client.vault.sealed import NotSealed
from entrada.client.vault.surroundings import CHOICE, NotHad, Rung, Surroundings

_FILES: Final = {  # below rungs/
    Rung.KEYRING: "os_keyring",
    Rung.SYSTEMD: "given_key",
    Rung.ENVIRONMENT: "given_key",
    Rung.PASSPHRASE: "passphrase",
    Rung.KEY_FILE: "key_file",
}
_SAID: Final = {
    Rung.KEYRING: "the keyring of the system",
    Rung.SYSTEMD: "a systemd credential",
    Rung.ENVIRONMENT: "ENTRADA_VAULT_KEY",
    Rung.PASSPHRASE: "a passphrase",
    Rung.KEY_FILE: "a key file",
    Rung.MEMORY: "memory",
}


class Keeper(Protocol):
    """A module of `rungs`.  Both raise NotHad."""

    def make(self, header: Header, at: Surroundings) -> tuple[Header, bytes]: ...

    def find(self, header: Header, at: Surroundings) -> bytes: ...


def keeper(rung: Rung) -> Keeper:
    """Loaded by whoever has such a vault: a token that is at hand should not wait for the others."""
    return cast("Keeper", import_module(f"entrada.client.vault.rungs.{_FILES[rung]}"))


def chosen(at: Surroundings) -> Rung | None:
    """Raises StorageError for a name of no rung."""
    name = at.environment.get(CHOICE)
    if not name:
        return None
    try:
        return Rung(name)
    except ValueError:
        raise StorageError(f"{CHOICE}={name} is no way to keep a key", advice=f"Choose: {', '.join(Rung)}.") from None


def reopen(header: Header, at: Surroundings) -> bytes:
    """The data key.  Raises StorageError, naming the rung that keeps it."""
    _heed_choice(header, at)
    try:
        key = keeper(header.rung).find(header, at)
    except NotHad as none:
        unavailable(header.rung, none, at, _anew(at))
    try:
        return header.data_key(key)
    except (NotSealed, ValueError):
        raise StorageError(
            f"The vault {at.folder} does not open with {_SAID[header.rung]}: that is another, or the vault is damaged",
            advice=f"Give it the one that it was made with. {_anew(at)}",
        ) from None


def _heed_choice(header: Header, at: Surroundings) -> None:
    wanted = chosen(at)
    if wanted is not None and wanted is not header.rung:
        raise StorageError(
            f"{CHOICE} asks for {wanted}, but the key of {at.folder} is kept by {_SAID[header.rung]}",
            advice=f"Unset {CHOICE}. {_anew(at)}",
        )


def unavailable(rung: Rung, none: NotHad, at: Surroundings, more: str = "") -> NoReturn:
    why = f"The key of the vault {at.folder} is to be had from {_SAID[rung]}, which fails: {none.why}"
    raise StorageError(why, advice=f"{none.advice} {more}".strip())


def _anew(at: Surroundings) -> str:
    return f"To lose what is kept and start anew: rm -r {at.folder}"

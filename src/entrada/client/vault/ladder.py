"""Who keeps the key: chosen once, at first use, and never silently another.  docs/decisions/0019

What was given to us explicitly is taken first: whoever sets ENTRADA_VAULT_KEY means it to be used.  Then the keyring of
the system, where there is one; then a key file, so that a server needs nobody to type.
"""

from collections.abc import Callable, Iterator
from typing import Final, NoReturn, TypeAlias

from attrs import field, frozen

from entrada.client.errors import StorageError
from entrada.client.vault.header import Header
from entrada.client.vault.rungs import given_key, key_file, os_keyring, passphrase
from entrada.client.vault.sealed import KEY_BYTES, NONCE_BYTES, NotSealed
from entrada.client.vault.surroundings import CHOICE, SAID, NotHad, Rung, Surroundings

Make: TypeAlias = Callable[[Header, Surroundings], tuple[Header, bytes]]
Find: TypeAlias = Callable[[Header, Surroundings], bytes]

_ID_BYTES: Final = 16
_RUNGS: Final[dict[Rung, tuple[Make, Find]]] = {
    Rung.KEYRING: (os_keyring.make, os_keyring.find),
    Rung.SYSTEMD: (given_key.make, given_key.find),
    Rung.ENVIRONMENT: (given_key.make, given_key.find),
    Rung.PASSPHRASE: (passphrase.make, passphrase.find),
    Rung.KEY_FILE: (key_file.make, key_file.find),
}


@frozen
class Begun:
    header: Header
    data_key: bytes = field(repr=False)


def begin(at: Surroundings) -> Begun:
    """A new vault under the first rung that can be had.  Raises StorageError."""
    id_, data_key, nonce = at.entropy(_ID_BYTES).hex(), at.entropy(KEY_BYTES), at.entropy(NONCE_BYTES)
    refusals = list[str]()
    for rung in _in_turn(at):
        try:
            header, key = _RUNGS[rung][0](Header(id=id_, rung=rung), at)
        except NotHad as none:
            if rung is not Rung.KEYRING or chosen(at) is rung:  # all others are there because somebody wants them
                _unavailable(rung, none, "", at)
            refusals.append(none.why)
        else:
            return Begun(header.with_key(data_key, key=key, nonce=nonce), data_key)
    raise StorageError("There is nobody to keep a key", advice=f"Tried: {'; '.join(refusals)}.")


def _in_turn(at: Surroundings) -> Iterator[Rung]:
    if (rung := chosen(at)) is not None:
        yield rung
        return
    given = [rung for rung in (Rung.SYSTEMD, Rung.ENVIRONMENT) if given_key.is_given(rung, at)]
    if passphrase.is_given(at):
        given.append(Rung.PASSPHRASE)
    yield from given or (Rung.KEYRING, Rung.KEY_FILE)


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
    """The data key of a vault.  Raises StorageError, naming the rung that keeps it."""
    _heed_choice(header, at)
    try:
        key = _RUNGS[header.rung][1](header, at)
    except NotHad as none:
        _unavailable(header.rung, none, f" To lose what is kept and start anew: rm -r {at.folder}", at)
    try:
        return header.data_key(key)
    except (NotSealed, ValueError):
        raise StorageError(
            f"The vault {at.folder} does not open with {SAID[header.rung]}: that is another, or the vault is damaged",
            advice=f"Give it the one that it was made with. To lose what is kept and start anew: rm -r {at.folder}",
        ) from None


def _heed_choice(header: Header, at: Surroundings) -> None:
    wanted = chosen(at)
    if wanted is not None and wanted is not header.rung:
        raise StorageError(
            f"{CHOICE} asks for {wanted}, but the key of {at.folder} is kept by {SAID[header.rung]}",
            advice=f"Unset {CHOICE}, or lose what is kept and start anew: rm -r {at.folder}",
        )


def _unavailable(rung: Rung, none: NotHad, more: str, at: Surroundings) -> NoReturn:
    why = f"The key of the vault {at.folder} is to be had from {SAID[rung]}, which fails: {none.why}"
    raise StorageError(why, advice=f"{none.advice}{more}".strip())

"""Who shall keep the key of a new vault.  docs/decisions/0019

What was given to us explicitly is taken first: whoever sets ENTRADA_VAULT_KEY means it to be used.  Then the keyring of
the system, where there is one; then a key file, so that a server needs nobody to type.
"""

from collections.abc import Iterator
from typing import Final

from entrada.client.vault.header import Header
from entrada.client.vault.ladder import chosen, keeper, unavailable
from entrada.client.vault.rungs import given_key, passphrase
from entrada.client.vault.sealed import KEY_BYTES, NONCE_BYTES
from entrada.client.vault.surroundings import NotHad, Rung, Surroundings

_ID_BYTES: Final = 16
_SAID_OF_KEY_FILE: Final = (
    "Secrets and tokens are sealed under a new key in {}, which"
    " guards copies of {}, not against who reads all your files."
)


def begin(at: Surroundings) -> tuple[Header, bytes]:
    """The header and the data key of a new vault.  Raises StorageError where the rung that it is to be fails."""
    id_, data_key = at.entropy(_ID_BYTES).hex(), at.entropy(KEY_BYTES)
    rungs, missing = _in_turn(at), ""
    for rung in rungs:
        try:
            header, key = keeper(rung).make(Header(id=id_, rung=rung), at)
        except NotHad as none:
            if rung is rungs[-1]:
                unavailable(rung, none, at)
            missing = f"The keyring of the system cannot keep a key ({none.why}). "
        else:
            if header.key_file:
                at.say(missing + _SAID_OF_KEY_FILE.format(header.key_file, at.folder))
            return header.with_key(data_key, key=key, nonce=at.entropy(NONCE_BYTES)), data_key
    raise AssertionError("The last rung either serves or raises.")


def _in_turn(at: Surroundings) -> tuple[Rung, ...]:
    """What was asked for or given is the only one: where it fails, that is said, and nothing weaker taken."""
    if (rung := chosen(at)) is not None:
        return (rung,)
    return next(_given(at), None) or (Rung.KEYRING, Rung.KEY_FILE)


def _given(at: Surroundings) -> Iterator[tuple[Rung, ...]]:
    for rung in (Rung.SYSTEMD, Rung.ENVIRONMENT):
        if given_key.is_given(rung, at):
            yield (rung,)
    if passphrase.is_given(at):
        yield (Rung.PASSPHRASE,)

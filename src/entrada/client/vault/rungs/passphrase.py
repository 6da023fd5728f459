"""A key derived from words that a person, or the environment, knows.  Argon2id (RFC 9106)."""

import re
from typing import Final

from attrs import evolve

from entrada.client.vault.header import Derivation, Header
from entrada.client.vault.sealed import KEY_BYTES
from entrada.client.vault.surroundings import NotHad, Surroundings

VARIABLE: Final = "ENTRADA_VAULT_PASSPHRASE"

_MEMORY, _PASSES, _LANES = 65_536, 3, 4  # the second choice of RFC 9106 §4: 64 MiB
_MOST_MEMORY, _MOST_PASSES, _MOST_LANES = 1_048_576, 32, 16  # whoever can write the header shall not stop us by it
_SALT: Final = re.compile("[0-9a-f]{32}")
_SALT_BYTES: Final = 16


def is_given(at: Surroundings) -> bool:
    return bool(at.environment.get(VARIABLE))


def make(header: Header, at: Surroundings) -> tuple[Header, bytes]:
    way = Derivation(salt=at.entropy(_SALT_BYTES).hex(), memory=_MEMORY, passes=_PASSES, lanes=_LANES)
    return evolve(header, derivation=way), _derived(_words(at, new=True), way)


def find(header: Header, at: Surroundings) -> bytes:
    if header.derivation is None:
        raise NotHad("the vault does not say how the key is derived")
    return _derived(_words(at, new=False), header.derivation)


def _words(at: Surroundings, *, new: bool) -> str:
    words = at.environment.get(VARIABLE) or (at.ask(new) if at.ask is not None else "")
    if not words:
        raise NotHad("nobody is there to type it", f"Set {VARIABLE}, or use a terminal.")
    return words


def _derived(words: str, way: Derivation) -> bytes:
    # Only who has such a vault loads these.
    from cryptography.exceptions import UnsupportedAlgorithm  # noqa: PLC0415
    from cryptography.hazmat.primitives.kdf.argon2 import Argon2id  # noqa: PLC0415

    known = _SALT.fullmatch(way.salt) and 0 < way.passes <= _MOST_PASSES and 0 < way.lanes <= _MOST_LANES
    if not known or way.memory > _MOST_MEMORY:
        raise NotHad("the vault says to derive the key as we never do")
    try:
        return Argon2id(
            salt=bytes.fromhex(way.salt),
            length=KEY_BYTES,
            iterations=way.passes,
            lanes=way.lanes,
            memory_cost=way.memory,
        ).derive(words.encode())
    except UnsupportedAlgorithm:
        raise NotHad(
            "this build of cryptography knows no Argon2id", "Install the wheel of the cryptography project."
        ) from None
    except ValueError as error:
        raise NotHad(f"the vault says to derive the key as nobody can ({error})") from None

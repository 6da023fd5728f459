"""What stands beside the sealed files in clear: which rung keeps the key, and their data key, sealed under that.

    {"version": 1, "id": "…", "rung": "key-file", "key_file": "/…", "sealed_key": "…"}

The data key never changes; a rung only wraps it.  Everything that stands here is bound into that wrapping.
"""

import json
from binascii import a2b_base64, b2a_base64
from typing import Final, NamedTuple

from attrs import evolve, field, frozen

from entrada.client.vault.sealed import KEY_BYTES, NotSealed, seal, unseal
from entrada.client.vault.surroundings import Rung

VERSION: Final = 1


class NoHeader(ValueError):
    """The file is no header that we wrote."""


class Derivation(NamedTuple):
    """Of Argon2id (RFC 9106)."""

    salt: str  # hexadecimal
    memory: int  # KiB
    passes: int
    lanes: int


@frozen(kw_only=True, repr=False, eq=False)
class Header:
    id: str  # of the vault, random: what keyrings and key files know it by
    rung: Rung
    key_file: str = ""
    derivation: Derivation | None = None
    sealed_key: bytes = field(default=b"", repr=False)

    def words(self) -> tuple[str, ...]:
        """What the data key is bound to: everything but itself."""
        return ("key", _text(evolve(self, sealed_key=b"")).decode())

    def to_bytes(self) -> bytes:
        return _text(self)

    def with_key(self, data_key: bytes, *, key: bytes, nonce: bytes) -> "Header":
        return evolve(self, sealed_key=seal(data_key, key=key, words=self.words(), nonce=nonce))

    def data_key(self, key: bytes) -> bytes:
        """Raises NotSealed."""
        found = unseal(self.sealed_key, key=key, words=self.words())
        if len(found) != KEY_BYTES:
            raise NotSealed
        return found


def parse_header(text: bytes) -> Header:
    """Raises NoHeader for anything that `Header.to_bytes` would write otherwise."""
    try:
        match json.loads(text):
            case {"version": 1, "id": str(id_), "rung": str(rung), "sealed_key": str(sealed_key), **rest}:
                header = Header(
                    id=id_,
                    rung=Rung(rung),
                    key_file=str(rest.get("key_file", "")),
                    derivation=_derivation(rest["argon2id"]) if "argon2id" in rest else None,
                    sealed_key=a2b_base64(sealed_key, strict_mode=True),
                )
            case _:
                raise NoHeader
        if header.to_bytes() != text:
            raise NoHeader
    except (ValueError, TypeError, RecursionError):
        raise NoHeader from None
    return header


def _derivation(said: object) -> Derivation:
    match said:
        case {"salt": str(salt), "memory": int(memory), "passes": int(passes), "lanes": int(lanes)}:
            return Derivation(salt=salt, memory=memory, passes=passes, lanes=lanes)
        case _:
            raise NoHeader


def _text(header: Header) -> bytes:
    said: dict[str, object] = {"version": VERSION, "id": header.id, "rung": header.rung.value}
    if header.key_file:
        said["key_file"] = header.key_file
    if (way := header.derivation) is not None:
        said["argon2id"] = {"salt": way.salt, "memory": way.memory, "passes": way.passes, "lanes": way.lanes}
    said["sealed_key"] = b2a_base64(header.sealed_key, newline=False).decode("ascii")
    return json.dumps(said, indent=1).encode() + b"\n"

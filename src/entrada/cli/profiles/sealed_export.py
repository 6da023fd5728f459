"""Profiles in a file that may travel: Argon2id of a passphrase, AES-256-GCM, a header that says which of each.

The header is authenticated with what it heads, so nothing of it can be changed either.
RFC 9106 (Argon2id, its second recommended choice); NIST SP 800-38D (GCM).
"""

import json
from base64 import b64decode, b64encode
from collections.abc import Callable, Mapping
from typing import Final, cast

from attrs import frozen
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from entrada.cli.profiles.passphrase import WrongPassphrase
from entrada.core.jose.json_object import parse_object

MEMBER: Final = "entradaProfiles"  # by it a file is known; its value is the version of the format
VERSION: Final = 1
_SALT, _NONCE, _KEY = 16, 12, 32
_MOST: Final = {"iterations": 32, "lanes": 16, "memoryKiB": 512 * 1024}  # what a stranger's file may cost us
_MOST_WORK: Final = 2 * 1024 * 1024  # KiB in all iterations: some seconds


class NotAnExport(ValueError):
    pass


@frozen
class Cost:
    iterations: int = 3
    lanes: int = 4
    memory_kib: int = 64 * 1024

    def key(self, passphrase: str, salt: bytes) -> bytes:
        derivation = Argon2id(
            salt=salt, length=_KEY, iterations=self.iterations, lanes=self.lanes, memory_cost=self.memory_kib
        )
        return derivation.derive(passphrase.encode())


def seal(content: bytes, passphrase: str, entropy: Callable[[int], bytes], cost: Cost = Cost()) -> str:
    salt, nonce = entropy(_SALT), entropy(_NONCE)
    header: dict[str, object] = {
        MEMBER: VERSION,
        "derivation": {
            "algorithm": "argon2id",
            "salt": _text(salt),
            "iterations": cost.iterations,
            "lanes": cost.lanes,
            "memoryKiB": cost.memory_kib,
        },
        "encryption": {"algorithm": "AES-256-GCM", "nonce": _text(nonce)},
    }
    sealed = AESGCM(cost.key(passphrase, salt)).encrypt(nonce, content, _bound(header))
    return json.dumps({**header, "content": _text(sealed)}, indent=2) + "\n"


def is_sealed(text: str) -> bool:
    return text.lstrip().startswith("{") and f'"{MEMBER}"' in text


def open_sealed(text: str, passphrase: str) -> bytes:
    """Raise NotAnExport and WrongPassphrase."""
    try:
        members = parse_object(text.encode())
        header = {name: value for name, value in members.items() if name != "content"}
        _require(header.get(MEMBER) == VERSION, "it is of another version of the format")
        derivation, encryption = _object(header, "derivation"), _object(header, "encryption")
        _require(derivation.get("algorithm") == "argon2id", "its key derivation is unknown")
        _require(encryption.get("algorithm") == "AES-256-GCM", "its encryption is unknown")
        cost = Cost(*(_count(derivation, name) for name in ("iterations", "lanes", "memoryKiB")))
        _require(cost.iterations * cost.memory_kib <= _MOST_WORK, "its key derivation asks too much")
        key = cost.key(passphrase, _bytes(derivation, "salt"))
        return AESGCM(key).decrypt(_bytes(encryption, "nonce"), _bytes(members, "content"), _bound(header))
    except InvalidTag:
        raise WrongPassphrase from None
    except NotAnExport:
        raise
    except ValueError as error:
        raise NotAnExport(str(error)) from None


def _bound(header: Mapping[str, object]) -> bytes:
    return json.dumps(header, sort_keys=True, separators=(",", ":")).encode()


def _object(members: Mapping[str, object], name: str) -> Mapping[str, object]:
    value = members.get(name)
    _require(isinstance(value, dict), f"{name} is missing")
    return cast("Mapping[str, object]", value)


def _count(members: Mapping[str, object], name: str) -> int:
    value = members.get(name)
    possible = isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= _MOST[name]
    _require(possible, f"{name} is missing or too much")
    return cast("int", value)


def _bytes(members: Mapping[str, object], name: str) -> bytes:
    value = members.get(name)
    _require(isinstance(value, str), f"{name} is missing")
    return b64decode(cast("str", value), validate=True)


def _text(data: bytes) -> str:
    return b64encode(data).decode()


def _require(fulfilled: bool, otherwise: str) -> None:  # noqa: FBT001 - a condition
    if not fulfilled:
        raise NotAnExport(otherwise)

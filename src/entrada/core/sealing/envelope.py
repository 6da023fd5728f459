"""Seal bytes so that only we can read them, for one purpose, tenant and day.  AES-256-GCM (NIST SP 800-38D; RFC 5116).

On the wire, as base64url without padding:

    version, 1 byte: 1 | epoch, 2 bytes, big-endian | tenant, 16 bytes | nonce, 12 bytes | ciphertext and 16-byte tag

Version, epoch and tenant stand in clear, so that whoever opens the envelope knows which key to derive. They and the
purpose are the associated data: an envelope moved to another purpose, tenant or day does not open.
"""

import re
from struct import Struct, error
from typing import Final, NewType
from uuid import UUID

from attrs import Attribute, field, frozen
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from entrada.core.jose import base64url

Epoch = NewType("Epoch", int)  # whole days since 1970-01-01 UTC

DEFAULT_MAXIMUM: Final = 4096  # characters
NONCE_BYTES: Final = 12

_VERSION: Final = 1
_HEADING: Final = Struct(">BH16s")
_HEADING_CHARACTERS: Final = 28  # what holds the heading, up to a whole group of four
_SEALED_FROM: Final = _HEADING.size + NONCE_BYTES
_LAST_EPOCH: Final = 0xFFFF  # 2149-06-06
_GUID: Final = re.compile("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")


class NotSealed(Exception):
    """The text is not an envelope of ours, or not for this use.  Why is not said: it would only help a forger."""


def _valid_epoch(_: object, __: "Attribute[Epoch]", epoch: Epoch) -> None:
    if not 0 <= epoch <= _LAST_EPOCH:
        raise ValueError(f"An epoch is a day from 0 to {_LAST_EPOCH}, not {epoch}.")


def _canonical(_: object, __: "Attribute[str]", tenant: str) -> None:
    if not _GUID.fullmatch(tenant):
        raise ValueError("A tenant is a GUID in canonical lower-case text.")


@frozen
class Heading:
    """What an envelope says in clear, unproven until it has opened."""

    epoch: Epoch = field(validator=_valid_epoch)
    tenant: str = field(validator=_canonical)

    def to_bytes(self) -> bytes:
        return _HEADING.pack(_VERSION, self.epoch, bytes.fromhex(self.tenant.replace("-", "")))


def seal(payload: bytes, *, purpose: str, heading: Heading, key: bytes, nonce: bytes) -> str:
    """*nonce*: 12 bytes that are never used again with *key* but for the same payload."""
    clear = heading.to_bytes()
    if len(nonce) != NONCE_BYTES:
        raise ValueError("A nonce has 12 bytes.")
    sealed = AESGCM(key).encrypt(nonce, payload, _associated(clear, purpose))
    return base64url.encode(clear + nonce + sealed)


def read_heading(artefact: str) -> Heading:
    """Which tenant and day it claims to be of; raises NotSealed.  Reads 28 characters, however long the text."""
    try:
        start = base64url.decode(artefact[:_HEADING_CHARACTERS])
        version, epoch, tenant = _HEADING.unpack_from(start)
    except (ValueError, error):
        raise NotSealed from None
    if version != _VERSION:
        raise NotSealed
    return Heading(Epoch(epoch), str(UUID(bytes=tenant)))


def open_(artefact: str, *, purpose: str, key: bytes, max_length: int = DEFAULT_MAXIMUM) -> bytes:
    """The payload; raises NotSealed for whatever `seal` did not make with this very purpose and key."""
    if len(artefact) > max_length:
        raise NotSealed
    try:
        data = base64url.decode(artefact)
    except ValueError:
        raise NotSealed from None
    if len(data) < _SEALED_FROM or data[0] != _VERSION:
        raise NotSealed
    clear, nonce, sealed = data[: _HEADING.size], data[_HEADING.size : _SEALED_FROM], data[_SEALED_FROM:]
    try:
        return AESGCM(key).decrypt(nonce, sealed, _associated(clear, purpose))
    except InvalidTag:
        raise NotSealed from None


def _associated(clear: bytes, purpose: str) -> bytes:
    """The heading has one length, so where it ends and the purpose begins is never in doubt."""
    return clear + purpose.encode("ascii")

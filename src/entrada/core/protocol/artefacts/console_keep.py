"""What the developer console keeps in a developer's cookies: a token, a sign-in under way, a half-filled form.

Each holds the secret of the session that it was kept in, and opens in no other.
"""

import zlib
from typing import Final, TypeVar

from entrada.core.sealing.envelope import NotSealed
from entrada.core.sealing.payload import Payload, pack, unpack

LARGEST: Final = 64 * 1024
"""Bytes before they are made smaller."""


class KeptToken(Payload, frozen=True):
    secret: bytes
    signer: str
    way: str
    access: str
    refresh: str
    scope: str  # granted
    asked: str  # for the refresh
    expires_at: int
    who: str
    token_endpoint: str  # which the refresh token is for: no other gets it


class KeptAsking(Payload, frozen=True):
    secret: bytes
    state: str
    nonce: str
    verifier: str
    signer: str
    api: str
    operation: str
    scope: str
    started_at: int
    target: str  # where the browser goes to sign in


class KeptDraft(Payload, frozen=True):
    secret: bytes
    api: str
    operation: str
    fields: tuple[tuple[str, str], ...]
    refusal: tuple[str, ...] = ()


P = TypeVar("P", bound=Payload)


def squeeze(value: Payload) -> bytes | None:
    """None for what would not be opened again."""
    whole = pack(value)
    return zlib.compress(whole, 9) if len(whole) <= LARGEST else None


def unsqueeze(data: bytes, kind: type[P]) -> P:
    """Raises NotSealed."""
    try:
        whole = zlib.decompressobj().decompress(data, LARGEST + 1)
    except zlib.error:
        raise NotSealed from None
    if len(whole) > LARGEST:
        raise NotSealed
    return unpack(whole, kind)

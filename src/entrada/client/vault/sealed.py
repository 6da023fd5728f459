"""Seal bytes under a key, bound to what they are.  AES-256-GCM (NIST SP 800-38D); nonces are random.

On disk:  `entrada` and a zero byte | version, 1 byte: 1 | nonce, 12 bytes | ciphertext and 16-byte tag

The start, and the words that say what is sealed, are the associated data: what was moved to another place or another
rung does not open.
"""

from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

KEY_BYTES: Final = 32
_START: Final = b"entrada\0\1"
NONCE_BYTES: Final = 12
_SEALED_FROM: Final = len(_START) + NONCE_BYTES


class NotSealed(Exception):
    """Not what `seal` made with this key and these words.  Why is not known, and would only help a forger."""


def seal(content: bytes, *, key: bytes, words: tuple[str, ...], nonce: bytes) -> bytes:
    """*nonce*: 12 random bytes, fresh for each call."""
    return _START + nonce + AESGCM(key).encrypt(nonce, content, _associated(words))


def unseal(sealed: bytes, *, key: bytes, words: tuple[str, ...]) -> bytes:
    """Raises NotSealed."""
    if not sealed.startswith(_START) or len(sealed) < _SEALED_FROM:
        raise NotSealed
    try:
        return AESGCM(key).decrypt(sealed[len(_START) : _SEALED_FROM], sealed[_SEALED_FROM:], _associated(words))
    except InvalidTag:
        raise NotSealed from None


def _associated(words: tuple[str, ...]) -> bytes:
    """No word holds the byte between them, so where one ends is never in doubt."""
    return _START + b"\0".join(word.encode() for word in words)

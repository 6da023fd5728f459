"""The one signature entrada makes: RSASSA-PKCS1-v1_5 with SHA-256.  RFC 7518, section 3.3."""

from typing import Final

from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey
from cryptography.hazmat.primitives.hashes import SHA256

ALGORITHM: Final = "RS256"
MINIMUM_BITS: Final = 2048

_PADDING: Final = PKCS1v15()
_HASH: Final = SHA256()


def sign(data: bytes, key: RSAPrivateKey) -> bytes:
    return key.sign(data, _PADDING, _HASH)


def verify(signature: bytes, data: bytes, key: RSAPublicKey) -> None:
    """Raise cryptography's InvalidSignature unless *signature* is of *data* by *key*."""
    key.verify(signature, data, _PADDING, _HASH)


def require_strength(key: RSAPrivateKey | RSAPublicKey) -> None:
    """Raise ValueError for a key too short to be trusted."""
    if key.key_size < MINIMUM_BITS:
        raise ValueError(f"An RSA key needs at least {MINIMUM_BITS} bits; this one has {key.key_size}.")

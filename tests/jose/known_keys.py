"""A signing key with a source (RFC 7515 A.2), a stranger's key, and tokens put together without the code under test."""

import json
from base64 import urlsafe_b64encode
from functools import cache
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from cryptography.hazmat.primitives.hashes import SHA256
from joserfc.jwk import RSAKey

from entrada.core.jose.certificate import self_signed
from entrada.core.jose.key import SigningKey
from entrada.core.jose.numeric_date import NumericDate

RFC7515_A2: dict[str, Any] = json.loads((Path(__file__).parents[1] / "vectors/rfc7515_a2.json").read_text())


def certified(private_key: RSAPrivateKey) -> SigningKey:
    day, five_years = NumericDate(1_735_689_600), NumericDate(1_893_456_000)
    return SigningKey.certified(private_key, self_signed(private_key, "entrada.example", day, five_years, 1))


@cache
def rfc_private_key() -> RSAPrivateKey:
    key = RSAKey.import_key(RFC7515_A2["key"]).private_key
    assert isinstance(key, RSAPrivateKey)
    return key


@cache
def our_key() -> SigningKey:
    return certified(rfc_private_key())


@cache
def strangers_key() -> SigningKey:
    return certified(generate_private_key(65537, 2048))


def b64(data: bytes | str) -> str:
    raw = data.encode() if isinstance(data, str) else data
    return urlsafe_b64encode(raw).rstrip(b"=").decode()


def rsa_signed(signing_input: str, key: SigningKey) -> str:
    signature = key.private_key.sign(signing_input.encode(), PKCS1v15(), SHA256())
    return f"{signing_input}.{b64(signature)}"


def forged(header: str | bytes, payload: str | bytes, key: SigningKey) -> str:
    """A token of any text whatsoever, with a true signature by *key*."""
    return rsa_signed(f"{b64(header)}.{b64(payload)}", key)

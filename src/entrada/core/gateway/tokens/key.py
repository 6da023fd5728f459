"""Keys that a policy accepts: published by an issuer, or written in the policy.  RFC 7517; gateway reference 2.2."""

import binascii
from base64 import b64decode
from collections.abc import Mapping
from typing import Final, cast

from attrs import field, frozen
from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ec import (
    SECP256R1,
    SECP384R1,
    SECP521R1,
    EllipticCurve,
    EllipticCurvePublicKey,
    EllipticCurvePublicNumbers,
)
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey, RSAPublicNumbers
from cryptography.hazmat.primitives.serialization import load_pem_public_key

from entrada.core.gateway.tokens.algorithm import ALGORITHMS, Material, Secret, fits, verifies
from entrada.core.jose import base64url
from entrada.core.jose.foreign_token import MAXIMUM_BITS
from entrada.core.jose.jwk_set import MAXIMUM_KEYS, number, text_member
from entrada.core.jose.rs256 import MINIMUM_BITS

SHORTEST_SECRET: Final = 32  # bytes: what HS256 asks for (RFC 7518 §3.2)
MOST_REMEMBERED: Final = 2048  # tokens of each key
_CURVES: Final[Mapping[str, EllipticCurve]] = {"P-256": SECP256R1(), "P-384": SECP384R1(), "P-521": SECP521R1()}


@frozen
class Key:
    material: Material = field(repr=False)
    kid: str = ""  # matched with the token's; a key without one is tried with any token
    algorithm: str | None = None  # the only one, where the issuer says so

    _verified: dict[bytes, object] = field(factory=dict[bytes, object], init=False, repr=False, eq=False, hash=False)

    def fits(self, algorithm: str) -> bool:
        return self.algorithm in (None, algorithm) and fits(algorithm, self.material)

    def verifies(self, algorithm: str, signed: bytes, signature: bytes) -> bool:
        """Whether it made *signature*."""
        return verifies(algorithm, self.material, signed, signature)

    def remember(self, token: bytes, read: object) -> None:
        """What a token says whose signature it has verified; *token*: a digest of all of it.

        The key itself remembers, so nothing outlives a key that was removed; of whom, for whom and until when the
        token is, is asked each time.
        """
        if isinstance(self.material, Secret):
            return
        if len(self._verified) >= MOST_REMEMBERED:
            self._verified.clear()
        self._verified[token] = read

    def remembered(self, token: bytes) -> object | None:
        return self._verified.get(token)


def parse_key_set(document: Mapping[str, object]) -> tuple[Key, ...]:
    """The public signing keys that we can use; others are passed over (RFC 7517 §5), symmetric ones always."""
    keys = document.get("keys")
    listed = cast("list[object]", keys)[:MAXIMUM_KEYS] if isinstance(keys, list) else []
    read = (_key(cast("dict[str, object]", one)) for one in listed if isinstance(one, dict))
    return tuple(key for key in read if key is not None)


def rsa_key(kid: str, n: str, e: str) -> Key:
    """Raise ValueError for what is no RSA key of 2048 bits or more."""
    return Key(_strong(_rsa({"n": n, "e": e})), kid)


def inline_key(kid: str, text: str) -> Key:
    """A certificate or public key in PEM, a certificate in Base64, or a secret in Base64; raise ValueError.

    Azure takes every text for a secret, and says IDX10634 to those who paste their certificate.
    """
    if text.startswith("-----BEGIN"):
        return Key(_strong(_from_pem(text)), kid)
    value = _from_base64(text)
    certified = _from_certificate(value)
    if certified is not None:
        return Key(_strong(certified), kid)
    if len(value) < SHORTEST_SECRET:
        raise ValueError(f"The key has {len(value)} bytes; a secret for HS256 needs {SHORTEST_SECRET}.")
    return Key(Secret(value), kid)


def _key(jwk: Mapping[str, object]) -> Key | None:
    if jwk.get("use", "sig") != "sig":
        return None
    algorithm = text_member(jwk, "alg") or None
    if algorithm is not None and algorithm not in ALGORITHMS:
        return None
    try:
        return Key(_strong(_material(jwk)), text_member(jwk, "kid"), algorithm)
    except ValueError:
        return None


def _material(jwk: Mapping[str, object]) -> Material:
    match jwk.get("kty"):
        case "RSA":
            return _rsa(jwk)
        case "EC":
            curve = _CURVES.get(text_member(jwk, "crv"))
            if curve is None:
                raise ValueError("an elliptic curve that no algorithm uses")
            return EllipticCurvePublicNumbers(number(jwk, "x"), number(jwk, "y"), curve).public_key()
        case "OKP" if jwk.get("crv") == "Ed25519":
            return Ed25519PublicKey.from_public_bytes(base64url.decode(text_member(jwk, "x")))
        case _:
            raise ValueError("a kind of key that verifies nothing")


def _rsa(jwk: Mapping[str, object]) -> RSAPublicKey:
    return RSAPublicNumbers(number(jwk, "e"), number(jwk, "n")).public_key()


def _strong(key: object) -> Material:
    match key:
        case RSAPublicKey() if not MINIMUM_BITS <= key.key_size <= MAXIMUM_BITS:
            raise ValueError(f"An RSA key needs {MINIMUM_BITS} to {MAXIMUM_BITS} bits; this one has {key.key_size}.")
        case EllipticCurvePublicKey() if key.curve.name not in {one.name for one in _CURVES.values()}:
            raise ValueError("An elliptic curve key must be on P-256, P-384 or P-521.")
        case RSAPublicKey() | EllipticCurvePublicKey() | Ed25519PublicKey():
            return key
        case _:
            raise ValueError("A key must be RSA, elliptic curve or Ed25519.")


def _from_pem(text: str) -> object:
    data = text.encode("utf-8")
    if "PRIVATE" in text.partition("\n")[0]:
        raise ValueError("This is a private key; only a public one verifies, and may be written in a policy.")
    try:
        if text.startswith("-----BEGIN CERTIFICATE"):
            return x509.load_pem_x509_certificate(data).public_key()
        return load_pem_public_key(data)
    except UnsupportedAlgorithm:
        raise ValueError("A key must be RSA, elliptic curve or Ed25519.") from None


def _from_certificate(value: bytes) -> object | None:
    try:
        return x509.load_der_x509_certificate(value).public_key()
    except (ValueError, UnsupportedAlgorithm):
        return None


def _from_base64(text: str) -> bytes:
    try:
        return b64decode("".join(text.split()), validate=True)
    except binascii.Error:
        raise ValueError("The key is not Base64 with its padding.") from None

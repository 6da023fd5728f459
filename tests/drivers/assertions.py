"""A client's key and certificate, an external issuer's key, and the JWTs they sign: without the code under test."""

import json
from base64 import b64encode, urlsafe_b64encode
from collections.abc import Mapping
from functools import cache
from typing import Any

from attrs import frozen
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, SECP256R1, EllipticCurvePrivateKey
from cryptography.hazmat.primitives.asymmetric.ec import generate_private_key as generate_ec_key
from cryptography.hazmat.primitives.asymmetric.padding import MGF1, PSS, PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key as generate_rsa_key
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA1, SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from entrada.core.directory.client_credential import ClientCertificate
from entrada.core.jose.certificate import self_signed
from entrada.core.jose.numeric_date import NumericDate

PrivateKey = RSAPrivateKey | EllipticCurvePrivateKey
NOT_BEFORE, EXPIRES_AT = NumericDate(1_735_689_600), NumericDate(2_051_222_400)  # 2025 to 2035


def unpadded(data: bytes) -> str:
    return urlsafe_b64encode(data).rstrip(b"=").decode()


@cache
def rsa_key(name: str, bits: int = 2048) -> RSAPrivateKey:
    """Each name's own, made once."""
    return generate_rsa_key(65537, bits)


@cache
def ec_key(name: str) -> EllipticCurvePrivateKey:
    return generate_ec_key(SECP256R1())


def signature(key: PrivateKey, algorithm: str, data: bytes) -> bytes:
    if isinstance(key, EllipticCurvePrivateKey):
        r, s = decode_dss_signature(key.sign(data, ECDSA(SHA256())))
        return r.to_bytes(32, "big") + s.to_bytes(32, "big")
    padding = PSS(MGF1(SHA256()), 32) if algorithm == "PS256" else PKCS1v15()
    return key.sign(data, padding, SHA256())


def jwt(key: PrivateKey, header: Mapping[str, Any], claims: Mapping[str, Any] | str) -> str:
    """A token of any header and claims whatsoever, with a true signature of the kind the header names."""
    payload = claims if isinstance(claims, str) else json.dumps(claims)
    start = f"{unpadded(json.dumps(header).encode())}.{unpadded(payload.encode())}"
    return f"{start}.{unpadded(signature(key, str(header.get('alg')), start.encode()))}"


def public_jwk(key: PrivateKey, **members: str) -> dict[str, Any]:
    if isinstance(key, EllipticCurvePrivateKey):
        point = key.public_key().public_numbers()
        return {"kty": "EC", "crv": "P-256", "x": _number(point.x), "y": _number(point.y), **members}
    numbers = key.public_key().public_numbers()
    return {"kty": "RSA", "n": _number(numbers.n), "e": _number(numbers.e), **members}


def _number(value: int) -> str:
    return unpadded(value.to_bytes((value.bit_length() + 7) // 8, "big"))


@frozen
class Certified:
    """A client's private key with its certificate."""

    key: RSAPrivateKey
    certificate: x509.Certificate

    @property
    def der(self) -> bytes:
        return self.certificate.public_bytes(Encoding.DER)

    @property
    def pem(self) -> str:
        """Private key and certificate in one file, as azure-identity reads it."""
        return self.key_pem + self.certificate_pem

    @property
    def key_pem(self) -> str:
        return self.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()

    @property
    def certificate_pem(self) -> str:
        return self.certificate.public_bytes(Encoding.PEM).decode()

    @property
    def sha1(self) -> bytes:
        return self.certificate.fingerprint(SHA1())

    @property
    def sha256(self) -> bytes:
        return self.certificate.fingerprint(SHA256())

    @property
    def base64(self) -> str:
        """The DER, as the `key` of Graph's keyCredential holds it."""
        return b64encode(self.der).decode()

    def registered(self, **changes: Any) -> ClientCertificate:
        return ClientCertificate(
            **{
                "key_id": "c0105000-0000-4000-8000-00000000ce27",
                "display_name": "one",
                "der": self.der,
                "not_before": NOT_BEFORE,
                "expires_at": EXPIRES_AT,
                **changes,
            }
        )


@cache
def certified(name: str, bits: int = 2048) -> Certified:
    key = rsa_key(name, bits)
    return Certified(key, self_signed(key, name, NOT_BEFORE, EXPIRES_AT, 1))

"""Certificates as clients have them, made when asked for: nobody's key lies in the repository."""

from base64 import b64encode
from datetime import UTC, datetime
from functools import cache

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from entrada.core.jose.compact import sign
from entrada.core.jose.key import SigningKey
from entrada.core.jose.numeric_date import NumericDate

VALID_FROM = datetime(2026, 1, 1, tzinfo=UTC)
VALID_UNTIL = datetime(2027, 1, 1, tzinfo=UTC)
FROM = NumericDate(int(VALID_FROM.timestamp()))
UNTIL = NumericDate(int(VALID_UNTIL.timestamp()))


@cache
def _key(kind: str):
    name = kind.partition(" ")[0]
    return ec.generate_private_key(ec.SECP256R1()) if name == "EC" else rsa.generate_private_key(65537, int(name))


@cache
def _certificate(kind: str) -> x509.Certificate:
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, f"client {kind}")])
    key = _key(kind)
    builder = x509.CertificateBuilder(
        issuer_name=name,
        subject_name=name,
        public_key=key.public_key(),
        serial_number=1,
        not_valid_before=VALID_FROM,
        not_valid_after=VALID_UNTIL,
    )
    return builder.sign(key, SHA256())


def der(kind: str = "2048") -> bytes:
    """*kind*: how many bits, or EC; a word after it tells two of a kind apart."""
    return _certificate(kind).public_bytes(Encoding.DER)


def pem(kind: str = "2048") -> str:
    return _certificate(kind).public_bytes(Encoding.PEM).decode()


def private_pem(kind: str = "2048") -> str:
    return _key(kind).private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


def base64_der(kind: str = "2048") -> str:
    return b64encode(der(kind)).decode()


def key_proof(kind: str, claims: dict[str, object]) -> str:
    """A JWT signed with the key of that certificate, without the claims that are None."""
    key = SigningKey.certified(_key(kind), _certificate(kind))
    return sign({name: value for name, value in claims.items() if value is not None}, key)

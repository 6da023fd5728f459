"""The keys tokens are signed and verified with, and the JWK they are published as.  RFC 7517; RFC 7518, section 6.3.

A PEM costs 31 ms to read and check, a signature a hundredth of that: read keys once, keep the values.
"""

from base64 import b64encode

from attrs import Attribute, field, frozen
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from entrada.core.jose import base64url, rs256
from entrada.core.jose.certificate import thumbprint


def _strong(_: object, __: "Attribute[RSAPublicKey]", key: RSAPublicKey) -> None:
    rs256.require_strength(key)


@frozen
class VerificationKey:
    kid: str
    public_key: RSAPublicKey = field(validator=_strong)
    certificate: x509.Certificate | None = None

    def jwk(self, issuer: str | None = None) -> dict[str, object]:
        """The members, in the order Entra publishes them; `x5t` and `x5c` when there is a certificate."""
        numbers = self.public_key.public_numbers()
        certificate = self.certificate
        return {
            "kty": "RSA",
            "use": "sig",
            "kid": self.kid,
            **({} if certificate is None else {"x5t": thumbprint(certificate)}),
            "n": _unsigned(numbers.n),
            "e": _unsigned(numbers.e),
            **({} if certificate is None else {"x5c": [_standard_base64(certificate)]}),
            **({} if issuer is None else {"issuer": issuer}),
        }


@frozen
class SigningKey:
    """Made by `certified` or `from_pem`, which see that the parts belong together."""

    kid: str
    private_key: RSAPrivateKey = field(repr=False, eq=False)
    certificate: x509.Certificate = field(repr=False)

    @classmethod
    def certified(cls, private_key: RSAPrivateKey, certificate: x509.Certificate) -> "SigningKey":
        """Raise ValueError for a short key, or a certificate of another one."""
        rs256.require_strength(private_key)
        if certificate.public_key() != private_key.public_key():
            raise ValueError("The certificate is of another key.")
        return cls(thumbprint(certificate), private_key, certificate)

    @classmethod
    def from_pem(cls, private_key_pem: bytes, certificate_pem: bytes) -> "SigningKey":
        """Raise ValueError for anything but an RSA key of at least 2048 bits and its certificate."""
        # Whoever can give us a spoiled key can give us one of their own; checking its primes would take 30 ms.
        private_key = load_pem_private_key(private_key_pem, password=None, unsafe_skip_rsa_key_validation=True)
        if not isinstance(private_key, RSAPrivateKey):
            raise ValueError("A signing key must be an RSA key.")  # noqa: TRY004 - the file has wrong content, not a programmer a wrong type
        return cls.certified(private_key, x509.load_pem_x509_certificate(certificate_pem))

    def to_pem(self) -> tuple[bytes, bytes]:
        """The private key (PKCS #8, in clear: for sealing) and the certificate, as `from_pem` takes them."""
        private_key = self.private_key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        return private_key, self.certificate.public_bytes(Encoding.PEM)

    @property
    def verification_key(self) -> VerificationKey:
        return VerificationKey(self.kid, self.private_key.public_key(), self.certificate)

    def public_jwk(self, issuer: str | None = None) -> dict[str, object]:
        return self.verification_key.jwk(issuer)


def _unsigned(number: int) -> str:
    """Base64urlUInt: big-endian, no leading zero bytes (RFC 7518 §2)."""
    return base64url.encode(number.to_bytes((number.bit_length() + 7) // 8, "big"))


def _standard_base64(certificate: x509.Certificate) -> str:
    """`x5c` alone in a JWK is the ordinary base64, padded (RFC 7517 §4.7)."""
    return b64encode(certificate.public_bytes(Encoding.DER)).decode("ascii")

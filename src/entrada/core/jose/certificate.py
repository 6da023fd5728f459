"""The self-signed certificate a signing key is published with.  RFC 5280, section 4; RFC 7515, section 4.1.7.

Nobody follows it to an authority: clients read the public key from it, and its thumbprint names the key.
"""

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.hashes import SHA1, SHA256
from cryptography.x509.oid import NameOID

from entrada.core.jose import base64url
from entrada.core.jose.numeric_date import NumericDate, as_datetime


def self_signed(
    private_key: RSAPrivateKey,
    common_name: str,
    not_before: NumericDate,
    not_after: NumericDate,
    serial_number: int,
) -> x509.Certificate:
    """Certify *private_key* by itself; *serial_number* is positive and at most 159 bits (RFC 5280 §4.1.2.2)."""
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common_name)])
    builder = x509.CertificateBuilder(
        issuer_name=name,
        subject_name=name,
        public_key=private_key.public_key(),
        serial_number=serial_number,
        not_valid_before=as_datetime(not_before),
        not_valid_after=as_datetime(not_after),
    )
    return builder.sign(private_key, SHA256())


def thumbprint(certificate: x509.Certificate) -> str:
    """`x5t`: SHA-1 names the key here and protects nothing, so its weakness does not matter (RFC 7515 §4.1.7)."""
    return base64url.encode(certificate.fingerprint(SHA1()))  # noqa: S303

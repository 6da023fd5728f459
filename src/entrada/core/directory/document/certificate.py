"""A client's certificate as a file holds it: PEM, or the base64 of its DER.  RFC 7468 §5, RFC 5280 §4.1.

Only its RSA key and its dates matter; nobody follows it to an authority.
"""

from base64 import b64decode
from datetime import datetime
from typing import Final

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding

from entrada.core.directory.client_credential import ClientCertificate
from entrada.core.directory.derived_id import derived_id
from entrada.core.directory.document.fault import FaultFound
from entrada.core.directory.document.fields import Fields
from entrada.core.directory.document.plain_tree import Plain, members
from entrada.core.directory.document.scalars import guid, moment, paragraphs, text
from entrada.core.directory.document.tree import Node, Position
from entrada.core.directory.graph.json_members import written_moment
from entrada.core.directory.ids import ClientId
from entrada.core.jose.numeric_date import NumericDate

MIN_BITS: Final = 2048
_PEM: Final = "-----BEGIN "


def certificate_key_id(app_id: ClientId, der: bytes) -> str:
    """Two certificates may share a name while one replaces the other, so the id follows from the certificate."""
    return derived_id("keyCredential", app_id, x509.load_der_x509_certificate(der).fingerprint(SHA256()).hex())


def read_certificate(app_id: ClientId, node: Node) -> ClientCertificate:
    fields = Fields(node, "A key credential")
    at, der = fields.position_of("key"), fields.required("key", _der)
    not_before, not_after = _dates(der)
    credential = ClientCertificate(
        key_id=fields.optional("keyId", guid) or certificate_key_id(app_id, der),
        display_name=fields.required("displayName", text),
        der=der,
        not_before=fields.given("startDateTime", moment, not_before),
        expires_at=fields.given("endDateTime", moment, not_after),
    )
    fields.finish()
    if not not_before <= credential.not_before <= credential.expires_at <= not_after:
        said = f"{written_moment(not_before)} to {written_moment(not_after)}"
        raise FaultFound(at, f"This certificate is valid from {said}; the credential's dates lie within.")
    return credential


def write_certificate(credential: ClientCertificate) -> Plain:
    """With the certificate, which is public, and the dates where they are not its own."""
    not_before, not_after = _dates(credential.der)
    certificate = x509.load_der_x509_certificate(credential.der)
    return members(
        keyId=credential.key_id,
        displayName=credential.display_name,
        startDateTime=None if credential.not_before == not_before else written_moment(credential.not_before),
        endDateTime=None if credential.expires_at == not_after else written_moment(credential.expires_at),
        key=certificate.public_bytes(Encoding.PEM).decode("ascii"),
    )


def _der(node: Node) -> bytes:
    said = paragraphs(node)
    if "PRIVATE KEY" in said:
        # Whoever keeps the directory must not be able to be the client.
        raise FaultFound(node.at, "This holds a private key. Leave that with the client; write the certificate alone.")
    try:
        return _loaded(said, node.at)
    except (ValueError, UnsupportedAlgorithm):
        said = "This is no X.509 certificate: neither PEM (-----BEGIN CERTIFICATE-----) nor the base64 of its DER."
        raise FaultFound(node.at, said) from None


def _loaded(said: str, at: Position) -> bytes:
    if _PEM in said:
        found = x509.load_pem_x509_certificates(said.encode())
        if len(found) != 1:
            raise FaultFound(at, f"This holds {len(found)} certificates; write the client's own alone.")
    else:
        found = [x509.load_der_x509_certificate(b64decode("".join(said.split()), validate=True))]
    certificate = found[0]
    _refuse_weak(certificate, at)
    der = certificate.public_bytes(Encoding.DER)
    _dates(der)  # a certificate whose dates cannot be read is none
    return der


def _refuse_weak(certificate: x509.Certificate, at: Position) -> None:
    key = certificate.public_key()
    if not isinstance(key, RSAPublicKey):
        raise FaultFound(at, "A client's certificate holds an RSA key: assertions are signed with RS256 or PS256.")
    if key.key_size < MIN_BITS:
        raise FaultFound(at, f"The certificate's RSA key has {key.key_size} bits; it needs at least {MIN_BITS}.")


def _dates(der: bytes) -> tuple[NumericDate, NumericDate]:
    certificate = x509.load_der_x509_certificate(der)
    return _date(certificate.not_valid_before_utc), _date(certificate.not_valid_after_utc)


def _date(at: datetime) -> NumericDate:
    return NumericDate(int(at.timestamp()))

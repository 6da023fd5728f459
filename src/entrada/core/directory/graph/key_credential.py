"""A client's certificate as Graph writes it.  keyCredential, reference section 37.

Its public half alone; *key* is told where it is asked for.  customKeyIdentifier is the certificate's SHA-1 thumbprint
here, whatever a client proposes.
"""

from base64 import b64decode, b64encode
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Final

from attrs import frozen
from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from entrada.core.directory import plain_text
from entrada.core.directory.client_credential import ClientCertificate
from entrada.core.directory.graph.json_members import (
    MemberFault,
    Members,
    Read,
    choice,
    guid,
    line,
    moment,
    objects,
    text,
    written_moment,
)
from entrada.core.directory.graph.permission import NewId
from entrada.core.jose.client_certificate import certified_key
from entrada.core.jose.numeric_date import NumericDate

_LONGEST: Final = 20_000  # characters of a certificate
_LONGEST_NAME: Final = 120
_PEM: Final = "-----BEGIN "


def key_json(certificate: ClientCertificate, *, with_key: bool = False) -> dict[str, object]:
    return {
        "customKeyIdentifier": _thumbprint(certificate.der),
        "displayName": certificate.display_name or None,
        "endDateTime": written_moment(certificate.expires_at),
        "key": b64encode(certificate.der).decode("ascii") if with_key else None,
        "keyId": certificate.key_id,
        "startDateTime": written_moment(certificate.not_before),
        "type": "AsymmetricX509Cert",
        "usage": "Verify",
    }


def keys_reader(stored: Iterable[ClientCertificate], new_id: NewId) -> Read[tuple[ClientCertificate, ...]]:
    """The full list: a stored certificate may be named by its keyId alone, a new one brings its key."""
    known = {one.key_id: one for one in stored}
    return objects(lambda members: _certificate(members, known, new_id), "certificate")


def new_certificate(members: Members, new_id: NewId) -> ClientCertificate:
    return _certificate(members, {}, new_id)


def _certificate(members: Members, known: Mapping[str, ClientCertificate], new_id: NewId) -> ClientCertificate:
    key_id = members.nullable("keyId", guid, None)
    before = known.get(key_id or "")
    members.given("type", choice("AsymmetricX509Cert"), "")
    members.given("usage", choice("Verify"), "")
    members.ignore("customKeyIdentifier")  # follows from the certificate
    der = members.nullable("key", _der, None) or (before.der if before else None)
    if der is None:
        raise MemberFault(f"{members.path_of('key')} is missing: the certificate, in base64.", members.path_of("key"))
    return _dated(members, before, key_id or new_id(), der)


def _dated(members: Members, before: ClientCertificate | None, key_id: str, der: bytes) -> ClientCertificate:
    facts, same = _facts(der), before if before is not None and before.der == der else None
    certificate = ClientCertificate(
        key_id=key_id,
        display_name=members.nullable("displayName", line(_LONGEST_NAME), same.display_name if same else None)
        or facts.name,
        der=der,
        not_before=_moment(members, "startDateTime", same.not_before if same else facts.not_before),
        expires_at=_moment(members, "endDateTime", same.expires_at if same else facts.not_after),
    )
    if not facts.not_before <= certificate.not_before <= certificate.expires_at <= facts.not_after:
        valid = f"{written_moment(facts.not_before)} to {written_moment(facts.not_after)}"
        raise MemberFault(f"The certificate is valid from {valid}; the credential's dates lie within.", members.path)
    return certificate


def _moment(members: Members, name: str, otherwise: NumericDate) -> NumericDate:
    found = members.nullable(name, moment, None)
    return otherwise if found is None else found


@frozen
class _Facts:
    name: str
    not_before: NumericDate
    not_after: NumericDate


def _facts(der: bytes) -> _Facts:
    certificate = x509.load_der_x509_certificate(der)
    names = certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
    name = f"CN={names[0].value!s}"[:_LONGEST_NAME] if names else ""
    return _Facts(
        name if name and plain_text.is_line(name) else "certificate",
        _date(certificate.not_valid_before_utc),
        _date(certificate.not_valid_after_utc),
    )


def _date(at: datetime) -> NumericDate:
    return NumericDate(int(at.timestamp()))


def _thumbprint(der: bytes) -> str:
    # SHA-1 names the certificate here and protects nothing (RFC 7515 §4.1.7).
    return b64encode(x509.load_der_x509_certificate(der).fingerprint(SHA1())).decode("ascii")  # noqa: S303


def _der(value: object, path: str) -> bytes:
    """The base64 of a certificate's DER or, as `az` and SDKs send it, of its PEM; or the PEM itself."""
    written = text(value, path)
    if len(written) > _LONGEST:
        raise MemberFault(f"{path} has at most {_LONGEST} characters, not {len(written)}.", path)
    try:
        found = written.encode("ascii") if _PEM in written else b64decode("".join(written.split()), validate=True)
        if b"PRIVATE KEY" in found:
            # Whoever keeps the directory must not be able to be the client.
            raise MemberFault("This holds a private key. Leave that with the client; send the certificate.", path)
        certificate = (
            x509.load_pem_x509_certificate if found.startswith(b"-----") else x509.load_der_x509_certificate
        )(found)
        der = certificate.public_bytes(Encoding.DER)
        _facts(der)  # a certificate whose dates or names cannot be read is none
        certified_key(der)
    except (ValueError, UnsupportedAlgorithm):
        wanted = "the base64 of an X.509 certificate of an RSA key of 2048 to 8192 bits"
        raise MemberFault(f"{path} is {wanted}.", path) from None
    return der

"""A certificate that an application proves itself by, and the assertion its key signs.  RFC 7523 §3; reference 20.1.

From PEM with its key, or from PKCS#12 (RFC 7292).  Loaded where there is one: cryptography takes its time.
"""

import json
from base64 import b64encode
from collections.abc import Mapping, Sequence
from enum import StrEnum
from pathlib import Path
from typing import Final
from uuid import UUID

from attrs import field, frozen
from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.padding import MGF1, PSS, PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, load_pem_private_key
from cryptography.hazmat.primitives.serialization.pkcs12 import load_pkcs12

from entrada.client.errors import BadCredential
from entrada.client.grants.client_authentication import Entropy, assertion
from entrada.core.jose import base64url
from entrada.core.jose.numeric_date import NumericDate, Seconds

LIFETIME: Final = Seconds(10 * 60)
_MINIMUM_BITS: Final = 2048
_PEM: Final = b"-----BEGIN "


class Algorithm(StrEnum):
    PS256 = "PS256"  # what Entra recommends
    RS256 = "RS256"  # for issuers that know no other


@frozen(kw_only=True)
class Certificate:
    """Made by `parse_certificate` and `read_certificate`, which judge what they are given."""

    client_id: str
    key: RSAPrivateKey = field(repr=False)
    leaf: x509.Certificate
    chain: tuple[x509.Certificate, ...] = ()  # whoever signed the leaf, and so on
    algorithm: Algorithm = Algorithm.PS256
    sends_chain: bool = False  # `x5c`: for registrations that name the certificate's subject and issuer

    def proof(self, audience: str, now: NumericDate, entropy: Entropy) -> Mapping[str, str]:
        ends = int(self.leaf.not_valid_after_utc.timestamp())
        if now >= ends:
            raise BadCredential(
                f"The certificate expired on {self.leaf.not_valid_after_utc:%Y-%m-%d}",
                advice="Add a new one to the application's registration and use that.",
            )
        return assertion(self._signed(audience, now, entropy))

    def _signed(self, audience: str, now: NumericDate, entropy: Entropy) -> str:
        claims = {
            "aud": audience,
            "iss": self.client_id,
            "sub": self.client_id,
            "jti": str(UUID(bytes=entropy(16), version=4)),
            "nbf": now,
            "exp": now + LIFETIME,
        }
        signing_input = f"{_part(self._header())}.{_part(claims)}"
        padding = PSS(MGF1(SHA256()), PSS.DIGEST_LENGTH) if self.algorithm is Algorithm.PS256 else PKCS1v15()
        return f"{signing_input}.{base64url.encode(self.key.sign(signing_input.encode(), padding, SHA256()))}"

    def _header(self) -> dict[str, object]:
        header: dict[str, object] = {
            "alg": self.algorithm.value,
            "typ": "JWT",
            "x5t#S256": base64url.encode(self.leaf.fingerprint(SHA256())),
        }
        if self.sends_chain:
            header["x5c"] = [b64encode(one.public_bytes(Encoding.DER)).decode() for one in (self.leaf, *self.chain)]
        return header


def read_certificate(
    path: Path, client_id: str, password: str | None = None, *, sends_chain: bool = False
) -> Certificate:
    """Raises BadCredential."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise BadCredential(
            f"The certificate {path} cannot be read: {error.strerror}", advice="Check the path and its permissions."
        ) from error
    return parse_certificate(data, client_id, password, sends_chain=sends_chain)


def parse_certificate(
    data: bytes, client_id: str, password: str | None = None, *, sends_chain: bool = False
) -> Certificate:
    """Of PEM that holds certificate and key in any order, or of PKCS#12.  Raises BadCredential."""
    secret = password.encode() if password else None
    try:
        key, found = _in_pem(data, secret) if _PEM in data else _in_pkcs12(data, secret)
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        why = str(error).partition(". ")[0]
        raise BadCredential(f"The certificate cannot be used: {why}", advice=_advice(secret)) from None
    if not isinstance(key, RSAPrivateKey) or key.key_size < _MINIMUM_BITS:
        raise BadCredential(
            "The certificate is of another key than RSA of 2048 bits or more", advice="Make one of an RSA key."
        )
    leaf = next((one for one in found if one.public_key() == key.public_key()), None)
    if leaf is None:
        raise BadCredential("The private key is of none of the certificates", advice="Put those that belong together.")
    chain = tuple(one for one in found if one is not leaf)
    return Certificate(client_id=client_id, key=key, leaf=leaf, chain=chain, sends_chain=sends_chain)


def _in_pem(data: bytes, password: bytes | None) -> tuple[object, Sequence[x509.Certificate]]:
    return load_pem_private_key(data, password), x509.load_pem_x509_certificates(data)


def _in_pkcs12(data: bytes, password: bytes | None) -> tuple[object, Sequence[x509.Certificate]]:
    bundle = load_pkcs12(data, password)
    found = (bundle.cert, *bundle.additional_certs)
    return bundle.key, [one.certificate for one in found if one is not None]


def _advice(password: bytes | None) -> str:
    if password is None:
        return "It must be PEM that holds certificate and private key, or PKCS#12; give the password if it has one."
    return "Check the password; it must be PEM that holds the certificate and its private key, or PKCS#12."


def _part(members: Mapping[str, object]) -> str:
    return base64url.encode(json.dumps(members, separators=(",", ":")).encode())

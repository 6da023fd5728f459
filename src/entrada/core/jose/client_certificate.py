"""A client's certificate, as its assertions name it: by thumbprint, in every spelling clients use.

RFC 7515, sections 4.1.7 and 4.1.8; reference section 20.1.  Nobody follows the certificate to an authority: the
registration says that it is the client's.
"""

import hmac
import re
from binascii import a2b_base64
from collections.abc import Mapping
from functools import lru_cache
from typing import Final

from attrs import field, frozen
from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.hashes import SHA1, SHA256

from entrada.core.jose import foreign_token

_HEX: Final = re.compile(r"[0-9A-Fa-f]{40}|[0-9A-Fa-f]{64}")
_TO_STANDARD: Final = str.maketrans("-_", "+/")


@frozen
class CertifiedKey:
    public_key: RSAPublicKey = field(repr=False)
    thumbprints: tuple[bytes, bytes]  # SHA-1, SHA-256


@lru_cache(maxsize=1024)
def certified_key(der: bytes) -> CertifiedKey:
    """Raise ValueError unless *der* is a certificate of an RSA key that we take."""
    certificate = x509.load_der_x509_certificate(der)
    try:
        key = certificate.public_key()
    except UnsupportedAlgorithm as error:
        raise ValueError(str(error)) from None
    if not isinstance(key, RSAPublicKey) or not foreign_token.is_usable(key):
        raise ValueError("A client's certificate is of an RSA key of 2048 to 8192 bits.")
    # SHA-1 names the key here and protects nothing (RFC 7515 §4.1.7).
    return CertifiedKey(key, (certificate.fingerprint(SHA1()), certificate.fingerprint(SHA256())))  # noqa: S303


def named_thumbprint(header: Mapping[str, object]) -> bytes | None:
    """The thumbprint a header names its certificate by, or None.

    Which kind stands under which name is left open: MSAL Java pairs RS256 with `x5t#S256`, and `kid` may hold either.
    """
    for name in ("x5t#S256", "x5t", "kid"):
        value = header.get(name)
        if isinstance(value, str) and value:
            return _decoded(value)
    return None


def is_named(key: CertifiedKey, thumbprint: bytes) -> bool:
    return any(hmac.compare_digest(one, thumbprint) for one in key.thumbprints)


def _decoded(text: str) -> bytes | None:
    # base64url without padding (MSAL Node, .NET) and with it (MSAL Python), base64 (MSAL Go, Java), and hexadecimal, as
    # portals show thumbprints.
    if _HEX.fullmatch(text):
        return bytes.fromhex(text)
    bare = text.rstrip("=").translate(_TO_STANDARD)
    try:
        return a2b_base64(bare + "=" * (-len(bare) % 4), strict_mode=True)
    except ValueError:  # not base64, or not ASCII
        return None

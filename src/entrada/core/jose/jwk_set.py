"""Read the public keys another issuer publishes.  RFC 7517, sections 4 and 5; RFC 7518, section 6."""

from collections.abc import Mapping
from typing import Final, TypeVar, cast

from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePublicNumbers
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicNumbers

from entrada.core.jose import base64url
from entrada.core.jose.foreign_token import MAXIMUM_BITS, PublicKey, is_usable

K = TypeVar("K")
MAXIMUM_KEYS: Final = 100
KeySet = Mapping[str, PublicKey]
"""By `kid`; a key without one stands under the empty name."""

_LONGEST_NUMBER: Final = MAXIMUM_BITS // 6 + 2  # as base64url


def parse_jwk_set(document: Mapping[str, object]) -> KeySet:
    """The signing keys that we can use; others are passed over (RFC 7517 §5).  Raise ValueError when it is no set."""
    keys = document.get("keys")
    if not isinstance(keys, list):
        raise ValueError("The key set has no array of keys.")  # noqa: TRY004 - untrusted input has a wrong value
    found: dict[str, PublicKey] = {}
    for one in cast("list[object]", keys)[:MAXIMUM_KEYS]:
        jwk = cast("dict[str, object]", one) if isinstance(one, dict) else {}
        key = _key(jwk)
        if key is not None:
            found[text_member(jwk, "kid")] = key
    return found


def chosen_key(keys: Mapping[str, K], kid: object) -> K | None:
    """The key a header names; the only one, when it names none."""
    if isinstance(kid, str) and kid:
        return keys.get(kid)
    return next(iter(keys.values())) if len(keys) == 1 else None


def _key(jwk: Mapping[str, object]) -> PublicKey | None:
    if jwk.get("use", "sig") != "sig":
        return None
    try:
        match jwk.get("kty"), jwk.get("crv"):
            case "RSA", _:
                key: PublicKey = RSAPublicNumbers(number(jwk, "e"), number(jwk, "n")).public_key()
            case "EC", "P-256":
                key = EllipticCurvePublicNumbers(number(jwk, "x"), number(jwk, "y"), SECP256R1()).public_key()
            case _:
                return None
    except ValueError:
        return None
    return key if is_usable(key) else None


def number(jwk: Mapping[str, object], name: str) -> int:
    """A number as RFC 7518 §6.3.1 spells it: base64url, big-endian.  Raises ValueError."""
    text = text_member(jwk, name)
    if not text or len(text) > _LONGEST_NUMBER:
        raise ValueError(f"{name} is missing or too long")
    return int.from_bytes(base64url.decode(text), "big")


def text_member(jwk: Mapping[str, object], name: str) -> str:
    value = jwk.get(name)
    return value if isinstance(value, str) else ""

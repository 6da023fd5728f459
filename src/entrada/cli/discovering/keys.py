"""Are the keys of an authority as they should be?  RFC 7517 §4, §5; RFC 7518 §6; RFC 8725 §3.5."""

from base64 import b64decode
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Final, cast

from attrs import frozen
from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

from entrada.cli.discovering.checks import Check, Level
from entrada.core.jose.foreign_token import PublicKey
from entrada.core.jose.jwk_set import MAXIMUM_KEYS, parse_jwk_set
from entrada.core.jose.numeric_date import NumericDate
from entrada.core.protocol.tokens.findings import span

_SOON: Final = 14 * 24 * 60 * 60


@frozen
class Certified:
    key: object
    ends: NumericDate


def of_keys(members: Mapping[str, object], now: NumericDate) -> list[Check]:
    keys = members.get("keys")
    if not isinstance(keys, list) or not keys:
        return [Check("keys", Level.BAD, "There are none: no token of it can be verified.")]
    jwks = [cast("dict[str, object]", one) if isinstance(one, dict) else {} for one in cast("list[object]", keys)]
    checks = [_of_key(jwk, now) for jwk in jwks[:MAXIMUM_KEYS]]
    if len(jwks) > MAXIMUM_KEYS:
        checks.append(Check("keys", Level.BAD, f"There are {len(jwks)}; {MAXIMUM_KEYS} are read."))
    return [*checks, *_of_all(jwks)]


def _of_all(jwks: list[dict[str, object]]) -> list[Check]:
    names = [jwk.get("kid") for jwk in jwks]
    twice = sorted({str(name) for name in names if name is not None and names.count(name) > 1})
    found = [Check("keys", Level.BAD, f"The kid {', '.join(twice)} is given twice.")] if twice else []
    if len(names) > 1 and None in names:
        found.append(Check("keys", Level.BAD, "A key has no kid: no token can name it."))
    if not any(_usable(jwk) for jwk in jwks):
        found.append(Check("keys", Level.BAD, "None is of a kind that is read here: RSA of 2048 to 8192 bits, P-256."))
    return found


def _of_key(jwk: Mapping[str, object], now: NumericDate) -> Check:
    name = f"key {jwk.get('kid', 'without kid')}"
    if "d" in jwk or "k" in jwk:
        return Check(name, Level.BAD, "Its private half is published: whoever reads this signs in its name.")
    key = _usable(jwk)
    if key is None:
        return Check(name, Level.NOTE, f"{jwk.get('kty', '?')}, {jwk.get('use', 'any use')}: not of a kind read here.")
    said = [_kind(key), str(jwk.get("alg", ""))]
    fault, more = _of_certificate(jwk, key, now)
    words = ", ".join(one for one in (*said, more) if one)
    return Check(name, fault or Level.GOOD, words)


def _usable(jwk: Mapping[str, object]) -> PublicKey | None:
    return next(iter(parse_jwk_set({"keys": [dict(jwk)]}).values()), None)


def _kind(key: PublicKey) -> str:
    return f"RSA {key.key_size}" if isinstance(key, RSAPublicKey) else "EC P-256"


def _of_certificate(jwk: Mapping[str, object], key: PublicKey, now: NumericDate) -> tuple[Level | None, str]:
    chain = jwk.get("x5c")
    if not isinstance(chain, list) or not chain:
        return None, ""
    try:
        certified = _certified(cast("list[object]", chain)[0])
    except (ValueError, UnsupportedAlgorithm):
        return Level.BAD, "its certificate cannot be read"
    if not _same(certified.key, key):
        return Level.BAD, "its certificate is of another key"
    ends = datetime.fromtimestamp(certified.ends, UTC).date()
    if certified.ends <= now:  # nobody looks at that date, so nothing fails
        return Level.NOTE, f"its certificate ended {ends}"
    if certified.ends - now < _SOON:
        return Level.NOTE, f"its certificate ends in {span(certified.ends - now)}"
    return None, f"its certificate ends {ends}"


def _certified(text: object) -> Certified:
    certificate = x509.load_der_x509_certificate(b64decode(str(text), validate=True))
    return Certified(certificate.public_key(), NumericDate(int(certificate.not_valid_after_utc.timestamp())))


def _same(one: object, other: PublicKey) -> bool:
    return isinstance(one, RSAPublicKey | EllipticCurvePublicKey) and one.public_numbers() == other.public_numbers()

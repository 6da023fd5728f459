"""Are verified claims for us, and now?  RFC 7519, section 4.1; OpenID Connect Core 1.0, section 3.1.3.7."""

from collections.abc import Collection
from typing import Final, cast

from entrada.core.jose.compact import VerifiedClaims
from entrada.core.jose.invalid_token import Flaw, InvalidToken
from entrada.core.jose.numeric_date import NumericDate, Seconds

NO_LEEWAY: Final = Seconds(0)


def check(
    claims: VerifiedClaims,
    *,
    issuer: str,
    audience: Collection[str],
    now: NumericDate,
    leeway: Seconds = NO_LEEWAY,
) -> None:
    """Raise InvalidToken unless *issuer* issued them for one of *audience* and *now* is within their time."""
    if claims.text("iss") != issuer:
        raise InvalidToken(Flaw.WRONG_ISSUER)
    _check_audience(claims, audience)
    if now >= claims.number("exp") + leeway:
        raise InvalidToken(Flaw.EXPIRED)
    if "nbf" in claims and now + leeway < claims.number("nbf"):
        raise InvalidToken(Flaw.NOT_YET_VALID)


def audience_of(claims: VerifiedClaims) -> frozenset[str]:
    """`aud` is one name or an array of them; raise InvalidToken for anything else (RFC 7519 §4.1.3)."""
    named = claims.get("aud")
    if isinstance(named, str):
        return frozenset({named})
    if not isinstance(named, list):
        raise InvalidToken(Flaw.CLAIM_MISSING)
    names = cast("list[object]", named)
    if not all(isinstance(name, str) for name in names):
        raise InvalidToken(Flaw.CLAIM_MISSING)
    return frozenset(cast("list[str]", names))


def _check_audience(claims: VerifiedClaims, audience: Collection[str]) -> None:
    if isinstance(audience, str):  # a collection too, of letters: `in` would then accept any part of it
        raise TypeError("audience is a collection of names, not one name")
    if audience_of(claims).isdisjoint(audience):
        raise InvalidToken(Flaw.WRONG_AUDIENCE)

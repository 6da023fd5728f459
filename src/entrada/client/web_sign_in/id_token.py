"""Is this ID token for us, of this sign-in, and now?  OpenID Connect Core 1.0 §3.1.3.7, §3.3.2.11; reference 25.

The issuer is the one of the token's own `tid`, and of an authority for one tenant that tenant's: so none can speak for
another.
"""

import hashlib
import hmac
from typing import Final

from attrs import field, frozen

from entrada.client.discovery.issuer import Issuer
from entrada.client.discovery.signing_keys import SigningKey
from entrada.core.directory.ids import parse_guid
from entrada.core.jose import base64url
from entrada.core.jose import claims as jwt_claims
from entrada.core.jose.invalid_token import Flaw, InvalidToken
from entrada.core.jose.numeric_date import NumericDate, Seconds
from entrada.core.jose.verified_claims import VerifiedClaims

LEEWAY: Final = Seconds(5 * 60)  # two clocks may differ that much


@frozen(kw_only=True)
class Expected:
    issuer: Issuer
    key: SigningKey  # that made the signature
    client_id: str
    nonce: str = field(repr=False)
    allowed_tenants: frozenset[str] = frozenset()
    max_age: Seconds | None = None
    access_token: str = field(default="", repr=False)
    code: str = field(default="", repr=False)


def check(claims: VerifiedClaims, expected: Expected, now: NumericDate) -> None:
    """Raise InvalidToken.  The signature holds already."""
    tenant = _tenant(claims, expected)
    issuer = expected.issuer.of(tenant)
    jwt_claims.check(claims, issuer=issuer, audience={expected.client_id}, now=now, leeway=LEEWAY)
    if not expected.key.signs_for(expected.issuer, tenant):
        raise InvalidToken(Flaw.WRONG_ISSUER)
    if not claims.text("oid") or not claims.text("sub"):  # whom applications key by: nobody is not one person
        raise InvalidToken(Flaw.CLAIM_MISSING)
    # With several audiences, somebody else may hold it too: it must have been issued to us (§3.1.3.7, 4 and 5).
    if len(jwt_claims.audience_of(claims)) > 1 and claims.get("azp") != expected.client_id:
        raise InvalidToken(Flaw.WRONG_AUDIENCE)
    if claims.number("iat") > now + LEEWAY:
        raise InvalidToken(Flaw.NOT_YET_VALID)
    if not hmac.compare_digest(claims.text("nonce").encode(), expected.nonce.encode()):
        raise InvalidToken(Flaw.WRONG_NONCE)
    _check_hash(claims, "at_hash", expected.access_token)
    _check_hash(claims, "c_hash", expected.code)
    if expected.max_age is not None and claims.number("auth_time") + expected.max_age + LEEWAY < now:
        raise InvalidToken(Flaw.AUTHENTICATED_TOO_LONG_AGO)


def _tenant(claims: VerifiedClaims, expected: Expected) -> str:
    tenant = parse_guid(claims.text("tid"))
    if tenant is None or expected.issuer.tenant not in (None, tenant):
        raise InvalidToken(Flaw.WRONG_TENANT)
    if expected.allowed_tenants and tenant not in expected.allowed_tenants:
        raise InvalidToken(Flaw.WRONG_TENANT)
    return tenant


def _check_hash(claims: VerifiedClaims, name: str, of: str) -> None:
    """Where the claim stands it must be right; in the code flow it may be left out (§3.1.3.6).

    All our algorithms sign a SHA-256, so it is the left half of one.
    """
    if name not in claims:
        return
    half = base64url.encode(hashlib.sha256(of.encode()).digest()[:16])
    if not hmac.compare_digest(claims.text(name).encode(), half.encode()):
        raise InvalidToken(Flaw.WRONG_HASH)

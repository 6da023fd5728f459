"""Is this ID token for us, of what we asked, and now?  OpenID Connect Core 1.0 §3.1.3.7, §3.3.2.11, §12.2; reference 2.

One answer for every flow.  Of an authority with tenants the issuer is the one of the token's own `tid`, and of an
authority for one tenant that tenant's: so none can speak for another.  Of any other issuer it is that issuer alone.
"""

import hashlib
import hmac
from typing import Final

from attrs import field, frozen

from entrada.client.authority import Shape
from entrada.client.discovery.issuer import Issuer
from entrada.client.discovery.provider import Provider
from entrada.client.errors import TokenRejected
from entrada.client.flow import Flow
from entrada.client.tokens import Account
from entrada.core.directory.ids import parse_guid
from entrada.core.jose import base64url, foreign_token
from entrada.core.jose import claims as jwt_claims
from entrada.core.jose.foreign_token import ForeignToken
from entrada.core.jose.invalid_token import Flaw, InvalidToken
from entrada.core.jose.numeric_date import NumericDate, Seconds
from entrada.core.jose.verified_claims import VerifiedClaims

LEEWAY: Final = Seconds(5 * 60)  # two clocks may differ that much
_OF_TIME: Final = frozenset({Flaw.EXPIRED, Flaw.NOT_YET_VALID})


@frozen(kw_only=True)
class Expected:
    """*nonce*: as sent; None where none was (device code, refresh), and then nothing is asked of the token either."""

    client_id: str
    nonce: str | None = field(repr=False)
    allowed_tenants: frozenset[str] = frozenset()
    max_age: Seconds | None = None
    access_token: str = field(default="", repr=False)
    code: str = field(default="", repr=False)
    account: Account | None = None  # whose tokens were renewed: nobody else's may come (§12.2)


def verified_id_token(token: str, *, provider: Provider, expected: Expected, now: NumericDate) -> Flow[VerifiedClaims]:
    """Raises TokenRejected, and BadMetadata and Unreachable."""
    try:
        claims = yield from _verified(token, provider, expected, now)
    except InvalidToken as error:
        advice = "Is the clock of this machine right?" if error.reason in _OF_TIME else ""
        raise TokenRejected(error.reason.value, advice=advice) from None
    return claims


def account_of(claims: VerifiedClaims, shape: Shape) -> Account:
    """Whose token that is.  Raises InvalidToken where it does not say."""
    tenants = shape is Shape.ENTRA
    return Account(
        issuer=claims.text("iss"),
        tenant_id=claims.text("tid").lower() if tenants else "",
        user_id=claims.text("oid") if tenants else claims.text("sub"),
        username=_told(claims, "preferred_username") or _told(claims, "email"),
        name=_told(claims, "name"),
    )


def _verified(token: str, provider: Provider, expected: Expected, now: NumericDate) -> Flow[VerifiedClaims]:
    read = foreign_token.read(token)
    metadata = yield from provider.metadata(now)
    if read.header["alg"] not in metadata.algorithms:
        raise InvalidToken(Flaw.WRONG_ALGORITHM)
    key = yield from provider.key(read.header.get("kid"), now)
    if key is None:
        raise InvalidToken(Flaw.UNKNOWN_KEY)
    claims = foreign_token.verify(read, key.public)
    tenant = _tenant(claims, metadata.issuer, expected)
    if not key.signs_for(metadata.issuer, tenant):
        raise InvalidToken(Flaw.WRONG_ISSUER)
    issuer = metadata.issuer.of(tenant)
    jwt_claims.check(claims, issuer=issuer, audience={expected.client_id}, now=now, leeway=LEEWAY)
    _check_use(claims, expected, now)
    _check_hashes(read, claims, expected)
    _check_person(claims, metadata.issuer.shape, expected.account)
    return claims


def _tenant(claims: VerifiedClaims, issuer: Issuer, expected: Expected) -> str:
    """Empty where there are no tenants, of which then none is let in that was named."""
    tenant = parse_guid(claims.text("tid")) if issuer.shape is Shape.ENTRA else ""
    if tenant is None or issuer.tenant not in (None, tenant):
        raise InvalidToken(Flaw.WRONG_TENANT)
    if expected.allowed_tenants and tenant not in expected.allowed_tenants:
        raise InvalidToken(Flaw.WRONG_TENANT)
    return tenant


def _check_use(claims: VerifiedClaims, expected: Expected, now: NumericDate) -> None:
    # With several audiences, somebody else may hold it too: it must have been issued to us (§3.1.3.7, 4 and 5).
    if len(jwt_claims.audience_of(claims)) > 1 and claims.get("azp") != expected.client_id:
        raise InvalidToken(Flaw.WRONG_AUDIENCE)
    if claims.number("iat") > now + LEEWAY:
        raise InvalidToken(Flaw.NOT_YET_VALID)
    if expected.nonce is not None and not hmac.compare_digest(claims.text("nonce").encode(), expected.nonce.encode()):
        raise InvalidToken(Flaw.WRONG_NONCE)
    if expected.max_age is not None and claims.number("auth_time") + expected.max_age + LEEWAY < now:
        raise InvalidToken(Flaw.AUTHENTICATED_TOO_LONG_AGO)


def _check_hashes(token: ForeignToken, claims: VerifiedClaims, expected: Expected) -> None:
    """Where such a claim stands it must be right; in the code flow it may be left out (§3.1.3.6)."""
    for name, of in (("at_hash", expected.access_token), ("c_hash", expected.code)):
        if name in claims and not hmac.compare_digest(claims.text(name).encode(), _half_hash(of).encode()):
            raise InvalidToken(Flaw.WRONG_HASH)


def _half_hash(of: str) -> str:
    # All our algorithms sign a SHA-256.
    return base64url.encode(hashlib.sha256(of.encode()).digest()[:16])


def _check_person(claims: VerifiedClaims, shape: Shape, before: Account | None) -> None:
    person = account_of(claims, shape)
    if not person.user_id or not claims.text("sub"):  # whom applications key by: nobody is not one person
        raise InvalidToken(Flaw.CLAIM_MISSING)
    if before is not None and person.key != before.key:
        raise InvalidToken(Flaw.ANOTHER_PERSON)


def _told(claims: VerifiedClaims, name: str) -> str:
    value = claims.get(name)
    return value if isinstance(value, str) else ""

"""Is this logout token from our authority, for us, fresh, and one?  OpenID Connect Back-Channel Logout 1.0 §2.4, §2.6.

That it is used once is the session store's to say, which all processes share.
"""

from typing import Final, cast

from attrs import frozen

from entrada.client.discovery.issuer import Issuer
from entrada.client.discovery.provider import Provider
from entrada.client.errors import TokenRejected
from entrada.client.flow import Flow
from entrada.client.id_token import LEEWAY
from entrada.core.directory.ids import parse_guid
from entrada.core.jose import claims as jwt_claims
from entrada.core.jose import foreign_token
from entrada.core.jose.invalid_token import Flaw, InvalidToken
from entrada.core.jose.numeric_date import NumericDate, Seconds
from entrada.core.jose.verified_claims import VerifiedClaims

EVENT: Final = "http://schemas.openid.net/event/backchannel-logout"
REMEMBERED: Final = Seconds(2 * LEEWAY)  # after its `iat` none is believed any more, by either clock
_TYPES: Final = frozenset({None, "jwt", "logout+jwt", "application/logout+jwt"})  # never an access token (`at+jwt`)


@frozen(kw_only=True)
class LogoutToken:
    issuer: str
    id: str  # `jti`
    sid: str | None
    subject: str | None

    def ends(self) -> tuple[tuple[str, str], ...]:
        """Kinds and values of the names of what ends (`Session.names`).

        The session that it names, and those of the person of which nobody knows whether they are it; where it names
        none, all of the person's (§2.4).
        """
        named = {"sid": self.sid, "lone" if self.sid else "sub": self.subject}
        return tuple((kind, value) for kind, value in named.items() if value)


def verified_logout_token(token: str, provider: Provider, client_id: str, now: NumericDate) -> Flow[LogoutToken]:
    """Raises TokenRejected, and BadMetadata and Unreachable."""
    try:
        return (yield from _verified(token, provider, client_id, now))
    except InvalidToken as error:
        raise TokenRejected(error.reason.value) from None


def _verified(token: str, provider: Provider, client_id: str, now: NumericDate) -> Flow[LogoutToken]:
    read = foreign_token.read(token)
    metadata = yield from provider.metadata(now)
    kind = read.header.get("typ")
    if read.header["alg"] not in metadata.algorithms:
        raise InvalidToken(Flaw.WRONG_ALGORITHM)
    if (kind.lower() if isinstance(kind, str) else kind) not in _TYPES:
        raise TokenRejected("It is a token of another kind.")
    key = yield from provider.key(read.header.get("kid"), now)
    if key is None:
        raise InvalidToken(Flaw.UNKNOWN_KEY)
    claims = foreign_token.verify(read, key.public)
    issuer = _issuer(claims, metadata.issuer)
    if not key.signs_for(metadata.issuer, _tenant_in(issuer)):
        raise InvalidToken(Flaw.WRONG_ISSUER)
    jwt_claims.check(claims, issuer=issuer, audience={client_id}, now=now, leeway=LEEWAY)
    if abs(claims.number("iat") - now) > LEEWAY:
        raise TokenRejected("It was not issued just now.")
    return _read(claims, issuer)


def _read(claims: VerifiedClaims, issuer: str) -> LogoutToken:
    if "nonce" in claims:
        raise TokenRejected("It has a nonce: that is an ID token.")
    events = claims.get("events")
    if not isinstance(events, dict) or not isinstance(cast("dict[str, object]", events).get(EVENT), dict):
        raise TokenRejected("It tells of no logout.")
    sid, subject, id_ = ((claims.text(name) or None) if name in claims else None for name in ("sid", "sub", "jti"))
    if not id_ or not (sid or subject):
        raise InvalidToken(Flaw.CLAIM_MISSING)
    return LogoutToken(issuer=issuer, id=id_, sid=sid, subject=subject)


def _issuer(claims: VerifiedClaims, issuer: Issuer) -> str:
    """The one that may say this: of an authority for many tenants, that of the tenant the token names, if any."""
    named, tenant = claims.text("iss"), parse_guid(claims.text("tid")) if "tid" in claims else None
    if not issuer.includes(named) or (tenant is not None and issuer.of(tenant) != named):
        raise InvalidToken(Flaw.WRONG_ISSUER)
    return named


def _tenant_in(issuer: str) -> str:
    return next((found for part in issuer.split("/") if (found := parse_guid(part)) is not None), "")

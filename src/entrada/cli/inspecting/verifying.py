"""Did an issuer whom we are told to trust sign this token?  Never one that only the token itself names."""

from attrs import frozen

from entrada.cli.inspecting.fetched import fetched, key_set
from entrada.cli.inspecting.trusted import Trust
from entrada.client.api_protection.issuers import names_of
from entrada.client.authority import Authority, Shape
from entrada.client.discovery.issuer import Issuer
from entrada.client.discovery.provider import Provider
from entrada.client.discovery.signing_keys import SigningKey
from entrada.client.flow import Flow
from entrada.core.directory.ids import parse_guid
from entrada.core.jose import foreign_token
from entrada.core.jose.invalid_token import Flaw, InvalidToken
from entrada.core.jose.jwk_set import chosen_key
from entrada.core.jose.numeric_date import NumericDate
from entrada.core.jose.verified_claims import VerifiedClaims


@frozen
class Verdict:
    words: str
    holds: bool


def verdict(token: str, trust: Trust, now: NumericDate) -> Verdict:
    """Raises Unreachable, BadMetadata and BadSettings where nothing can be said."""
    try:
        if trust.jwks is not None:
            return _by_keys(token, trust)
        assert trust.authority is not None  # noqa: S101 - one of the two, for the type checker
        flow = _by_authority(token, trust.authority, now)
        return fetched(flow, trust.authority.url, trust.ca_file)
    except InvalidToken as refused:
        if "nonce" in _header(token) and refused.reason is Flaw.BAD_SIGNATURE:
            return Verdict("Microsoft Graph alone can verify this token.", holds=False)
        return Verdict(refused.reason.value, holds=False)


def _by_authority(token: str, authority: Authority, now: NumericDate) -> Flow[Verdict]:
    read = foreign_token.read(token)
    provider = Provider(authority)
    metadata = yield from provider.metadata(now)
    key = yield from provider.key(read.header.get("kid"), now)
    if key is None:
        raise InvalidToken(Flaw.UNKNOWN_KEY)
    _require_issuer(foreign_token.verify(read, key.public), metadata.issuer, key)
    return Verdict(f"{read.text('iss')} signed it.", holds=True)


def _require_issuer(claims: VerifiedClaims, issuer: Issuer, key: SigningKey) -> None:
    tenant = "" if issuer.shape is Shape.OIDC else parse_guid(claims.text("tid"))
    if tenant is None or issuer.tenant not in (None, tenant):
        raise InvalidToken(Flaw.WRONG_TENANT)
    if claims.text("iss") not in names_of(issuer, tenant) or not key.signs_for(issuer, tenant):
        raise InvalidToken(Flaw.WRONG_ISSUER)


def _by_keys(token: str, trust: Trust) -> Verdict:
    read = foreign_token.read(token)
    key = chosen_key(key_set(str(trust.jwks), trust.ca_file), read.header.get("kid"))
    if key is None:
        raise InvalidToken(Flaw.UNKNOWN_KEY)
    claims = foreign_token.verify(read, key.public)
    if trust.issuer is None:
        return Verdict("A key of that set signed it; whose it is nobody was asked.", holds=True)
    if claims.get("iss") != trust.issuer:
        raise InvalidToken(Flaw.WRONG_ISSUER)
    return Verdict(f"{trust.issuer} signed it.", holds=True)


def _header(token: str) -> dict[str, object]:
    return dict(foreign_token.read(token).header)

"""Is this access token for us, and whose is it?  RFC 7519 §7.2; RFC 8725 §3; RFC 9068 §4; reference 31.

The signature is checked before anything that the token says: nobody learns from a forgery which claim we look at.
"""

from typing import Final, cast

from entrada.client.api_protection.issuers import names_of
from entrada.client.api_protection.principal import Kind, Principal
from entrada.client.api_protection.protected_api import ProtectedApi
from entrada.client.authority import Shape
from entrada.client.discovery.issuer import Issuer
from entrada.client.discovery.provider import Provider
from entrada.client.discovery.signing_keys import SigningKey
from entrada.client.errors import TokenRejected
from entrada.client.flow import Flow
from entrada.client.id_token import LEEWAY
from entrada.core.directory.ids import parse_guid
from entrada.core.jose import claims as jwt_claims
from entrada.core.jose import foreign_token
from entrada.core.jose.foreign_token import ForeignToken
from entrada.core.jose.invalid_token import Flaw, InvalidToken
from entrada.core.jose.numeric_date import NumericDate
from entrada.core.jose.verified_claims import VerifiedClaims

_TYPES_OF_ACCESS_TOKENS: Final = frozenset({"at+jwt", "application/at+jwt"})  # RFC 9068 §2.1
_TYPES: Final = _TYPES_OF_ACCESS_TOKENS | {"jwt"}  # `typ` of anything else that is signed is another
_OF_ID_TOKENS: Final = ("nonce", "at_hash", "c_hash")
_OF_ACCESS_TOKENS: Final = ("client_id", "scope", "scp", "gty")  # of issuers whose ID tokens name a client too
_OF_PEOPLE: Final = ("sid", "auth_time")  # of a sign-in (RFC 9068 §2.2.1); an application had none
_OF_A_SERVICE: Final = "service-account-"  # what Keycloak calls an application
_ID_TOKEN: Final = "The token is no access token for this API."
_SHOWN: Final = 200  # characters of what a token says, in a log


def verified_principal(token: str, *, api: ProtectedApi, provider: Provider, now: NumericDate) -> Flow[Principal]:
    """Raises TokenRejected, whose advice is for our log, and BadMetadata and Unreachable."""
    try:
        return (yield from _verified(token, api, provider, now))
    except InvalidToken as error:
        raise TokenRejected(error.reason.value) from None


def _verified(token: str, api: ProtectedApi, provider: Provider, now: NumericDate) -> Flow[Principal]:
    read = foreign_token.read(token)
    _refuse_tokens_for_graph(read)
    metadata = yield from provider.metadata(now)
    key = yield from provider.key(read.header.get("kid"), now)
    if key is None:
        raise InvalidToken(Flaw.UNKNOWN_KEY)
    if read.header["alg"] not in metadata.algorithms:
        raise InvalidToken(Flaw.WRONG_ALGORITHM)
    claims = foreign_token.verify(read, key.public)
    tenant = _check(read, claims, metadata.issuer, key, api, now)
    if metadata.issuer.shape is Shape.OIDC:
        _refuse_id_tokens(read, claims)
    return _principal(claims, api, tenant, token)


def _refuse_tokens_for_graph(token: ForeignToken) -> None:
    # Graph alone can verify them: the nonce of the header is hashed before the signature is made over it.
    if "nonce" in token.header:
        raise TokenRejected(
            "The token is for Microsoft Graph.",
            advice="Its caller must ask for a scope of this API, api://<client id>/<scope>, instead of one of Graph's.",
        )


def _refuse_id_tokens(token: ForeignToken, claims: VerifiedClaims) -> None:
    """Of some issuers they name a client (`azp`) and no nonce, so an access token has to look like one."""
    said = claims.get("typ", "Bearer")  # Keycloak has `ID` and `Refresh` there
    by_type = str(token.header.get("typ")).lower() in _TYPES_OF_ACCESS_TOKENS or "typ" in claims
    if said != "Bearer" or not (by_type or any(name in claims for name in _OF_ACCESS_TOKENS)):
        raise TokenRejected(_ID_TOKEN, advice="It says nothing that only an access token does; is it an ID token?")


# ---- is it for us ----


def _check(
    token: ForeignToken, claims: VerifiedClaims, issuer: Issuer, key: SigningKey, api: ProtectedApi, now: NumericDate
) -> str:
    """The tenant; empty where there are none."""
    typ = token.header.get("typ", "JWT")
    if not isinstance(typ, str) or typ.lower() not in _TYPES:
        raise TokenRejected(_ID_TOKEN, advice=f"Its typ is {_shown(typ)}.")
    tenant = _tenant(claims, issuer, api)
    named = claims.text("iss")
    if named not in names_of(issuer, tenant) or not key.signs_for(issuer, tenant):
        raise TokenRejected(
            Flaw.WRONG_ISSUER, advice=f"It says {_shown(named)}, not {' or '.join(names_of(issuer, tenant))}."
        )
    if api.audiences.isdisjoint(jwt_claims.audience_of(claims)):
        raise TokenRejected(
            Flaw.WRONG_AUDIENCE, advice=f"It says {_shown(claims['aud'])}, not {' or '.join(sorted(api.audiences))}."
        )
    jwt_claims.check(claims, issuer=named, audience=api.audiences, now=now, leeway=LEEWAY)
    return tenant


def _tenant(claims: VerifiedClaims, issuer: Issuer, api: ProtectedApi) -> str:
    tenant = parse_guid(claims.text("tid")) if issuer.shape is Shape.ENTRA else ""
    if tenant is None or issuer.tenant not in (None, tenant):
        raise TokenRejected(Flaw.WRONG_TENANT, advice=f"It says {_shown(tenant)}, not {issuer.tenant}.")
    if api.allowed_tenants and tenant not in api.allowed_tenants:
        raise TokenRejected(Flaw.WRONG_TENANT, advice=f"{tenant} is none of allowed_tenants.")
    return tenant


def _shown(value: object) -> str:
    """What a verified token says, on one line of a log."""
    return repr(value)[:_SHOWN]


# ---- whose is it ----


def _principal(claims: VerifiedClaims, api: ProtectedApi, tenant: str, token: str) -> Principal:
    entra = api.authority.shape is Shape.ENTRA
    client = _client(claims)
    kind = _kind(claims) if entra else _kind_elsewhere(claims, client, api.person_claim)
    scopes = _words(claims, "scp") or (frozenset() if entra else _words(claims, "scope"))
    roles = _words(claims, "roles")
    if not entra and kind is Kind.APPLICATION:
        roles |= scopes  # without app roles, what an application may do for itself is said in scopes
    name = claims.get("name")
    return Principal(
        kind=kind,
        issuer=claims.text("iss"),
        tenant_id=tenant,
        object_id=_identity(claims, "oid" if entra else "sub"),
        client_id=client,
        scopes=scopes if kind is not Kind.APPLICATION else frozenset(),
        roles=roles,
        contexts=_words(claims, "acrs"),
        name=name if isinstance(name, str) else "",
        claims=claims,
        token=token,
    )


def _client(claims: VerifiedClaims) -> str:
    """`azp` of v2.0, `appid` of v1.0, `client_id` of RFC 9068: every access token says who got it, no ID token does."""
    if any(name in claims for name in _OF_ID_TOKENS):
        raise TokenRejected(_ID_TOKEN, advice="It is an ID token, which is for the client that signed somebody in.")
    for name in ("azp", "appid", "client_id"):
        if name in claims:
            return _identity(claims, name)
    raise TokenRejected(_ID_TOKEN, advice="It names no client in azp, appid or client_id; is it an ID token?")


def _kind(claims: VerifiedClaims) -> Kind:
    """`idtyp` says it, where the API asked for that claim; otherwise scopes and the subject do (reference 31)."""
    match claims.get("idtyp"):
        case "user":
            return Kind.USER
        case "app" if "scp" not in claims:
            return Kind.APPLICATION
        case None:
            return _kind_untold(claims)
        case other:  # "device" too: nobody that an API could know
            raise TokenRejected(_ID_TOKEN, advice=f"Its idtyp is {_shown(other)}, which is no user's or application's.")


def _kind_untold(claims: VerifiedClaims) -> Kind:
    subject = _identity(claims, "sub")
    if "scp" in claims:
        return Kind.USER
    if subject == claims.get("oid"):  # a person's subject is another one for each API
        return Kind.APPLICATION
    raise TokenRejected(_ID_TOKEN, advice="It has no scp, and its subject is no application; is it an ID token?")


def _kind_elsewhere(claims: VerifiedClaims, client: str, person_claim: str | None) -> Kind:
    """No standard has a claim for it: a person is who shows signs of one, and none of an application."""
    subject = _identity(claims, "sub")
    named = str(claims.get("preferred_username", ""))
    own = subject in (client, f"{client}@clients")  # RFC 9068 §2.2; Auth0, which has `gty` too
    if own or claims.get("gty") == "client-credentials" or named.startswith(_OF_A_SERVICE):
        return Kind.APPLICATION
    if person_claim is not None:
        return Kind.USER if person_claim in claims else Kind.APPLICATION
    signed_in = "openid" in _words(claims, "scope") | _words(claims, "scp") or any(one in claims for one in _OF_PEOPLE)
    return Kind.USER if signed_in else Kind.UNKNOWN


def _identity(claims: VerifiedClaims, name: str) -> str:
    """Nobody is not one person."""
    value = claims.text(name)
    if not value:
        raise InvalidToken(Flaw.CLAIM_MISSING)
    return value


def _words(claims: VerifiedClaims, name: str) -> frozenset[str]:
    value = claims.get(name, "")
    if isinstance(value, str):
        return frozenset(value.split())
    words = cast("list[object]", value) if isinstance(value, list) else [None]
    if not all(isinstance(word, str) for word in words):
        raise InvalidToken(Flaw.CLAIM_MISSING)
    return frozenset(cast("list[str]", words))

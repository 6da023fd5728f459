"""Act on behalf of the user of an access token.  RFC 7523 §2.1 in Entra's reading; reference section 21.

Nothing is written: what the middle tier gets hangs on the family of the sign-in behind the token, and ends with it.
"""

from attrs import evolve, field, frozen

from entrada.core.directory.application import Application, Platform
from entrada.core.directory.ids import ClientId, TenantId
from entrada.core.errors import catalogue as why
from entrada.core.errors.reason import Refusal
from entrada.core.jose.claims import audience_of
from entrada.core.jose.compact import VerifiedClaims
from entrada.core.jose.invalid_token import InvalidToken
from entrada.core.jose.numeric_date import NumericDate
from entrada.core.protocol.artefacts.origin import Origin
from entrada.core.protocol.audience import Authority
from entrada.core.protocol.grants import standing as everybody
from entrada.core.protocol.grants.decision import Decision, Issue
from entrada.core.protocol.grants.refresh_token_payload import Given, RefreshTokenPayload, first_of
from entrada.core.protocol.grants.standing import Standing
from entrada.core.protocol.grants.whose import Whose
from entrada.core.protocol.issuer import issuer
from entrada.core.protocol.token_family import TokenFamily
from entrada.core.protocol.tokens.granted import Granted
from entrada.core.protocol.version import Version


@frozen(kw_only=True)
class Assertion:
    """An access token of ours for the middle tier, good now.  Made by `read_assertion` only."""

    tenant_id: TenantId  # `tid`: in which tenant it was issued
    client_id: ClientId  # `azp` or `appid`: who brought it
    sealed_origin: str = field(repr=False)  # `aio`

    def whose(self, origin: Origin) -> Whose:
        return Whose(tenant_id=origin.tenant_id, user_id=origin.user_id, issued_in=self.tenant_id)


def read_assertion(
    claims: VerifiedClaims, client: Application, authority: Authority, our_origin: str, now: NumericDate
) -> Assertion | Refusal:
    """*claims* carry our signature; whether they are an access token of a user for *client* is asked here."""
    try:
        return _read(claims, client, authority, our_origin, now)
    except InvalidToken:
        return Refusal(why.INVALID_ASSERTION)  # one of our own, and yet without a claim that all of them have


def _read(
    claims: VerifiedClaims, client: Application, authority: Authority, our_origin: str, now: NumericDate
) -> Assertion | Refusal:
    tenant_id = TenantId(claims.text("tid"))
    if claims.text("iss") not in (issuer(our_origin, tenant_id, version) for version in Version):
        return Refusal(why.INVALID_ASSERTION)
    if not claims.number("nbf") <= now < claims.number("exp"):
        return Refusal(why.ASSERTION_EXPIRED)
    # Entra distinguishes upper and lower case in an Application ID URI here.
    if audience_of(claims).isdisjoint((client.app_id, *client.identifier_uris)):
        return Refusal(why.ASSERTION_FOR_ANOTHER, {"client_id": client.app_id})
    if "scp" not in claims:
        return Refusal(why.APP_ONLY_ASSERTION if "azp" in claims or "appid" in claims else why.ID_TOKEN_AS_ASSERTION)
    if authority.tenant is not None and authority.tenant.id != tenant_id:
        return Refusal(why.OTHER_TENANTS_GRANT, {"tenant": authority.tenant.id})
    return Assertion(
        tenant_id=tenant_id,
        client_id=ClientId(claims.text("azp" if "azp" in claims else "appid")),
        sealed_origin=claims.text("aio"),
    )


@frozen(kw_only=True)
class Request:
    """The client is authenticated already, and confidential."""

    client: Application
    whose: Whose
    scope: str


def decide(
    request: Request,
    origin: Origin,
    family: TokenFamily | None,
    standing: Standing,
    granted: Granted | Refusal,
    now: NumericDate,
) -> Decision:
    """Grant or refuse.  *family* is what the store found under the origin's key."""
    if origin.audience != request.client.app_id:
        # Under the same Application ID URI another tenant may have registered an API of its own.
        return Decision(Refusal(why.ASSERTION_FOR_ANOTHER, {"client_id": request.client.app_id}))
    if family is None or family.revoked_at is not None:
        return Decision(Refusal(why.GRANT_EXPIRED))
    if refusal := everybody.refuse(standing, origin.authenticated_at, origin.methods):
        return Decision(refusal)
    if isinstance(granted, Refusal):
        return Decision(granted)
    return Decision(Issue(granted=granted, successor=_refresh_token(request, origin, granted, now)))


def with_tier(origin: Origin, client: Application) -> Origin:
    """The sign-in as the next tier sees it: *client* has acted on behalf as well."""
    return evolve(origin, through=(*origin.through, client.app_id))


def _refresh_token(request: Request, origin: Origin, granted: Granted, now: NumericDate) -> RefreshTokenPayload | None:
    """It hangs on the origin's family as well, and ends with it: nothing of its own is remembered."""
    if not granted.offline:
        return None
    given = Given(
        client_id=request.client.app_id,
        issued_in=request.whose.issued_in,
        platform=Platform.WEB,
        scope=request.scope,
    )
    return evolve(first_of(with_tier(origin, request.client), given, now), on_behalf=True)

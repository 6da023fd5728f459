"""Who calls Graph: our own access tokens, verified.  RFC 6750 §2.1; RFC 9700 §2.3 (audience)."""

from attrs import frozen
from starlette.requests import Request

from entrada.core.directory.ids import TenantId, UserId
from entrada.core.directory.microsoft_graph import APP_ID, IDENTIFIER_URIS
from entrada.core.directory.user import User
from entrada.core.jose import claims
from entrada.core.jose.compact import VerifiedClaims
from entrada.core.jose.invalid_token import InvalidToken
from entrada.core.protocol.issuer import issuer
from entrada.core.protocol.version import Version
from entrada.server.usecases.installation import Installation

_AUDIENCE = (*IDENTIFIER_URIS, APP_ID)


@frozen
class Caller:
    user: User
    scopes: frozenset[str]
    claims: VerifiedClaims


@frozen
class Unauthenticated:
    """401, with what is wrong in a sentence."""

    message: str


async def authenticate(here: Installation, request: Request) -> Caller | Unauthenticated:
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token:
        return Unauthenticated("Access token is empty.")
    now = here.clock()
    try:
        verified = await here.signing_keys.verify(token, now)
        tenant_id = TenantId(verified.text("tid"))
        version = Version.V2 if verified.text("ver") == Version.V2.value else Version.V1
        claims.check(verified, issuer=issuer(here.origin, tenant_id, version), audience=_AUDIENCE, now=now)
        user_id = UserId(verified.text("oid"))
        scopes = frozenset(verified.text("scp").split(" "))
    except InvalidToken as error:
        return Unauthenticated(f"Access token validation failure: {error.reason}.")
    user = await here.store.find_user(tenant_id, user_id)
    issued_at = verified.get("iat")
    if user is None or not user.account_enabled or not isinstance(issued_at, int):
        return Unauthenticated("The account of this access token is disabled or gone.")
    return Caller(user, scopes, verified)

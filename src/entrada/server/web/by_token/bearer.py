"""Who calls Graph: our own access tokens, verified.  RFC 6750 §2.1; RFC 9700 §2.3 (audience)."""

from typing import cast

from attrs import frozen
from starlette.requests import Request

from entrada.core.directory.application import Application
from entrada.core.directory.ids import ClientId, ServicePrincipalId, TenantId, UserId
from entrada.core.directory.microsoft_graph import APP_ID, IDENTIFIER_URIS
from entrada.core.directory.tenant import Tenant
from entrada.core.directory.user import User
from entrada.core.jose import claims
from entrada.core.jose.invalid_token import InvalidToken
from entrada.core.jose.verified_claims import VerifiedClaims
from entrada.core.protocol.issuer import issuer
from entrada.core.protocol.tokens.app_token import is_app_only
from entrada.core.protocol.version import Version
from entrada.server.usecases.installation import Installation
from entrada.server.usecases.token_origin import find_welcome, still_stands
from entrada.server.web.http.heard import hear_known

_AUDIENCE = (*IDENTIFIER_URIS, APP_ID)
_GONE = "The tenant or the application of this access token is disabled or gone."


@frozen
class Caller:
    user: User  # of the token's tenant: a member, or a guest
    account: User  # who signed in, at home
    home: Tenant
    client: Application
    scopes: frozenset[str]

    @property
    def tenant_id(self) -> TenantId:
        return self.user.tenant_id


@frozen
class Unauthenticated:
    """401, with what is wrong in a sentence."""

    message: str


@frozen
class WithoutUser:
    """A good token that an application got for itself: 403 where somebody must be signed in."""

    tenant_id: TenantId
    client: Application
    roles: frozenset[str]
    principal_id: ServicePrincipalId


async def authenticate(here: Installation, request: Request) -> Caller | WithoutUser | Unauthenticated:
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
        client_id = ClientId(verified.text("appid" if "appid" in verified else "azp"))
        hear_known(tenant=tenant_id, user=None if is_app_only(verified) else user_id, client=client_id)
        if is_app_only(verified):
            principal_id = ServicePrincipalId(user_id)  # its `oid` is of nobody else
            return await _application(here, tenant_id, client_id, principal_id, verified)
        scopes = frozenset(verified.text("scp").split(" "))
        aio = verified.text("aio")
    except InvalidToken as error:
        return Unauthenticated(f"Access token validation failure: {error.reason}.")
    client = await find_welcome(here.store, tenant_id, client_id)
    if client is None:
        return Unauthenticated(_GONE)
    caller = await _caller(here, tenant_id, user_id, client, scopes)
    if caller is None:
        return Unauthenticated("The account of this access token is disabled or gone.")
    stands = await still_stands(here, aio, caller.account, ClientId(APP_ID))
    return caller if stands else Unauthenticated("The sign-in behind this access token has been revoked.")


async def _caller(
    here: Installation, tenant_id: TenantId, user_id: UserId, client: Application, scopes: frozenset[str]
) -> Caller | None:
    """A guest is who it is at home: disabled there, it is nobody here."""
    user = await here.store.find_user(tenant_id, user_id)
    account = user
    if user is not None and user.home is not None:
        account = await here.store.find_user(user.home.tenant_id, user.home.user_id)
    if user is None or account is None or not (user.account_enabled and account.account_enabled):
        return None
    home = await here.store.find_tenant(account.tenant_id)
    return Caller(user, account, home, client, scopes) if home is not None and home.enabled else None


async def _application(
    here: Installation,
    tenant_id: TenantId,
    client_id: ClientId,
    principal_id: ServicePrincipalId,
    verified: VerifiedClaims,
) -> WithoutUser | Unauthenticated:
    client = await find_welcome(here.store, tenant_id, client_id)
    if client is None:
        return Unauthenticated(_GONE)
    roles = verified.get("roles")
    held = frozenset(cast("list[str]", roles) if isinstance(roles, list) else ())
    return WithoutUser(tenant_id, client, held, principal_id)

"""The access token an application gets for itself: no user, no scopes, but roles.  Reference section 31."""

from collections.abc import Mapping
from typing import Final

from attrs import frozen

from entrada.core.directory.application import Application
from entrada.core.directory.service_principal import ServicePrincipal
from entrada.core.directory.tenant import Tenant
from entrada.core.jose.numeric_date import NumericDate, Seconds
from entrada.core.protocol.claims_request import ClaimsRequest
from entrada.core.protocol.issuer import issuer
from entrada.core.protocol.tokens.access_token import audience, token_version
from entrada.core.protocol.tokens.entras_order import in_entras_order
from entrada.core.protocol.tokens.lifetime import nearest_policy
from entrada.core.protocol.tokens.optional_claims import REGION
from entrada.core.protocol.tokens.subject import BACKDATED, Claims
from entrada.core.protocol.version import Version

LIFETIME: Final = Seconds(3600)  # captures: always an hour, unlike tokens for users


@frozen(kw_only=True)
class AppGrant:
    """What an application gets for itself."""

    tenant: Tenant
    client: Application
    principal: ServicePrincipal  # of the client: whom the token speaks of
    resource: Application
    resource_principal: ServicePrincipal
    identifier: str  # how the client spelled the resource
    roles: tuple[str, ...]

    @property
    def version(self) -> Version:
        return token_version(self.resource)

    @property
    def lifetime(self) -> Seconds:
        return nearest_policy(self.tenant, self.resource, self.resource_principal) or LIFETIME


def app_token_claims(
    grant: AppGrant, asked: ClaimsRequest, *, origin: str, proof: str, now: NumericDate, uti: str
) -> Claims:
    """Members in the order Entra writes them; what does not apply is left out.  *proof* is azpacr."""
    version, principal, tenant_id = grant.version, grant.principal, grant.tenant.id
    named = issuer(origin, tenant_id, version)
    claims: Claims = {
        "aud": audience(grant.resource, grant.identifier),
        "iss": named,
        "iat": now - BACKDATED,
        "nbf": now - BACKDATED,
        "exp": now + grant.lifetime,
        **(_v2_client(grant, proof) if version is Version.V2 else _v1_client(grant, proof, named)),
        **_optional(grant, asked),
        "oid": principal.id,
        "roles": list(grant.roles) or None,
        "sub": principal.id,
        "tid": tenant_id,
        "uti": uti,
        "ver": version.value,
    }
    return in_entras_order(claims)


def _v2_client(grant: AppGrant, proof: str) -> Claims:
    return {"azp": grant.client.app_id, "azpacr": proof}


def _v1_client(grant: AppGrant, proof: str, issued_by: str) -> Claims:
    client = grant.client
    return {
        "app_displayname": client.display_name,
        "appid": client.app_id,
        "appidacr": proof,
        "idp": issued_by,
    }


def _optional(grant: AppGrant, asked: ClaimsRequest) -> Claims:
    """Those of the resource's optional claims that hold without a user."""
    answers: Claims = {
        "idtyp": "app",
        "tenant_ctry": grant.tenant.country,
        "tenant_region_scope": REGION,
        "xms_cc": sorted(asked.capabilities) or None,
        "xms_tpl": grant.tenant.preferred_language,
    }
    wanted = {one.name for one in grant.resource.optional_claims.access_token}
    return {name: value for name, value in answers.items() if name in wanted}


def is_app_only(claims: Mapping[str, object]) -> bool:
    """Whether one of our own tokens is an application's: no scopes, and the same id twice.

    An ID token has no scopes either, but its `sub` is pairwise.
    """
    return "scp" not in claims and "oid" in claims and claims["oid"] == claims.get("sub")

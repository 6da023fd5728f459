"""The access token an application gets for itself: no user, no scopes, but roles.  Reference section 31."""

from collections.abc import Mapping
from typing import Final

from attrs import frozen

from entrada.core.directory.application import Application
from entrada.core.directory.service_principal import ServicePrincipal
from entrada.core.directory.tenant import Tenant
from entrada.core.jose.numeric_date import NumericDate, Seconds
from entrada.core.protocol.issuer import issuer
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
        return Version.V2 if self.resource.requested_access_token_version == 2 else Version.V1

    @property
    def lifetime(self) -> Seconds:
        """The policy nearest to the resource decides (reference section 33)."""
        nearest = self.resource_principal.access_token_lifetime or self.resource.access_token_lifetime
        return nearest or self.tenant.policies.access_token_lifetime or LIFETIME


def app_token_claims(grant: AppGrant, *, origin: str, proof: str, now: NumericDate, uti: str) -> Claims:
    """Members in the order Entra writes them; what does not apply is left out.  *proof* is azpacr."""
    version, principal, tenant_id = grant.version, grant.principal, grant.tenant.id
    named = issuer(origin, tenant_id, version)
    claims: Claims = {
        "aud": grant.resource.app_id if version is Version.V2 else grant.identifier,
        "iss": named,
        "iat": now - BACKDATED,
        "nbf": now - BACKDATED,
        "exp": now + grant.lifetime,
        **(_v2_client(grant, proof) if version is Version.V2 else _v1_client(grant, proof, named)),
        "idtyp": "app" if _wants_idtyp(grant) else None,
        "oid": principal.id,
        "roles": list(grant.roles) or None,
        "sub": principal.id,
        "tid": tenant_id,
        "uti": uti,
        "ver": version.value,
    }
    return {name: value for name, value in claims.items() if value is not None}


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


def _wants_idtyp(grant: AppGrant) -> bool:
    return any(one.name == "idtyp" for one in grant.resource.optional_claims.access_token)


def is_app_only(claims: Mapping[str, object]) -> bool:
    """Whether one of our own tokens is an application's: no scopes, and the same id twice.

    An ID token has no scopes either, but its `sub` is pairwise.
    """
    return "scp" not in claims and "oid" in claims and claims["oid"] == claims.get("sub")

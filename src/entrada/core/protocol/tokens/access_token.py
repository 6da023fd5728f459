"""The claims of an access token; its version follows what the resource asks for.  Reference section 31."""

from collections.abc import Iterable

from attrs import field, frozen

from entrada.core.directory.application import Application
from entrada.core.jose.numeric_date import NumericDate, Seconds
from entrada.core.protocol.issuer import issuer
from entrada.core.protocol.tokens.id_token import Claims
from entrada.core.protocol.tokens.pairwise import pairwise_subject
from entrada.core.protocol.tokens.subject import BACKDATED, Subject
from entrada.core.protocol.version import Version


@frozen(kw_only=True)
class Grant:
    """What the token is for: one resource, the scopes granted on it, and the user's roles there."""

    resource: Application
    identifier: str  # how the client spelled the resource: the audience of a v1.0 token
    scopes: Iterable[str]
    roles: Iterable[str] = ()
    client_proof: str = field(default="0")  # azpacr: 0 public, 1 secret, 2 certificate or assertion
    aio: str | None = field(default=None, repr=False)  # for us alone: artefacts/origin.py

    @property
    def version(self) -> Version:
        return Version.V2 if self.resource.requested_access_token_version == 2 else Version.V1


def access_token_claims(subject: Subject, grant: Grant, *, now: NumericDate, lifetime: Seconds, uti: str) -> Claims:
    """Members in the order Entra writes them; what does not apply is left out."""
    user, version = subject.user, grant.version
    claims: Claims = {
        "aud": grant.resource.app_id if version is Version.V2 else grant.identifier,
        "iss": issuer(subject.origin, user.tenant_id, version),
        "iat": now - BACKDATED,
        "nbf": now - BACKDATED,
        "exp": now + lifetime,
        "aio": grant.aio,
        **(_v2_client(subject, grant) if version is Version.V2 else _v1_client(subject, grant)),
        "name": user.display_name,
        "oid": user.id,
        "preferred_username": user.user_principal_name if version is Version.V2 else None,
        "roles": list(grant.roles) or None,
        "scp": " ".join(grant.scopes),
        "sub": pairwise_subject(subject.pairwise_key, user.tenant_id, user.id, grant.resource.app_id),
        "tid": user.tenant_id,
        "unique_name": user.user_principal_name if version is Version.V1 else None,
        "upn": user.user_principal_name if version is Version.V1 else None,
        "uti": uti,
        "ver": version.value,
    }
    return {name: value for name, value in claims.items() if value is not None}


def _v2_client(subject: Subject, grant: Grant) -> Claims:
    return {"azp": subject.client.app_id, "azpacr": grant.client_proof}


def _v1_client(subject: Subject, grant: Grant) -> Claims:
    return {
        "acr": "1",
        "amr": list(subject.methods),
        "app_displayname": subject.client.display_name,
        "appid": subject.client.app_id,
        "appidacr": grant.client_proof,
        "family_name": subject.user.surname,
        "given_name": subject.user.given_name,
    }

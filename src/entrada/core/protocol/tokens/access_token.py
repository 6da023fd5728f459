"""The claims of a user's access token; its version follows what the resource asks for.  Reference section 31."""

from collections.abc import Iterable

from attrs import field, frozen

from entrada.core.directory.application import Application
from entrada.core.directory.optional_claims import OptionalClaim
from entrada.core.jose.numeric_date import NumericDate, Seconds
from entrada.core.protocol.issuer import issuer
from entrada.core.protocol.tokens.entras_order import in_entras_order
from entrada.core.protocol.tokens.id_token import identity_provider, v1_names
from entrada.core.protocol.tokens.membership import Membership, directory_roles, membership_claims
from entrada.core.protocol.tokens.optional_claims import Token, optional_claims
from entrada.core.protocol.tokens.pairwise import pairwise_subject
from entrada.core.protocol.tokens.subject import BACKDATED, Claims, Subject
from entrada.core.protocol.version import Version


@frozen(kw_only=True)
class Grant:
    """What the token is for: one resource, the scopes granted on it, and what the user is there."""

    resource: Application
    identifier: str  # how the client spelled the resource: the audience of a v1.0 token
    scopes: Iterable[str]
    held: Membership = field(factory=Membership)
    client_proof: str = field(default="0")  # azpacr: 0 public, 1 secret, 2 certificate or assertion
    aio: str = field(repr=False)  # for us alone: artefacts/origin.py

    @property
    def version(self) -> Version:
        return token_version(self.resource)


def token_version(resource: Application) -> Version:
    return Version.V2 if resource.requested_access_token_version == 2 else Version.V1


def audience(resource: Application, identifier: str) -> str:
    """*identifier* is how the client spelled the resource: which of its names v1.0 repeats, unless it wants its id.

    Always a name as it is registered, whatever case a GUID was typed in and with whatever slash behind a URI.
    """
    by_id = any(one.name == "aud" and "use_guid" in one.additional_properties for one in _registered(resource))
    if by_id or token_version(resource) is Version.V2:
        return resource.app_id
    spellings = (identifier, identifier.removesuffix("/"))
    return next((one for one in spellings if one in resource.identifier_uris), resource.app_id)


def access_token_claims(subject: Subject, grant: Grant, *, now: NumericDate, lifetime: Seconds, uti: str) -> Claims:
    user, resource, version = subject.user, grant.resource, grant.version
    claims: Claims = {
        "aud": audience(resource, grant.identifier),
        "iss": issuer(subject.origin, user.tenant_id, version),
        "iat": now - BACKDATED,
        "nbf": now - BACKDATED,
        "exp": now + lifetime,
        "aio": grant.aio,
        "idp": identity_provider(subject),
        "name": user.display_name,
        "oid": user.id,
        "scp": " ".join(grant.scopes),
        **(_v2_claims(subject, grant) if version is Version.V2 else _v1_claims(subject, grant)),
        **optional_claims(subject, version, Token.ACCESS, _registered(resource)),
        **membership_claims(subject, resource, _registered(resource), grant.held, in_address=False),
        "sub": pairwise_subject(subject.pairwise_key, user.tenant_id, user.id, resource.app_id),
        "tid": user.tenant_id,
        "uti": uti,
        "ver": version.value,
    }
    return in_entras_order(claims)


def _registered(resource: Application) -> Iterable[OptionalClaim]:
    return resource.optional_claims.access_token


def _v2_claims(subject: Subject, grant: Grant) -> Claims:
    return {
        "azp": subject.client.app_id,
        "azpacr": grant.client_proof,
        "preferred_username": subject.account.user_principal_name,
    }


def _v1_claims(subject: Subject, grant: Grant) -> Claims:
    return {
        "acr": "1",
        "amr": list(subject.methods),
        "app_displayname": subject.client.display_name,
        "appid": subject.client.app_id,
        "appidacr": grant.client_proof,
        "wids": directory_roles(subject),
        **v1_names(subject),
    }

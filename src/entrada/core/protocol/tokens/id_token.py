"""The claims of an ID token; its version follows the endpoint.  OpenID Connect Core §2; reference section 30."""

from collections.abc import Iterable

from entrada.core.jose.numeric_date import NumericDate
from entrada.core.protocol.issuer import issuer
from entrada.core.protocol.tokens.pairwise import pairwise_subject
from entrada.core.protocol.tokens.subject import BACKDATED, ID_TOKEN_LIFETIME, Subject
from entrada.core.protocol.version import Version

Claims = dict[str, object]


def id_token_claims(
    subject: Subject,
    version: Version,
    *,
    now: NumericDate,
    uti: str,
    nonce: str | None = None,
    with_auth_time: bool = False,
    roles: Iterable[str] = (),
) -> Claims:
    """Members in the order Entra writes them; what does not apply is left out."""
    user, client = subject.user, subject.client
    profile = "profile" in subject.oidc or version is Version.V1
    v1 = _v1_claims(subject) if version is Version.V1 else {}
    v2 = {"preferred_username": user.user_principal_name} if profile and version is Version.V2 else {}
    claims: Claims = {
        "aud": client.app_id,
        "iss": issuer(subject.origin, user.tenant_id, version),
        "iat": now - BACKDATED,
        "nbf": now - BACKDATED,
        "exp": now + ID_TOKEN_LIFETIME,
        "auth_time": subject.authenticated_at if with_auth_time else None,
        "email": user.mail if "email" in subject.oidc else None,
        "name": user.display_name if profile else None,
        "nonce": nonce,
        # Without profile Entra documents no oid, yet sends one; clients key their users by it.
        "oid": user.id,
        **v2,
        **v1,
        "roles": list(roles) or None,
        "sub": pairwise_subject(subject.pairwise_key, user.tenant_id, user.id, client.app_id),
        "tid": user.tenant_id,
        "uti": uti,
        "ver": version.value,
    }
    return {name: value for name, value in claims.items() if value is not None}


def _v1_claims(subject: Subject) -> Claims:
    user = subject.user
    return {
        "amr": list(subject.methods),
        "family_name": user.surname,
        "given_name": user.given_name,
        "unique_name": user.user_principal_name,
        "upn": user.user_principal_name,
    }

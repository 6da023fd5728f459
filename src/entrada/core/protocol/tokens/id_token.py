"""The claims of an ID token; its version follows the endpoint.  OpenID Connect Core §2; reference section 30."""

import hashlib

from attrs import field, frozen

from entrada.core.jose import base64url
from entrada.core.jose.numeric_date import NumericDate
from entrada.core.protocol.issuer import issuer
from entrada.core.protocol.tokens.entras_order import in_entras_order
from entrada.core.protocol.tokens.lifetime import ID_TOKEN_LIFETIME
from entrada.core.protocol.tokens.membership import Membership, membership_claims
from entrada.core.protocol.tokens.optional_claims import Token, optional_claims
from entrada.core.protocol.tokens.pairwise import pairwise_subject
from entrada.core.protocol.tokens.subject import BACKDATED, Claims, Subject
from entrada.core.protocol.version import Version


@frozen(kw_only=True)
class Beside:
    """What an ID token of the authorization endpoint travels with: in a URL, so it must be short."""

    code: str | None = field(default=None, repr=False)
    access_token: str | None = field(default=None, repr=False)


def id_token_claims(
    subject: Subject,
    version: Version,
    *,
    now: NumericDate,
    uti: str,
    nonce: str | None = None,
    with_auth_time: bool = False,
    held: Membership | None = None,
    beside: Beside | None = None,
) -> Claims:
    """*held* is what the user is on the client.  *beside* is None at the token endpoint."""
    user, client = subject.user, subject.client
    registered = client.optional_claims.id_token
    claims: Claims = {
        "aud": client.app_id,
        "iss": issuer(subject.origin, user.tenant_id, version),
        "iat": now - BACKDATED,
        "nbf": now - BACKDATED,
        "exp": now + ID_TOKEN_LIFETIME,
        "auth_time": subject.authenticated_at if with_auth_time else None,
        "email": subject.mail if "email" in subject.oidc else None,
        "idp": identity_provider(subject),
        "nonce": nonce,
        # Without profile Entra documents no oid, yet sends one; clients key their users by it.
        "oid": user.id,
        **(_v1_claims(subject) if version is Version.V1 else _v2_claims(subject)),
        **optional_claims(subject, version, Token.ID, registered),
        **membership_claims(subject, client, registered, held or Membership(), in_address=beside is not None),
        **(_hashes(beside) if beside else {}),
        "sub": pairwise_subject(subject.pairwise_key, user.tenant_id, user.id, client.app_id),
        "tid": user.tenant_id,
        "uti": uti,
        "ver": version.value,
    }
    return in_entras_order(claims)


def identity_provider(subject: Subject) -> str | None:
    """Who signed a guest in: the home tenant, by its v1.0 name whatever the token's version."""
    return issuer(subject.origin, subject.account.tenant_id, Version.V1) if subject.is_guest else None


def _v2_claims(subject: Subject) -> Claims:
    if "profile" not in subject.oidc:
        return {}
    return {"name": subject.user.display_name, "preferred_username": subject.account.user_principal_name}


def _v1_claims(subject: Subject) -> Claims:
    """v1.0 names people whether or not `profile` was asked for, which it has no way to ask for."""
    return {"amr": list(subject.methods), "name": subject.user.display_name, **v1_names(subject)}


def v1_names(subject: Subject) -> Claims:
    user = subject.user
    return {
        # A guest has a name of its own at home alone; here it is known by its address.
        **({"email": subject.mail} if subject.is_guest else {"upn": user.user_principal_name}),
        "family_name": user.surname,
        "given_name": user.given_name,
        "unique_name": subject.account.user_principal_name,
    }


def _hashes(beside: Beside) -> Claims:
    return {"c_hash": _left_half(beside.code), "at_hash": _left_half(beside.access_token)}


def _left_half(text: str | None) -> str | None:
    """OpenID Connect Core §3.3.2.11: half of the digest that RS256 signs."""
    return base64url.encode(hashlib.sha256(text.encode("ascii")).digest()[:16]) if text is not None else None

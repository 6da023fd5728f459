"""Who signed in, as the claims of their verified ID token say.  Reference: groups overage, guests."""

from collections.abc import Mapping
from typing import Final, cast

from entrada.client.web_sign_in.outcome import SignedIn
from entrada.client.web_sign_in.user import User
from entrada.core.jose.numeric_date import as_date

_GUEST: Final = 1  # of the optional claim `acct`
_OF_A_GUEST: Final = "#EXT#"  # in the name that a guest has in the tenant


def user_of(outcome: SignedIn) -> User:
    claims = outcome.claims
    return User(
        issuer=outcome.issuer,
        tenant_id=outcome.tenant_id,
        user_id=outcome.user_id,
        subject=outcome.subject,
        name=outcome.name,
        username=outcome.username,
        roles=_strings(claims.get("roles")),
        scopes=outcome.tokens.access.scopes,
        known_groups=None if has_too_many_groups(claims) else _strings(claims.get("groups")),
        acr=str(claims.get("acr", "")),
        authenticated_at=as_date(claims.get("auth_time")),
        claims=dict(claims),
    )


def contexts_of(user: User) -> frozenset[str]:
    """The authentication contexts that the sign-in had: `acrs` at Entra, `acr` elsewhere."""
    acrs = user.claims.get("acrs")
    listed = cast("list[object]", acrs) if isinstance(acrs, list) else [acrs]
    return frozenset(str(one) for one in (*listed, user.acr) if one)


def has_too_many_groups(claims: Mapping[str, object]) -> bool:
    """The token says where to ask (`_claim_names`) or, where it would be too long, only that there are some."""
    elsewhere = claims.get("_claim_names")
    return claims.get("hasgroups") in (True, "true") or (isinstance(elsewhere, Mapping) and "groups" in elsewhere)


def is_guest(claims: Mapping[str, object]) -> bool:
    """By `acct` where the application asked for it, else by a home elsewhere (`idp`) or the name of a guest."""
    if "acct" in claims:
        return claims["acct"] in (_GUEST, str(_GUEST))
    idp, issuer, tenant = claims.get("idp"), claims.get("iss"), str(claims.get("tid", ""))
    abroad = isinstance(idp, str) and idp != issuer and tenant not in idp
    return abroad or any(_OF_A_GUEST in str(claims.get(name, "")) for name in ("preferred_username", "upn"))


def _strings(value: object) -> frozenset[str]:
    values = cast("list[object]", value) if isinstance(value, list) else []
    return frozenset(one for one in values if isinstance(one, str))

"""When a second factor is asked for, and what a refusal tells an application that comes without.  Reference section 34.

Required by the account, or by the security defaults of a tenant that binds it; or asked for by the request, in `claims`
or `acr_values`.  Authentication contexts (c1 to c99) are met by a second factor here, as is the plain word `mfa`.
"""

import json
from collections.abc import Iterable
from typing import Final

from entrada.core.directory.derived_id import derived_id
from entrada.core.directory.tenant import Tenant
from entrada.core.directory.user import User
from entrada.core.errors import catalogue as why
from entrada.core.errors.reason import Reason, Refusal
from entrada.core.protocol.authorize.request import AuthorizeRequest
from entrada.core.protocol.claims_request import ClaimsRequest, is_auth_context

PASSWORD: Final = ("pwd",)
BOTH: Final = ("pwd", "otp", "mfa")  # as Entra writes amr
POLICY: Final = derived_id("policy", "second factor")  # what a challenge names; a client sends it back unread
_PLAIN: Final = "mfa"


def is_required(user: User, guest: User | None, tenants: Iterable[Tenant | None]) -> bool:
    """By the account, as its home or a tenant it is a guest of knows it; or by one of *tenants*, which are those."""
    accounts = (user, guest or user)
    return any(one.second_factor_required for one in accounts) or any(
        tenant.policies.security_defaults for tenant in tenants if tenant is not None
    )


def is_asked_by(claims: ClaimsRequest, acr_values: Iterable[str] = ()) -> bool:
    """OpenID Connect Core §3.1.2.1: acr_values are voluntary, so words that are not known are ignored."""
    return (
        claims.challenged or bool(contexts(claims)) or any(one == _PLAIN or is_auth_context(one) for one in acr_values)
    )


def contexts(claims: ClaimsRequest) -> tuple[str, ...]:
    return tuple(one for one in claims.auth_contexts if is_auth_context(one))


def has_one(methods: Iterable[str]) -> bool:
    return "mfa" in methods


def refuse(user: User, claims: ClaimsRequest) -> Refusal:
    """At the token endpoint, for a sign-in without."""
    return _refusal(why.SECOND_FACTOR_NEEDED if user.authenticator else why.AUTHENTICATOR_NEEDED, user, claims)


def refuse_silently(user: User, request: AuthorizeRequest) -> Refusal:
    """At the authorization endpoint, under prompt=none."""
    reason = why.SECOND_FACTOR_FORBIDDEN if user.authenticator else why.AUTHENTICATOR_FORBIDDEN
    return _refusal(reason, user, request.claims)


def challenge(claims: ClaimsRequest) -> str:
    """The `claims` by which a client asks again, with what it had asked for itself."""
    wanted: dict[str, object] = {"capolids": {"essential": True, "values": [POLICY]}}
    if asked := contexts(claims):
        wanted["acrs"] = {"essential": True, "values": list(asked)}
    return json.dumps({"access_token": wanted}, separators=(",", ":"))


def _refusal(reason: Reason, user: User, claims: ClaimsRequest) -> Refusal:
    return Refusal(reason, {"user": user.user_principal_name}, challenge(claims), {"user_id": user.id})

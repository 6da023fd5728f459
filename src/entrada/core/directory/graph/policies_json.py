"""What a tenant decides for everybody in it, as Graph writes it, and our own resource for what Graph has none of.

Graph: authorizationPolicy, identitySecurityDefaultsEnforcementPolicy, tokenLifetimePolicy; reference sections 27.4, 33
and 38.
"""

import json
from collections.abc import Mapping
from typing import Final

from entrada.core.directory.derived_id import derived_id
from entrada.core.directory.policies import UserConsent
from entrada.core.directory.tenant import Tenant
from entrada.core.jose.numeric_date import Seconds

FOR_SELF: Final = "ManagePermissionGrantsForSelf."
CONSENT_POLICIES: Final[Mapping[UserConsent, tuple[str, ...]]] = {
    UserConsent.ALL: (f"{FOR_SELF}microsoft-user-default-legacy",),
    UserConsent.LOW_IMPACT: (f"{FOR_SELF}microsoft-user-default-low",),
    UserConsent.NONE: (),
}
RESTRICTED_GUESTS: Final = "2af84b1e-32c8-42b7-82bc-daa82404023b"  # Graph's: guests read themselves alone
_SECURITY_DEFAULTS: Final = "00000000-0000-0000-0000-000000000005"  # Graph's own, in every tenant


def authorization_policy_json(tenant: Tenant) -> dict[str, object]:
    policies = tenant.policies
    return {
        "id": "authorizationPolicy",
        "displayName": "Authorization Policy",
        "description": "What ordinary users of this tenant may do.",
        "allowedToSignUpEmailBasedSubscriptions": False,
        "allowedToUseSSPR": False,
        "allowEmailVerifiedUsersToJoinOrganization": False,
        "allowInvitesFrom": "none",
        "blockMsolPowerShell": True,
        "guestUserRoleId": RESTRICTED_GUESTS,
        "defaultUserRolePermissions": {
            "allowedToCreateApps": policies.users_register_applications,
            "allowedToCreateSecurityGroups": False,
            "allowedToCreateTenants": False,
            "allowedToReadOtherUsers": True,
            "permissionGrantPoliciesAssigned": list(CONSENT_POLICIES[policies.user_consent]),
        },
    }


def security_defaults_json(tenant: Tenant) -> dict[str, object]:
    return {
        "id": _SECURITY_DEFAULTS,
        "displayName": "Security Defaults",
        "description": "A second factor for everybody.",
        "isEnabled": tenant.policies.security_defaults,
    }


def token_lifetime_policy_id(tenant: Tenant) -> str:
    return derived_id("tokenLifetimePolicy", tenant.id)


def token_lifetime_policy_json(tenant: Tenant) -> dict[str, object] | None:
    """The tenant's own; None while it leaves lifetimes as they are."""
    lifetime = tenant.policies.access_token_lifetime
    if lifetime is None:
        return None
    definition = {"TokenLifetimePolicy": {"Version": 1, "AccessTokenLifetime": span(lifetime)}}
    return {
        "id": token_lifetime_policy_id(tenant),
        "deletedDateTime": None,
        "definition": [json.dumps(definition, separators=(",", ":"))],
        "displayName": "Access tokens",
        "isOrganizationDefault": True,
    }


def settings_json(tenant: Tenant) -> dict[str, object]:
    """Ours: `/policies/entradaSettings`.  Graph keeps some of these in group settings, others nowhere."""
    policies = tenant.policies
    lifetime = policies.access_token_lifetime
    return {
        "id": "entradaSettings",
        "accessTokenLifetimeInSeconds": lifetime,
        "bannedPasswords": list(policies.banned_passwords),
        "lockoutDurationInSeconds": policies.lockout_duration,
        "lockoutThreshold": policies.lockout_threshold,
        "passwordGrantEnabled": policies.password_grant,
    }


def span(seconds: Seconds) -> str:
    """Hours, minutes and seconds, after days if there are any: 01:30:00, 1.00:00:00."""
    days, rest = divmod(seconds, 24 * 60 * 60)
    clock = f"{rest // 3600:02}:{rest // 60 % 60:02}:{rest % 60:02}"
    return f"{days}.{clock}" if days else clock

"""Read what a request writes into a tenant's policies.  Reference sections 27.4, 33 and 38."""

import json
import re
from collections.abc import Callable, Mapping
from typing import Final, cast

from attrs import evolve

from entrada.core.directory.administration.problem import Problem
from entrada.core.directory.graph.json_members import (
    MemberFault,
    Members,
    boolean,
    each,
    integer,
    line,
    reading,
    said,
    text,
)
from entrada.core.directory.graph.policies_json import CONSENT_POLICIES, RESTRICTED_GUESTS, span
from entrada.core.directory.policies import Policies, UserConsent
from entrada.core.directory.policy_limits import (
    BANNED_LENGTH,
    LOCKOUT_DURATION,
    LOCKOUT_THRESHOLD,
    MAX_BANNED,
    TOKEN_LIFETIME,
)
from entrada.core.jose.numeric_date import Seconds

Change = Callable[[Policies, Mapping[str, object]], Policies | Problem]

_SPAN: Final = re.compile(r"(?:([0-9])\.)?([01][0-9]|2[0-3]):([0-5][0-9]):([0-5][0-9])")
_NOT_HERE: Final = "{} is not to be chosen here: leave it out, or as it is."
_AS_IT_IS: Final[Mapping[str, object]] = {
    "allowedToSignUpEmailBasedSubscriptions": False,
    "allowedToUseSSPR": False,
    "allowEmailVerifiedUsersToJoinOrganization": False,
    "allowInvitesFrom": "none",
    "blockMsolPowerShell": True,
    "guestUserRoleId": RESTRICTED_GUESTS,
}
_ROLE_AS_IT_IS: Final[Mapping[str, object]] = {
    "allowedToCreateSecurityGroups": False,
    "allowedToCreateTenants": False,
    "allowedToReadOtherUsers": True,
}


def changed_authorization_policy(policies: Policies, members: Mapping[str, object]) -> Policies | Problem:
    def read() -> Policies:
        asked = Members(members, "authorization policy")
        role = asked.within("defaultUserRolePermissions")
        changed = evolve(
            policies,
            users_register_applications=role.given(
                "allowedToCreateApps", boolean, policies.users_register_applications
            ),
            user_consent=role.given("permissionGrantPoliciesAssigned", _consent, policies.user_consent),
        )
        _leave(role, _ROLE_AS_IT_IS)
        _leave(asked, _AS_IT_IS)
        asked.ignore("id", "displayName", "description", "@odata.type")
        role.finish()
        asked.finish()
        return changed

    return reading(read)


def _leave(asked: Members, usual: Mapping[str, object]) -> None:
    for name, value in usual.items():
        asked.only(name, value, why=_NOT_HERE.format(asked.path_of(name)))


def _consent(value: object, path: str) -> UserConsent:
    named = each(text)(value, path)
    found = next((consent for consent, names in CONSENT_POLICIES.items() if names == named), None)
    if found is None:
        known = " or ".join(str(list(names)) for names in CONSENT_POLICIES.values())
        raise MemberFault(f"{path} is {known}, not {said(list(named))}.", path)
    return found


def changed_security_defaults(policies: Policies, members: Mapping[str, object]) -> Policies | Problem:
    def read() -> Policies:
        asked = Members(members, "security defaults")
        changed = evolve(policies, security_defaults=asked.given("isEnabled", boolean, policies.security_defaults))
        asked.ignore("id", "displayName", "description", "@odata.type")
        asked.finish()
        return changed

    return reading(read)


def changed_settings(policies: Policies, members: Mapping[str, object]) -> Policies | Problem:
    """Our own resource: what Graph has no other for."""

    def read() -> Policies:
        asked = Members(members, "settings")
        lifetime = asked.nullable(
            "accessTokenLifetimeInSeconds", _seconds(TOKEN_LIFETIME), policies.access_token_lifetime
        )
        changed = evolve(
            policies,
            access_token_lifetime=lifetime,
            banned_passwords=asked.given("bannedPasswords", _banned, policies.banned_passwords),
            lockout_duration=asked.given(
                "lockoutDurationInSeconds", _seconds(LOCKOUT_DURATION), policies.lockout_duration
            ),
            lockout_threshold=asked.given("lockoutThreshold", integer(*LOCKOUT_THRESHOLD), policies.lockout_threshold),
            password_grant=asked.given("passwordGrantEnabled", boolean, policies.password_grant),
        )
        asked.ignore("id", "@odata.type")
        asked.finish()
        return changed

    return reading(read)


def _seconds(between: tuple[Seconds, Seconds]) -> Callable[[object, str], Seconds]:
    least, most = between
    return lambda value, path: Seconds(integer(least, most)(value, path))


def _banned(value: object, path: str) -> tuple[str, ...]:
    words = each(_banned_word, most=MAX_BANNED)(value, path)
    return tuple(dict.fromkeys(words))


def _banned_word(value: object, path: str) -> str:
    least, most = BANNED_LENGTH
    word = line(most)(value, path).lower()
    if len(word) < least:
        raise MemberFault(f"{path}: a banned word has {least} to {most} characters, not {said(word)}.", path)
    return word


def changed_token_lifetime(policies: Policies, members: Mapping[str, object]) -> Policies | Problem:
    """Of a tokenLifetimePolicy for the whole tenant, whose definition is a list of one JSON text."""

    def read() -> Policies:
        asked = Members(members, "token lifetime policy")
        lifetime = asked.given("definition", _definition, policies.access_token_lifetime)
        asked.ignore("id", "displayName", "description", "deletedDateTime", "@odata.type")
        why = "isOrganizationDefault is true: an application's own lifetime stands in the application."
        asked.only("isOrganizationDefault", *_TRUE, why=why)
        asked.finish()
        if lifetime is None:
            raise MemberFault("A new token lifetime policy needs definition.", "definition")
        return evolve(policies, access_token_lifetime=lifetime)

    return reading(read)


_TRUE: Final = (True,)


def _definition(value: object, path: str) -> Seconds:
    texts = each(text)(value, path)
    shape = '{"TokenLifetimePolicy":{"Version":1,"AccessTokenLifetime":"01:00:00"}}'
    try:
        decoded: object = json.loads(texts[0]) if len(texts) == 1 else None
    except (ValueError, RecursionError):
        decoded = None
    if not isinstance(decoded, dict):
        raise MemberFault(f"{path} is a list of one text such as {shape}.", path)
    policy = Members(cast("Mapping[str, object]", decoded), "definition", path).within("TokenLifetimePolicy")
    policy.ignore("Version")
    lifetime = policy.required("AccessTokenLifetime", _span)
    policy.finish()
    return lifetime


def _span(value: object, path: str) -> Seconds:
    parts = _SPAN.fullmatch(text(value, path))
    least, most = TOKEN_LIFETIME
    days, hours, minutes, seconds = (int(part or 0) for part in parts.groups()) if parts else (0, 0, 0, 0)
    found = Seconds(((days * 24 + hours) * 60 + minutes) * 60 + seconds)
    if not least <= found <= most:
        raise MemberFault(f"{path} is a span from {span(least)} to {span(most)}, not {said(value)}.", path)
    return found

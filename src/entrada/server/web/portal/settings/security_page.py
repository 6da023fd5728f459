"""What the tenant decides for everybody in it: consent, second factor, passwords, lockout, lifetimes."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Final

from starlette.responses import Response

from entrada.core.directory.administration.operations import Operation
from entrada.core.directory.administration.problem import Problem, bad
from entrada.core.directory.graph.policies_json import CONSENT_POLICIES
from entrada.core.directory.policies import UserConsent
from entrada.core.directory.policy_limits import BANNED_LENGTH, LOCKOUT_DURATION, LOCKOUT_THRESHOLD, TOKEN_LIFETIME
from entrada.core.directory.tenant import Tenant
from entrada.server.usecases.administer.policies import (
    change_authorization_policy,
    change_security_defaults,
    change_settings,
    find_policies,
)
from entrada.server.web.portal.deeds import deed_of
from entrada.server.web.portal.door import Visitor, done, page, problem_page
from entrada.server.web.signed_in.form import Form

PATH: Final = "/portal/security"
_AT: Final = "security"
_CONSENT_WORDS: Final = (
    (UserConsent.ALL, "Whatever needs no administrator", "People decide for themselves, about their own data."),
    (
        UserConsent.LOW_IMPACT,
        "Only what is classified as low",
        "For applications of this tenant and of verified publishers; everything else an administrator decides.",
    ),
    (UserConsent.NONE, "Nothing", "An administrator consents for everybody, application by application."),
)
_MINUTE: Final = 60
Change = Callable[[Visitor, Form], Awaitable[Tenant | Problem]]


async def show(visitor: Visitor) -> Response:
    return await _shown(visitor)


async def change(visitor: Visitor, form: Form) -> Response:
    """One of the page's forms, each a policy of its own."""
    act = deed_of(form, _FORMS)
    changed = act if isinstance(act, Problem) else await act(visitor, form)
    if isinstance(changed, Problem):
        return await _shown(visitor, changed, form)
    return done(visitor, PATH, "The policy is changed.")


async def _users(visitor: Visitor, form: Form) -> Tenant | Problem:
    chosen = next((one for one, _, _ in _CONSENT_WORDS if one.value == form.get("consent")), None)
    if chosen is None:
        return bad("Choose what users may consent to.", "consent")
    role = {
        "allowedToCreateApps": form.has("allowedToCreateApps"),
        "permissionGrantPoliciesAssigned": list(CONSENT_POLICIES[chosen]),
    }
    members = {"defaultUserRolePermissions": role}
    return await change_authorization_policy(visitor.here, visitor.actor, members, form.seen)


async def _defaults(visitor: Visitor, form: Form) -> Tenant | Problem:
    members = {"isEnabled": form.has("isEnabled")}
    return await change_security_defaults(visitor.here, visitor.actor, members, form.seen)


async def _settings(visitor: Visitor, form: Form) -> Tenant | Problem:
    lifetime = form.text("accessTokenLifetimeInMinutes")
    members: dict[str, object] = {
        "bannedPasswords": [one.lower() for one in form.lines("bannedPasswords")],
        "lockoutThreshold": _number(form.get("lockoutThreshold")),
        "lockoutDurationInSeconds": _number(form.get("lockoutDurationInSeconds")),
        "passwordGrantEnabled": form.has("passwordGrantEnabled"),
        "accessTokenLifetimeInSeconds": None if lifetime is None else _number(lifetime, _MINUTE),
    }
    return await change_settings(visitor.here, visitor.actor, members, form.seen)


_FORMS: Final[Mapping[str, Change]] = {"users": _users, "defaults": _defaults, "settings": _settings}


def _number(text: str, times: int = 1) -> int | str:
    """What is no number is left as it is: the use case says what it wants."""
    plain = text.strip()
    return int(plain) * times if plain.isascii() and plain.isdigit() and len(plain) < 10 else plain


async def _shown(visitor: Visitor, problem: Problem | None = None, entered: Form | None = None) -> Response:
    tenant = await find_policies(visitor.here, visitor.actor)
    if isinstance(tenant, Problem):
        return problem_page(visitor, tenant, at=_AT)
    lifetime = tenant.policies.access_token_lifetime
    form = entered.get("do") if entered else ""
    return page(
        visitor,
        "portal/settings/security.html",
        title="Security",
        at=_AT,
        problem=problem,
        entered=entered,
        in_form=form,
        tenant=tenant,
        policies=tenant.policies,
        consents=[(one.value, words, hint) for one, words, hint in _CONSENT_WORDS],
        lifetime=lifetime // _MINUTE if lifetime is not None else None,
        limits={
            "threshold": LOCKOUT_THRESHOLD,
            "duration": LOCKOUT_DURATION,
            "lifetime": tuple(one // _MINUTE for one in TOKEN_LIFETIME),
            "banned": BANNED_LENGTH,
        },
        may_change=visitor.may(Operation.CHANGE_POLICIES),
    )

"""Read what a request writes into a user.  Reference section 38.

A password is not kept here: what was asked for it comes back as `NewProfile`, for the use case to judge and hash.
"""

import re
from collections.abc import Mapping
from typing import Final

from attrs import evolve, field, frozen

from entrada.core.directory.administration.problem import Problem
from entrada.core.directory.graph.json_members import (
    Members,
    Read,
    boolean,
    each,
    judge,
    line,
    reading,
    said,
    text,
)
from entrada.core.directory.graph.place_and_language import country, language, mail, matching
from entrada.core.directory.ids import UserId
from entrada.core.directory.names import is_principal_name
from entrada.core.directory.tenant import Tenant
from entrada.core.directory.user import User
from entrada.core.jose.numeric_date import NumericDate

_nickname: Final = matching(
    re.compile(r"[A-Za-z0-9.\-_!#$%&'*+/=?^`{|}~]{1,64}"),
    "a name such as ada.amber, of at most 64 letters, digits and signs",
)
_UNSET: Final = (False,)
_MOST_MAILS: Final = 250


@frozen
class NewProfile:
    """Graph: passwordProfile, as a request carries it.  Without a password it changes only when another is due."""

    password: str | None = field(repr=False)
    must_change: bool | None


@frozen
class Written:
    """The user as it shall be, but for the password."""

    user: User
    profile: NewProfile | None


def new_user(tenant: Tenant, user_id: UserId, members: Mapping[str, object], now: NumericDate) -> Written | Problem:
    """The names and the account's state are required; whether a password is, the use case says."""

    def read() -> Written:
        asked = Members(members, "user")
        user = User(
            id=user_id,
            tenant_id=tenant.id,
            user_principal_name=asked.required("userPrincipalName", _principal_name(tenant)),
            display_name=asked.required("displayName", line(256)),
            mail_nickname=asked.required("mailNickname", _nickname),
            account_enabled=asked.required("accountEnabled", boolean),
            created_at=now,
        )
        return _written(user, tenant, asked)

    return reading(read)


def changed_user(user: User, tenant: Tenant, members: Mapping[str, object]) -> Written | Problem:
    """By an administrator."""
    return reading(lambda: _written(user, tenant, Members(members, "user")))


def changed_own_profile(user: User, members: Mapping[str, object]) -> User | Problem:
    """By the user in person: how to be reached and spoken to, as at Entra; names and places of work are assigned."""

    def read() -> User:
        asked = Members(members, "own profile")
        changed = _contact(user, asked)
        asked.finish()
        return changed

    return reading(read)


def _written(user: User, tenant: Tenant, asked: Members) -> Written:
    profile = _profile(asked)
    changed = _work(_contact(_account(user, tenant, asked), asked), asked)
    asked.ignore("id", "createdDateTime", "deletedDateTime", "signInSessionsValidFromDateTime", "identities")
    asked.ignore("lastPasswordChangeDateTime", "creationType", "proxyAddresses", "assignedLicenses", "@odata.type")
    asked.only("userType", user.user_type, why=f"userType stays {user.user_type}: guests come by invitation.")
    asked.only("passwordPolicies", "None", why="passwordPolicies: passwords do not expire here, and all are strong.")
    asked.only("onPremisesImmutableId", why="onPremisesImmutableId: nothing is synchronized from premises here.")
    asked.finish()
    return Written(changed, profile)


def _account(user: User, tenant: Tenant, asked: Members) -> User:
    return evolve(
        user,
        user_principal_name=asked.given("userPrincipalName", _principal_name(tenant, user), user.user_principal_name),
        display_name=asked.given("displayName", line(256), user.display_name),
        mail_nickname=asked.given("mailNickname", _nickname, user.mail_nickname),
        account_enabled=asked.given("accountEnabled", boolean, user.account_enabled),
        given_name=asked.nullable("givenName", line(64), user.given_name),
        surname=asked.nullable("surname", line(64), user.surname),
        usage_location=asked.nullable("usageLocation", country, user.usage_location),
    )


def _contact(user: User, asked: Members) -> User:
    return evolve(
        user,
        business_phones=asked.emptied("businessPhones", each(line(64), most=1), user.business_phones, ()),
        mobile_phone=asked.nullable("mobilePhone", line(64), user.mobile_phone),
        preferred_language=asked.nullable("preferredLanguage", language, user.preferred_language),
    )


def _work(user: User, asked: Members) -> User:
    return evolve(
        user,
        mail=asked.nullable("mail", mail, user.mail),
        other_mails=asked.emptied("otherMails", each(mail, most=_MOST_MAILS), user.other_mails, ()),
        job_title=asked.nullable("jobTitle", line(128), user.job_title),
        department=asked.nullable("department", line(64), user.department),
        company_name=asked.nullable("companyName", line(64), user.company_name),
        employee_id=asked.nullable("employeeId", line(16), user.employee_id),
        office_location=asked.nullable("officeLocation", line(128), user.office_location),
    )


def _profile(asked: Members) -> NewProfile | None:
    profile = asked.nullable("passwordProfile", lambda value, path: Members(value, "user", path), None)
    if profile is None:  # null is what it is read as, and clients send back what they read
        return None
    password = profile.nullable("password", text, None)
    must_change = profile.nullable("forceChangePasswordNextSignIn", boolean, None)
    with_factor = "forceChangePasswordNextSignInWithMfa"
    profile.only(with_factor, *_UNSET, why=f"{profile.path_of(with_factor)}: use forceChangePasswordNextSignIn.")
    profile.finish()
    return NewProfile(password, must_change)


def _principal_name(tenant: Tenant, user: User | None = None) -> Read[str]:
    """Below a domain of the tenant, unless it is what it was: guests are named otherwise."""

    def read(value: object, path: str) -> str:
        name = text(value, path)
        if user is not None and name == user.user_principal_name:
            return name
        judge(_principal_name_fault(name, tenant), path)
        return name

    return read


def _principal_name_fault(name: str, tenant: Tenant) -> str | None:
    if not is_principal_name(name):
        return f"{said(name)} is no user principal name such as ada@{tenant.default_domain}."
    if name.rpartition("@")[2].lower() not in tenant.domains:
        return f"{said(name)} must end in a domain of this tenant: {', '.join(f'@{one}' for one in tenant.domains)}."
    return None

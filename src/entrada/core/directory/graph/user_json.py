"""A user as Graph writes it.  Reference section 38.

Everything else is answered only to whoever asks for it by `$select`.
"""

from typing import Final

from entrada.core.directory.graph.json_members import written_moment
from entrada.core.directory.graph.member_names import graph_name
from entrada.core.directory.user import User

DEFAULT_MEMBERS: Final = (
    "businessPhones",
    "displayName",
    "givenName",
    "jobTitle",
    "mail",
    "mobilePhone",
    "officeLocation",
    "preferredLanguage",
    "surname",
    "userPrincipalName",
    "id",
)

BASIC_FIELDS: Final = frozenset({"display_name", "given_name", "id", "mail", "surname", "user_principal_name"})
BASIC_MEMBERS: Final = frozenset(map(graph_name, BASIC_FIELDS))


def user_json(user: User) -> dict[str, object]:
    """Every member there is, and no secret."""
    return {**_usual(user), **_account(user), **_work(user), **_unused()}


def basic_user_json(user: User) -> dict[str, object]:
    """For whom only User.ReadBasic.All lets in: every other member is empty, whatever it holds."""
    return {name: value if name in BASIC_MEMBERS else None for name, value in user_json(user).items()}


def default_user_json(user: User) -> dict[str, object]:
    return _usual(user)


def _usual(user: User) -> dict[str, object]:
    """In the order of `DEFAULT_MEMBERS`."""
    return {
        "businessPhones": list(user.business_phones),
        "displayName": user.display_name,
        "givenName": user.given_name,
        "jobTitle": user.job_title,
        "mail": user.mail,
        "mobilePhone": user.mobile_phone,
        "officeLocation": user.office_location,
        "preferredLanguage": user.preferred_language,
        "surname": user.surname,
        "userPrincipalName": user.user_principal_name,
        "id": user.id,
    }


def _account(user: User) -> dict[str, object]:
    issuer = user.user_principal_name.rpartition("@")[2]
    since, changed = user.sign_in_sessions_valid_from, user.password.changed_at if user.password else None
    identity = {
        "signInType": "userPrincipalName",
        "issuer": issuer,
        "issuerAssignedId": user.user_principal_name,
    }
    return {
        "accountEnabled": user.account_enabled,
        "createdDateTime": written_moment(user.created_at) if user.created_at else None,
        "creationType": "Invitation" if user.home else None,
        "identities": [identity],
        "lastPasswordChangeDateTime": written_moment(changed) if changed else None,
        "passwordProfile": None,  # written only
        "signInSessionsValidFromDateTime": written_moment(since) if since else None,
        "userType": user.user_type,
    }


def _work(user: User) -> dict[str, object]:
    return {
        "companyName": user.company_name,
        "department": user.department,
        "employeeId": user.employee_id,
        "mailNickname": user.mail_nickname,
        "otherMails": list(user.other_mails),
        "usageLocation": user.usage_location,
    }


def _unused() -> dict[str, object]:
    """What is always empty here, and read by programs that expect it."""
    return {
        "assignedLicenses": [],
        "deletedDateTime": None,
        "onPremisesImmutableId": None,
        "passwordPolicies": None,
        "proxyAddresses": [],
    }

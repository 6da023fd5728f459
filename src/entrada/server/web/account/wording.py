"""How sessions, consents and people read on the page of the own account."""

from collections.abc import Iterable
from typing import Final, TypedDict

from entrada.core.directory.tenant import Tenant
from entrada.core.directory.user import User
from entrada.core.jose.numeric_date import NumericDate, as_datetime
from entrada.core.protocol.sign_in import second_factor
from entrada.server.usecases.own_consents import ConsentRow
from entrada.server.usecases.own_sessions import OwnSession
from entrada.server.web.http.user_agent import in_words

_MONTHS: Final = (
    "January February March April May June July August September October November December".split()  # noqa: SIM905
)
Row = dict[str, object]


class PermissionRow(TypedDict):
    name: str
    description: str
    resource: str
    admin: bool
    for_all: bool


class ConsentedApp(TypedDict):
    key: str
    name: str
    own: bool  # something of it is the person's own to take back
    permissions: list[PermissionRow]


def person(user: User, home: Tenant | None) -> Row:
    return {
        "name": user.display_name,
        "username": user.user_principal_name,
        "tenant_name": home.display_name if home else "",
        "key": user.id,
    }


def session_row(one: OwnSession) -> Row:
    session = one.session
    return {
        "key": session.id,
        "program": in_words(session.user_agent),
        "address": session.address,
        "when": moment(session.authenticated_at),
        "ends": day(session.ends_at),
        "persistent": session.persistent,
        "second_factor": second_factor.has_one(session.methods),
        "apps": [app.display_name for app in one.apps],
        "present": one.present,
    }


def consent_rows(consents: Iterable[ConsentRow]) -> list[ConsentedApp]:
    """By application; what it may do on each API, in the words of the consent page."""
    rows: dict[str, ConsentedApp] = {}
    for one in consents:
        key = one.client_principal_id
        row = rows.setdefault(key, {"key": key, "name": one.client.display_name, "own": False, "permissions": []})
        row["own"] |= not one.for_all
        row["permissions"] += _permissions(one)
    return list(rows.values())


def moment(at: NumericDate) -> str:
    return f"{day(at)}, {as_datetime(at):%H:%M} UTC"


def day(at: NumericDate) -> str:
    """In words, whatever the locale of the process is."""
    date = as_datetime(at)
    return f"{date.day} {_MONTHS[date.month - 1]} {date.year}"


def _permissions(one: ConsentRow) -> list[PermissionRow]:
    return [
        {
            "name": scope.user_consent_display_name or scope.admin_consent_display_name,
            "description": scope.user_consent_description or scope.admin_consent_description,
            "resource": one.resource.display_name,
            "admin": scope.admin_only,
            "for_all": one.for_all,
        }
        for scope in one.scopes
    ]

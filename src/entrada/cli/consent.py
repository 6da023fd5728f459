"""`entrada consent`: which applications were let into what, for whom."""

from collections.abc import Iterator
from typing import Final
from urllib.parse import quote

import click

from entrada.cli.desk import Desk, Json, desk_options
from entrada.cli.named import application
from entrada.cli.shown import Columns, output_option, show_all

_EVERYBODY: Final = "everybody"
_COLUMNS: Final[Columns] = {
    "id": lambda one: one["id"],
    "application": lambda one: one["client"],
    "may use": lambda one: one["resource"],
    "for": lambda one: one["principal"],
    "permissions": lambda one: one["permissions"],
}


@click.group()
def consent() -> None:
    """See, give and take back what applications may do.

    NAME is an application's display name, its client id or its object id.
    """


@consent.command("list")
@click.argument("name", required=False)
@output_option
@desk_options
def list_(*, desk: Desk, name: str | None, output: str) -> None:
    """List what was granted: for everybody, for one person, or to an application itself.

    With NAME, to that application only.
    """
    principal = _principal(desk, application(desk, name)["appId"]) if name else None
    rows = _granted(desk, principal["id"] if principal else None)
    show_all(rows, _COLUMNS, output, "Nothing was granted.")


@consent.command()
@click.argument("name")
@output_option
@desk_options
def grant(name: str, *, desk: Desk, output: str) -> None:
    """Grant an application what it registered.

    All its permissions, for everybody: what the button "Grant admin consent" of the portal does.
    """
    found = application(desk, name)
    desk.post(f"/applications/{found['id']}/grantAdminConsent")
    show_all(_granted(desk, _principal(desk, found["appId"])["id"]), _COLUMNS, output, "Nothing was granted.")


@consent.command()
@click.argument("grant_id")
@desk_options
def revoke(grant_id: str, *, desk: Desk) -> None:
    """Take one grant back.  GRANT_ID is from `entrada consent list`."""
    if desk.find(f"/oauth2PermissionGrants/{quote(grant_id)}") is not None:
        desk.delete(f"/oauth2PermissionGrants/{quote(grant_id)}")
        return
    principal_id, _, assignment_id = grant_id.partition("/")
    if not assignment_id:
        raise click.ClickException(f"There is no grant {grant_id}. See: entrada consent list")
    desk.delete(f"/servicePrincipals/{quote(principal_id)}/appRoleAssignments/{quote(assignment_id)}")


def _principal(desk: Desk, app_id: str) -> Json:
    found = desk.find(f"/servicePrincipals(appId='{app_id}')")
    if found is None:
        raise click.ClickException("The application has no service principal here, so nothing was granted to it.")
    return found


def _granted(desk: Desk, principal_id: str | None) -> Iterator[Json]:
    names = _Names(desk)
    only = f"?$filter=clientId eq '{principal_id}'" if principal_id else ""
    for one in desk.every(f"/oauth2PermissionGrants{only}"):
        yield one | {
            "client": names.principal(one["clientId"]),
            "resource": names.principal(one["resourceId"]),
            "principal": names.user(one["principalId"]) if one["principalId"] else _EVERYBODY,
            "permissions": one["scope"].split(),
        }
    for holder in (principal_id,) if principal_id else _ids(desk, "/servicePrincipals"):
        for one in desk.every(f"/servicePrincipals/{holder}/appRoleAssignments"):
            yield one | {
                "id": f"{holder}/{one['id']}",
                "client": one["principalDisplayName"],
                "resource": one["resourceDisplayName"],
                "principal": "itself",
                "permissions": names.role(one["resourceId"], one["appRoleId"]),
            }


def _ids(desk: Desk, collection: str) -> Iterator[str]:
    return (one["id"] for one in desk.every(f"{collection}?$select=id"))


class _Names:
    """What ids are called, asked once each."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._known = dict[str, Json]()

    def principal(self, principal_id: str) -> str:
        return str(self._find("servicePrincipals", principal_id).get("displayName", principal_id))

    def user(self, user_id: str) -> str:
        return str(self._find("users", user_id).get("userPrincipalName", user_id))

    def role(self, resource_id: str, role_id: str) -> str:
        roles = self._find("servicePrincipals", resource_id).get("appRoles", [])
        return next((str(one["value"]) for one in roles if one["id"] == role_id), "(default access)")

    def _find(self, collection: str, object_id: str) -> Json:
        if object_id not in self._known:
            self._known[object_id] = self._desk.find(f"/{collection}/{object_id}") or {}
        return self._known[object_id]

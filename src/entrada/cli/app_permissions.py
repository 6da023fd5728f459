"""`entrada app permission` and `role`: what an application may ask for, and what it gives out.  Section 37."""

from collections.abc import Callable, Sequence
from typing import Final

import click

from entrada.cli.desk import Desk, Json, desk_options
from entrada.cli.named import application
from entrada.cli.shown import Columns, output_option, show_all
from entrada.core.directory.microsoft_graph import APP_ID

Changing = Callable[[Json, list[Json]], list[Json]]
"""From what an API offers and what is asked of it, to what shall be asked of it."""

_GRAPH: Final = "graph"
_MEMBERS: Final = {"people": "User", "apps": "Application"}
_COLUMNS: Final[Columns] = {
    "api": lambda one: one["api"],
    "permission": lambda one: one["value"],
    "kind": lambda one: one["kind"],
    "id": lambda one: one["id"],
}
api_option: Final = click.option(
    "--api",
    default=_GRAPH,
    show_default=True,
    metavar="NAME",
    help="Whose permission: graph for Microsoft Graph, or an application's name or id.",
)
itself_option: Final = click.option(
    "--itself", is_flag=True, help="For the application itself, not on behalf of people: app roles."
)


@click.group()
def permission() -> None:
    """Choose which permissions an application asks for.

    To be granted, an administrator consents: `entrada consent grant`.
    """


@permission.command("list")
@click.argument("name")
@output_option
@desk_options
def permission_list(name: str, *, desk: Desk, output: str) -> None:
    """List what it asks for."""
    found = application(desk, name)["requiredResourceAccess"]
    rows = [row for access in found for row in _rows(desk, access)]
    show_all(rows, _COLUMNS, output, "It asks for nothing.")


@permission.command("add")
@click.argument("name")
@click.argument("values", nargs=-1, required=True, metavar="VALUE...")
@api_option
@itself_option
@desk_options
def permission_add(name: str, values: tuple[str, ...], *, desk: Desk, api: str, itself: bool) -> None:
    """Ask for permissions, such as User.Read."""
    _change(desk, name, api, lambda offered, held: [*held, *_missing(offered, values, held, itself=itself)])


@permission.command("remove")
@click.argument("name")
@click.argument("values", nargs=-1, required=True, metavar="VALUE...")
@api_option
@itself_option
@desk_options
def permission_remove(name: str, values: tuple[str, ...], *, desk: Desk, api: str, itself: bool) -> None:
    """Ask for permissions no more.  What was granted stays until `entrada consent revoke`."""

    def without(offered: Json, held: list[Json]) -> list[Json]:
        gone = [_found(offered, value, itself=itself) for value in values]
        return [one for one in held if one not in gone]

    _change(desk, name, api, without)


@click.group()
def role() -> None:
    """Make app roles, which are given to people, groups or other applications."""


@role.command("add")
@click.argument("name")
@click.argument("value")
@click.option("--label", help="What it is called.  [default: its value]")
@click.option("--description", help="What whoever holds it may do.  [default: its value]")
@click.option(
    "--for",
    "members",
    type=click.Choice(list(_MEMBERS)),
    multiple=True,
    default=("people",),
    show_default=True,
    help="Who may hold it; may be said again.",
)
@desk_options
def role_add(
    name: str, value: str, *, desk: Desk, label: str | None, description: str | None, members: tuple[str, ...]
) -> None:
    """Make an app role."""
    found = application(desk, name)
    added = {
        "value": value,
        "displayName": label or value,
        "description": description or value,
        "allowedMemberTypes": [_MEMBERS[one] for one in members],
        "isEnabled": True,
    }
    desk.patch(f"/applications/{found['id']}", {"appRoles": [*found["appRoles"], added]})


# ---- what is asked for ----


def _change(desk: Desk, name: str, api: str, change: Changing) -> None:
    found, offered = application(desk, name), _offered(desk, api)
    required: list[Json] = found["requiredResourceAccess"]
    held = [
        one for access in required if access["resourceAppId"] == offered["appId"] for one in access["resourceAccess"]
    ]
    others = [access for access in required if access["resourceAppId"] != offered["appId"]]
    after = change(offered, held)
    own = [{"resourceAppId": offered["appId"], "resourceAccess": after}] if after else []
    desk.patch(f"/applications/{found['id']}", {"requiredResourceAccess": [*others, *own]})


def _offered(desk: Desk, api: str) -> Json:
    app_id = APP_ID if api == _GRAPH else application(desk, api)["appId"]
    return desk.get(f"/servicePrincipals(appId='{app_id}')")


def _missing(offered: Json, values: Sequence[str], held: Sequence[Json], *, itself: bool) -> list[Json]:
    wanted = [_found(offered, value, itself=itself) for value in values]
    return [one for one in wanted if one not in held]


def _found(offered: Json, value: str, *, itself: bool) -> Json:
    kind, member = ("Role", "appRoles") if itself else ("Scope", "oauth2PermissionScopes")
    for one in offered[member]:
        if value in (one["value"], one["id"]):
            return {"id": one["id"], "type": kind}
    what = "app role" if itself else "delegated permission"
    raise click.ClickException(f"{offered['displayName']} has no {what} {value}.")


def _rows(desk: Desk, access: Json) -> list[Json]:
    offered = desk.find(f"/servicePrincipals(appId='{access['resourceAppId']}')") or {}
    known = [*offered.get("oauth2PermissionScopes", ()), *offered.get("appRoles", ())]
    values = {one["id"]: one["value"] for one in known}
    return [
        {
            "api": offered.get("displayName", access["resourceAppId"]),
            "value": values.get(one["id"], "(unknown here)"),
            "kind": "itself" if one["type"] == "Role" else "for people",
            "id": one["id"],
        }
        for one in access["resourceAccess"]
    ]

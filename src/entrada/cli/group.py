"""`entrada group`: groups and who is in them."""

from typing import Final
from urllib.parse import quote

import click

from entrada.cli.desk import Desk, desk_options
from entrada.cli.named import by_name, searched
from entrada.cli.shown import Columns, output_option, show_all, show_one

_LIST: Final[Columns] = {
    "name": lambda group: group["displayName"],
    "id": lambda group: group["id"],
    "description": lambda group: group["description"],
}
_MEMBERS: Final[Columns] = {
    "name": lambda one: one["displayName"],
    "user": lambda one: one.get("userPrincipalName", "(a group)"),
    "id": lambda one: one["id"],
}


@click.group()
def group() -> None:
    """Make groups, and say who is in them.

    NAME is a group's display name or its id; a MEMBER a user principal name, or the name or id of a group.
    """


@group.command("list")
@click.option("--search", metavar="WORDS", help="Only those whose name has words that begin so.")
@output_option
@desk_options
def list_(*, desk: Desk, search: str | None, output: str) -> None:
    """List groups."""
    asked = f"/groups?$search={searched(search)}&$count=true" if search else "/groups?$orderby=displayName"
    show_all(desk.every(asked), _LIST, output, "There is no such group. Make one with: entrada group create")


@group.command()
@click.argument("name")
@output_option
@desk_options
def show(name: str, *, desk: Desk, output: str) -> None:
    """Show one group."""
    show_one(by_name(desk, "groups", "group", name), _LIST, output)


@group.command()
@click.argument("name")
@click.option("--description", help="What it is for.")
@output_option
@desk_options
def create(name: str, *, desk: Desk, description: str | None, output: str) -> None:
    """Make a security group."""
    nickname = "".join(one for one in name if one.isascii() and one.isalnum())[:64] or "group"
    members = {"displayName": name, "mailEnabled": False, "mailNickname": nickname, "securityEnabled": True}
    show_one(desk.post("/groups", members | ({"description": description} if description else {})), _LIST, output)


@group.command()
@click.argument("name")
@click.option("--yes", is_flag=True, help="Do not ask.")
@desk_options
def delete(name: str, *, desk: Desk, yes: bool) -> None:
    """Delete a group.

    For thirty days `entrada group restore` brings it back.
    """
    found = by_name(desk, "groups", "group", name)
    if not yes:
        click.confirm(f"Delete the group {found['displayName']}?", abort=True)
    desk.delete(f"/groups/{found['id']}")
    click.echo(f"Deleted. To bring it back: entrada group restore {found['id']}")


@group.command()
@click.argument("object_id")
@desk_options
def restore(object_id: str, *, desk: Desk) -> None:
    """Bring a deleted group back, with its members."""
    click.echo(f"{desk.post(f'/directory/deletedItems/{object_id}/restore')['displayName']} is back.")


@group.command()
@click.argument("name")
@click.option("--nested", is_flag=True, help="Also those who are in it through other groups.")
@output_option
@desk_options
def members(name: str, *, desk: Desk, nested: bool, output: str) -> None:
    """List who is in a group."""
    collection = "transitiveMembers" if nested else "members"
    path = f"/groups/{by_name(desk, 'groups', 'group', name)['id']}/{collection}"
    show_all(desk.every(path), _MEMBERS, output, "Nobody is in it.")


@group.command()
@click.argument("name")
@click.argument("member")
@desk_options
def add(name: str, member: str, *, desk: Desk) -> None:
    """Put MEMBER into a group."""
    body = {"@odata.id": f"https://graph.microsoft.com/v1.0/directoryObjects/{_member(desk, member)}"}
    desk.post(f"/groups/{by_name(desk, 'groups', 'group', name)['id']}/members/$ref", body)


@group.command()
@click.argument("name")
@click.argument("member")
@desk_options
def remove(name: str, member: str, *, desk: Desk) -> None:
    """Take MEMBER out of a group."""
    found = by_name(desk, "groups", "group", name)["id"]
    desk.delete(f"/groups/{found}/members/{_member(desk, member)}/$ref")


def _member(desk: Desk, name: str) -> str:
    user = desk.find(f"/users/{quote(name)}")
    return str((user or by_name(desk, "groups", "user or group", name))["id"])

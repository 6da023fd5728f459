"""`entrada user list`, `create` and the like: the accounts of people, over Graph."""

from typing import Final, TextIO
from urllib.parse import quote

import click

from entrada.cli.desk import Desk, Json, desk_options
from entrada.cli.named import searched
from entrada.cli.shown import Columns, output_option, show_all, show_one

_WHAT: Final = "accountEnabled,userType,jobTitle,mail,createdDateTime,id,displayName,userPrincipalName"
_LIST: Final[Columns] = {
    "user": lambda user: user["userPrincipalName"],
    "name": lambda user: user["displayName"],
    "id": lambda user: user["id"],
    "": lambda user: "" if user["accountEnabled"] else "disabled",
}
_ONE: Final[Columns] = {
    "user": lambda user: user["userPrincipalName"],
    "name": lambda user: user["displayName"],
    "object id": lambda user: user["id"],
    "mail": lambda user: user["mail"],
    "job title": lambda user: user["jobTitle"],
    "enabled": lambda user: user["accountEnabled"],
    "type": lambda user: user["userType"],
    "made": lambda user: user["createdDateTime"],
}


@click.command("list")
@click.option("--search", metavar="WORDS", help="Only those whose name has words that begin so.")
@output_option
@desk_options
def list_(*, desk: Desk, search: str | None, output: str) -> None:
    """List the accounts of a tenant."""
    only = f"$search={searched(search)}&$count=true&" if search else "$orderby=displayName&"
    show_all(desk.every(f"/users?{only}$select={_WHAT}"), _LIST, output, "There is no such user.")


@click.command()
@click.argument("upn")
@output_option
@desk_options
def show(upn: str, *, desk: Desk, output: str) -> None:
    """Show one account.  UPN is the user principal name, or the object id."""
    show_one(_user(desk, upn), _ONE, output)


@click.command()
@click.argument("upn")
@click.option("--name", required=True, help="What is shown of the person.")
@click.option(
    "--password-from",
    type=click.File(encoding="utf-8"),
    required=True,
    help="Where the first password is; - for standard input.",
)
@click.option("--keep-password", is_flag=True, help="Do not ask for another password at the first sign-in.")
@output_option
@desk_options
def create(upn: str, *, desk: Desk, name: str, password_from: TextIO, keep_password: bool, output: str) -> None:
    """Make an account.

    The first sign-in asks for another password.
    """
    profile = {"password": password_from.read().rstrip("\n"), "forceChangePasswordNextSignIn": not keep_password}
    members: Json = {
        "userPrincipalName": upn,
        "displayName": name,
        "mailNickname": upn.partition("@")[0][:64],
        "accountEnabled": True,
        "passwordProfile": profile,
    }
    made = desk.post("/users", members)
    show_one(_user(desk, made["id"]), _ONE, output)


@click.command()
@click.argument("upn")
@desk_options
def enable(upn: str, *, desk: Desk) -> None:
    """Let somebody sign in again."""
    desk.patch(f"/users/{_user(desk, upn)['id']}", {"accountEnabled": True})


@click.command()
@click.argument("upn")
@desk_options
def disable(upn: str, *, desk: Desk) -> None:
    """Let somebody sign in no more.

    Every sign-in and every token ends within seconds.
    """
    desk.patch(f"/users/{_user(desk, upn)['id']}", {"accountEnabled": False})


@click.command()
@click.argument("upn")
@click.option("--yes", is_flag=True, help="Do not ask.")
@desk_options
def delete(upn: str, *, desk: Desk, yes: bool) -> None:
    """Delete an account.

    For thirty days `entrada user restore` brings it back.
    """
    found = _user(desk, upn)
    if not yes:
        click.confirm(f"Delete {found['userPrincipalName']}?", abort=True)
    desk.delete(f"/users/{found['id']}")
    click.echo(f"Deleted. To bring it back: entrada user restore {found['id']}")


@click.command()
@click.argument("object_id")
@desk_options
def restore(object_id: str, *, desk: Desk) -> None:
    """Bring a deleted account back.

    With its groups and permissions.
    """
    click.echo(f"{desk.post(f'/directory/deletedItems/{object_id}/restore')['userPrincipalName']} is back.")


def _user(desk: Desk, name: str) -> Json:
    return desk.get(f"/users/{quote(name)}?$select={_WHAT}")


COMMANDS: Final = (list_, show, create, enable, disable, delete, restore)

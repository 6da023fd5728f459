"""`entrada user`: the accounts of people, and help for those who cannot sign in."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TypeVar

import click

from entrada.cli import user_records
from entrada.cli.places import Place, opened_installation, place, place_options
from entrada.core.directory.administration.actor import Actor
from entrada.core.directory.administration.problem import Problem
from entrada.core.directory.graph.authentication_method_json import METHOD_OF_AUTHENTICATOR
from entrada.core.directory.user import User
from entrada.server.usecases.administer.user_methods import delete_method
from entrada.server.usecases.administer.user_passwords import reset_password, reset_password_by_link, unlock
from entrada.server.usecases.audited import operator
from entrada.server.usecases.handed_over import Link, Temporary
from entrada.server.usecases.installation import Installation

T = TypeVar("T")
Deed = Callable[[Installation, Actor, str], Awaitable[T | Problem]]
"""An administrator's operation upon the user of an id."""


@click.group()
def user() -> None:
    """Make accounts, change them, and help people who cannot sign in.

    A running server knows of each change within seconds.
    """


for _command in user_records.COMMANDS:
    user.add_command(_command)


@user.command("reset-password")
@click.argument("upn")
@click.option("--link", "by_link", is_flag=True, help="Print a one-time link to choose a password (the default).")
@click.option("--temporary", is_flag=True, help="Print a password for one sign-in, which asks for another one.")
@place_options
def reset_password_(*, upn: str, by_link: bool, temporary: bool, config: Path | None, data_dir: Path | None) -> None:
    """Have a person choose another password.

    UPN is the user principal name, such as ben@colors.example. At once the old password opens nothing, every browser
    and every application of theirs is signed out, and a lockout ends. (`entrada tenant link` leaves the old password in
    place until the link is used.)
    """
    if by_link and temporary:
        raise click.UsageError("Choose one of --link and --temporary.")
    if not temporary:
        hand_over(upn, asyncio.run(for_user(place(config, data_dir), upn, reset_password_by_link)))
        return
    made: Temporary = asyncio.run(for_user(place(config, data_dir), upn, reset_password))
    click.echo(f"{upn} signs in once with this password, and chooses another one then:")
    click.echo(made.password)


@user.command("reset-second-factor")
@click.argument("upn")
@place_options
def reset_second_factor_(*, upn: str, config: Path | None, data_dir: Path | None) -> None:
    """Forget an authenticator that was lost.

    UPN is the user principal name, such as ben@colors.example. The recovery codes are forgotten too, and at once every
    browser and every application of theirs is signed out. The next sign-in that needs a second factor sets up another
    one, by the password alone: be sure who asks you for this.
    """
    asyncio.run(for_user(place(config, data_dir), upn, _forget_authenticator))
    click.echo(f"{upn} sets up an authenticator at the next sign-in that needs one.")


@user.command("unlock")
@click.argument("upn")
@place_options
def unlock_(*, upn: str, config: Path | None, data_dir: Path | None) -> None:
    """Forget failed sign-ins, and so end a lockout.

    UPN is the user principal name, such as ben@colors.example. Passwords and second factors stay as they are.
    """
    asyncio.run(for_user(place(config, data_dir), upn, unlock))
    click.echo(f"{upn} may try again.")


def _forget_authenticator(here: Installation, actor: Actor, user_id: str) -> Awaitable[User | Problem]:
    return delete_method(here, actor, user_id, METHOD_OF_AUTHENTICATOR)


def hand_over(upn: str, made: Link) -> None:
    click.echo(f"{upn} chooses a password within three days, once, at:")
    click.echo(made.url)


async def for_user(here: Place, upn: str, deed: Deed[T]) -> T:
    async with opened_installation(here) as installation:
        found = await find_user(installation, upn)
        if not found.account_enabled:
            raise click.ClickException(f"{upn} is disabled: enable the account first.")
        done = await deed(installation, operator(installation, found.tenant_id), found.id)
        if isinstance(done, Problem):
            raise click.ClickException(done.message)
        return done


async def find_user(installation: Installation, upn: str) -> User:
    home = await installation.store.find_tenant_by_domain(upn.partition("@")[2].lower())
    found = await installation.store.find_user_by_name(home.id, upn) if home else None
    if found is None:
        raise click.ClickException(f"No tenant has a user {upn}.")
    return found

"""Which profile a command of `entrada config` means, and the moment it is changed."""

import os
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, Final

import click

from entrada.cli.endings import NotFound
from entrada.cli.profiles.completing import profile_names
from entrada.cli.profiles.file import Profiles, default_name, profiles_path
from entrada.cli.profiles.profile import Profile

_ARGUMENT: Final = click.argument("name", required=False, metavar="[NAME]", shell_complete=profile_names)
_OPTION: Final = click.option(
    "-p", "--profile", "-n", "--name", "called", metavar="NAME", shell_complete=profile_names, help="The same as NAME."
)


def profile_named(command: Callable[..., Any]) -> Callable[..., Any]:
    """By argument or by option: as `name` and `called`."""
    return _ARGUMENT(_OPTION(command))


def one_name(name: str | None, called: str | None) -> str | None:
    """Raises UsageError for two."""
    if name and called and name.casefold() != called.casefold():
        raise click.UsageError(f"Which one: {name} or {called}?")
    return name or called


def name_of(name: str | None, called: str | None, *, by_default: bool = True) -> str:
    """Raises UsageError for none and for two."""
    found = one_name(name, called) or (default_name() if by_default else None)
    if not found:
        raise click.UsageError("Missing NAME of the profile.")
    return found


def existing(profiles: Profiles, name: str) -> Profile:
    """Raises NotFound."""
    found = profiles.find(name)
    if found is None:
        raise not_found(name)
    return found


def not_found(name: str) -> NotFound:
    return NotFound(f"Profile '{name}' not found. Those there are: entrada config list")


def kept() -> Profiles:
    return Profiles(profiles_path(os.environ))


def now_iso() -> str:
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def told(words: str) -> None:
    """Standard output is for data."""
    click.echo(words, err=True)

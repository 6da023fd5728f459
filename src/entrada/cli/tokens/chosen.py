"""As whom a command gets a token: a named profile, a running `entrada up`, the only profile, or the environment."""

import os
import sys
from collections.abc import Callable, Mapping, Sequence
from typing import Final, NamedTuple

import click

from entrada.cli.endings import NotFound
from entrada.cli.profiles.profile import Profile, Where
from entrada.cli.tokens.running import CLI_APP, SCOPES, Running, running

_MAKE_ONE: Final = (
    "Make one with `entrada config create`, start a platform with `entrada up`, "
    "or set AZURE_TENANT_ID and AZURE_CLIENT_ID."
)
_MOST_NAMED: Final = 12


class Chosen(NamedTuple):
    profile: Profile
    title: str  # how it is called where something is said of it
    secret: str | None = None  # given with the question, rather than kept in the vault
    up: Running | None = None  # it is the running platform's
    kept: bool = False  # it is one of the file

    def asked_by(self, command: str) -> str:
        """How *command* is told to mean it."""
        if not self.kept:
            return f"entrada {command}"
        from shlex import quote  # where something is to be said

        return f"entrada {command} -p {quote(self.profile.name)}"

    def __repr__(self) -> str:
        return f"Chosen({self.title!r})"  # never the secret


class Asked(NamedTuple):
    """What the command line says of it."""

    name: str | None = None
    from_environment: bool = False
    may_ask: bool = True


def chosen(asked: Asked, environment: Mapping[str, str] = os.environ) -> Chosen:
    """Raises NotFound, UsageError and StorageError."""
    if asked.from_environment:
        if asked.name:
            raise click.UsageError("--from-env takes everything from the environment, and --profile from the file.")
        return _required(environment)
    if name := asked.name or environment.get("ENTRADA_PROFILE"):
        return _named(name, _profiles(environment))
    if (up := running(environment)) is not None:
        return of_running(up)
    return _of_file(_profiles(environment), asked) or _of_environment(environment) or _none()


def _profiles(environment: Mapping[str, str]) -> Sequence[Profile]:
    from entrada.cli.profiles.file import Profiles, profiles_path  # not for the running platform's token

    return Profiles(profiles_path(environment)).all()


def of_running(up: Running) -> Chosen:
    profile = Profile(
        id="up",
        name="entrada up",
        where=Where(authority=up.authority),
        client_id=CLI_APP,
        scopes=SCOPES,
        ca_file=up.ca_file,
    )
    return Chosen(profile=profile, title=f"the running `entrada up` ({up.origin})", up=up)


def _named(name: str, profiles: Sequence[Profile]) -> Chosen:
    found = next((one for one in profiles if one.is_called(name)), None)
    if found is None:
        raise NotFound(f"Profile '{name}' not found. {_names(profiles)}")
    return _kept(found)


def _names(profiles: Sequence[Profile]) -> str:
    if not profiles:
        return "There are none yet. Make it with: entrada config create"
    return f"There are: {', '.join(one.name for one in profiles[:_MOST_NAMED])}."


def _kept(profile: Profile) -> Chosen:
    return Chosen(profile=profile, title=f"profile {profile.name}", kept=True)


def _of_file(profiles: Sequence[Profile], asked: Asked) -> Chosen | None:
    if len(profiles) < 2:
        return _kept(profiles[0]) if profiles else None
    if not (asked.may_ask and a_person_is_there()):
        raise NotFound(f"Which profile? {_names(profiles)} Name one with -p, or set ENTRADA_PROFILE.")
    labels = [f"{one.name} ({one.authority})" for one in profiles]
    return _kept(profiles[choose("Profile", labels)])


def _required(environment: Mapping[str, str]) -> Chosen:
    found = _of_environment(environment)
    if found is None:
        raise NotFound("The environment names no application. Set AZURE_TENANT_ID and AZURE_CLIENT_ID.")
    return found


def _of_environment(environment: Mapping[str, str]) -> Chosen | None:
    from entrada.cli.tokens.from_environment import profile_of  # few need it

    found = profile_of(environment)
    return Chosen(profile=found[0], secret=found[1], title="the environment") if found else None


def _none() -> Chosen:
    raise NotFound(f"No profiles found, and no `entrada up` runs here. {_MAKE_ONE}")


# ---- asking ----


def a_person_is_there() -> bool:
    """Whether somebody reads standard error and can type; standard output may go anywhere."""
    return sys.stdin.isatty() and sys.stderr.isatty()


def choose(what: str, labels: Sequence[str], prompt: Callable[..., int] = click.prompt) -> int:
    """By number, on standard error."""
    for number, label in enumerate(labels, 1):
        click.echo(f"  {number}  {label}", err=True)
    return prompt(what, type=click.IntRange(1, len(labels)), err=True) - 1

"""The options that the token commands share, and what they amount to."""

import functools
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple

import click
from attrs import evolve

from entrada.cli.profiles.completing import profile_names
from entrada.cli.profiles.profile import Kind, Proof
from entrada.cli.tokens.chosen import Asked, Chosen
from entrada.cli.tokens.question import Wishes
from entrada.cli.tokens.spellings import FlowType, LengthType, ScopesType

Command = Callable[..., Any]
_LONGEST_SECRET: Final = 4096


class Options(NamedTuple):
    asked: Asked
    wishes: Wishes
    keep: bool  # in the cache
    ca_file: Path | None
    trace: bool
    silent: bool
    show_url: bool = False
    secret: str | None = None

    def __repr__(self) -> str:
        return f"Options({self.asked!r}, {self.wishes!r})"  # never the secret

    def applied(self, chosen: Chosen) -> Chosen:
        """With what the command line says of the application itself."""
        profile = evolve(chosen.profile, ca_file=self.ca_file or chosen.profile.ca_file)
        if self.secret is None:
            return chosen._replace(profile=profile)
        kind = Kind.CERTIFICATE if profile.proof.kind is Kind.CERTIFICATE else Kind.SECRET
        proof = Proof(kind=kind, path=profile.proof.path)
        return chosen._replace(profile=evolve(profile, proof=proof), secret=self.secret)


def whose_options(command: Command) -> Command:
    """As whom, and of whom; the command receives them as `options`."""
    return _receiving(command, _WHOSE)


def token_options(command: Command) -> Command:
    """Those, and how a token is come by."""
    return _receiving(command, (*_WHOSE, _scope, _flow("-f"), *_HOW))


def token_options_beside_curls(command: Command) -> Command:
    """The same where `-f` means something else."""
    return _receiving(command, (*_WHOSE, _scope, _flow(), *_HOW))


def _receiving(command: Command, options: Sequence[Callable[[Command], Command]]) -> Command:
    @functools.wraps(command)
    def with_options(*arguments: object, **given: Any) -> object:
        return command(*arguments, options=_read(given), **given)

    wrapped: Command = with_options
    for option in reversed(options):
        wrapped = option(wrapped)
    return wrapped


trace_option: Final = click.option(
    "--trace", "--verbose", "trace", is_flag=True, help="Show each request and response; nothing secret in them."
)
_WHOSE: Final = (
    click.option(
        "-p",
        "--profile",
        metavar="NAME",
        shell_complete=profile_names,
        help="Whose token.  [default: $ENTRADA_PROFILE, a running `entrada up`, the only profile, the environment]",
    ),
    click.option("--from-env", is_flag=True, help="As AZURE_CLIENT_ID, AZURE_TENANT_ID and so on say."),
    click.option("--tenant", metavar="TENANT", help="Another tenant than the profile's: an id or a domain."),
    click.option(
        "--account", "--login-hint", metavar="USER", help="Which account, where several are signed in, or are to be."
    ),
    click.option(
        "--ca",
        "ca_file",
        type=click.Path(path_type=Path, dir_okay=False),
        envvar="ENTRADA_CA_FILE",
        show_envvar=True,
        help="A PEM file of roots to trust, in place of the system's.",
    ),
)
_scope: Final = click.option(
    "-s",
    "--scope",
    "scopes",
    type=ScopesType(),
    multiple=True,
    metavar="SCOPE",
    help="What the token is for; several by spaces or commas, or said again.  [default: the profile's]",
)


def _flow(*shorter: str) -> Callable[[Command], Command]:
    return click.option(
        *shorter,
        "--flow",
        type=FlowType(),
        metavar="FLOW",
        help="interactive, device-code, client-credentials, managed-identity.  [default: the profile's, or what its "
        "credential is for; a browser where there is none, and a device code where there is no browser either]",
    )


_HOW: Final = (
    click.option("--timeout", type=LengthType(), metavar="TIME", help="Give up after that long: 30s, 2m."),
    click.option(
        "--port", type=click.IntRange(1, 65535), help="Where the browser's answer arrives.  [default: any that is free]"
    ),
    click.option("--redirect-uri", metavar="URI", help="As registered.  [default: http://localhost]"),
    click.option("--claims", metavar="JSON", help="A claims challenge of an API, to be met anew."),
    click.option("--client-secret", metavar="SECRET", help="Seen by everybody in the list of processes; rather:"),
    click.option("--client-secret-stdin", is_flag=True, help="Read it from standard input."),
    click.option("--client-secret-env", metavar="NAME", help="Read it from that variable."),
    click.option("--no-cache", is_flag=True, help="Neither read what is kept nor keep anything."),
    click.option(
        "--non-interactive", "--no-prompt", is_flag=True, help="Ask nobody; where somebody must be, end in 7."
    ),
    click.option("--show-url", is_flag=True, help="Say where the browser was sent, to open it in another one."),
    click.option("-q", "--silent", is_flag=True, help="Nothing on standard error but what went wrong."),
    trace_option,
)


def _read(given: dict[str, Any]) -> Options:
    """Takes what is its own out of *given*."""
    may_ask = not given.pop("non_interactive", False)
    return Options(
        asked=Asked(name=given.pop("profile"), from_environment=given.pop("from_env"), may_ask=may_ask),
        wishes=Wishes(
            scopes=tuple(dict.fromkeys(scope for scopes in given.pop("scopes", ()) for scope in scopes)),
            flow=given.pop("flow", None),
            tenant=given.pop("tenant"),
            account=given.pop("account"),
            claims=_claims(given.pop("claims", None)),
            redirect_uri=given.pop("redirect_uri", None),
            port=given.pop("port", None),
            timeout=given.pop("timeout", None),
            may_ask=may_ask,
        ),
        keep=not given.pop("no_cache", False),
        ca_file=given.pop("ca_file"),
        trace=given.pop("trace", False),
        silent=given.pop("silent", False),
        show_url=given.pop("show_url", False),
        secret=_secret(
            given.pop("client_secret", None),
            given.pop("client_secret_env", None),
            from_stdin=given.pop("client_secret_stdin", False),
        ),
    )


def _claims(text: str | None) -> str | None:
    if text is None:
        return None
    import json

    try:
        found = json.loads(text)
    except ValueError:
        found = None
    if not isinstance(found, dict):
        raise click.UsageError("--claims is no JSON object, such as the claims of a WWW-Authenticate header.")
    return text


def _secret(value: str | None, variable: str | None, *, from_stdin: bool) -> str | None:
    if sum(map(bool, (value, variable, from_stdin))) > 1:
        raise click.UsageError("One of --client-secret, --client-secret-env and --client-secret-stdin is enough.")
    if variable:
        value = os.environ.get(variable)
        if not value:
            raise click.UsageError(f"There is no secret in {variable}: it is not set, or empty.")
    if from_stdin:
        value = sys.stdin.readline(_LONGEST_SECRET).rstrip("\r\n")
        if not value:
            raise click.UsageError("There is no secret on standard input.")
    return value

"""The options that say what is in a profile, in every spelling that Entra Auth Cli ships or documents."""

import os
import sys
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any, Final

import click
from attrs import frozen

from entrada.cli.profiles.given import Given
from entrada.cli.profiles.profile import Kind
from entrada.cli.tokens.spellings import FlowType, ScopesType

_FILE: Final = click.Path(dir_okay=False, path_type=Path)


class KindType(click.ParamType[Kind]):
    """Also as `ClientSecret`, `Certificate`, `PasswordlessCertificate`."""

    name = "kind"

    def convert(self, value: str | Kind, param: click.Parameter | None, ctx: click.Context | None) -> Kind:
        word = value.lower().replace("_", "-")
        word = {"clientsecret": "secret", "client-secret": "secret", "passwordlesscertificate": "certificate"}.get(
            word, word
        )
        if word not in list(Kind):
            self.fail(f"{value!r} is none of {', '.join(Kind)}.", param, ctx)
        return Kind(word)


_OPTIONS: Final = (
    click.option("--tenant", "--tenant-id", metavar="ID|DOMAIN", help="Also common, organizations, consumers."),
    click.option(
        "--instance", metavar="URL|CLOUD",
        help="Where the tenant is: a URL, public, us-government or china.  [default: public]",
    ),
    click.option("--authority", metavar="URL", help="The same in one: https://localhost:8443/TENANT."),
    click.option("--issuer", metavar="URL", help="Of any OpenID Connect provider, in place of a tenant."),
    click.option("--client-id", metavar="ID", help="Of the application."),
    click.option(
        "-s", "--scope", "--scopes", "scopes", multiple=True, metavar="SCOPES", type=ScopesType(),
        help="What to ask for, separated by spaces or commas; may be said again.",
    ),
    click.option(
        "--flow", "--default-flow", type=FlowType(), metavar="FLOW",
        help="interactive, device-code, client-credentials, authorization-code or managed-identity.  "
        "[default: what the credentials allow]",
    ),
    click.option(
        "--authentication", "--auth-method", "kind", type=KindType(), metavar="KIND",
        help=f"{', '.join(Kind)}.  [default: what is given below, else none]",
    ),
    click.option("--client-secret-stdin", is_flag=True, help="Read the secret from standard input."),
    click.option("--client-secret-env", metavar="NAME", help="Take it from that environment variable."),
    click.option(
        "--client-secret", metavar="SECRET", help="The secret itself: others see it in the list of processes."
    ),
    click.option(
        "--certificate", "--certificate-path", type=_FILE, help="PEM with its private key, or PKCS#12 (.pfx, .p12)."
    ),
    click.option("--certificate-password-stdin", is_flag=True, help="Read its password from standard input."),
    click.option("--certificate-password-env", metavar="NAME", help="Take it from that environment variable."),
    click.option("--certificate-password", metavar="PASSWORD", help="The password itself, for others to see."),
    click.option("--use-certificate", is_flag=True, hidden=True),  # a certificate says so itself
    click.option("--private-key-path", type=_FILE, hidden=True),
    click.option("--federated-token-file", "token_file", type=_FILE, help="A token of another issuer, read each time."),
    click.option("--redirect-uri", metavar="URI", help="Where the browser brings the answer.  [default: http://localhost]"),
    click.option("--ca", "--ca-file", "ca_file", type=_FILE, help="Roots to trust in place of the system's, as PEM."),
)  # fmt: skip


@frozen
class _Source:
    """One secret, in the three ways it may be given."""

    option: str
    value: str | None
    stdin: bool
    variable: str | None

    def read(self) -> str | None:
        if sum((self.value is not None, self.stdin, self.variable is not None)) > 1:
            raise click.UsageError(f"Give {self.option} in one way.")
        if self.stdin:
            return self._required(sys.stdin.readline().rstrip("\r\n"), "Standard input")
        if self.variable is not None:
            return self._required(os.environ.get(self.variable, ""), f"The environment variable {self.variable}")
        if self.value is not None:
            click.echo(f"Others see {self.option} in the list of processes; {self.option}-stdin hides it.", err=True)
        return self.value or None

    def _required(self, found: str, where: str) -> str:
        if not found:
            raise click.UsageError(f"{where} holds no secret for {self.option}.")
        return found


def given_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Adds them, and hands the command what they say as `given`."""

    @wraps(command)
    def with_given(*args: Any, **options: Any) -> Any:
        ours = {name: options.pop(name) for name in _NAMES}
        return command(*args, given=_given(**ours), **options)

    for option in reversed(_OPTIONS):
        with_given = option(with_given)
    return with_given


_NAMES: Final = (
    "tenant", "instance", "authority", "issuer", "client_id", "scopes", "flow", "kind", "client_secret_stdin",
    "client_secret_env", "client_secret", "certificate", "certificate_password_stdin", "certificate_password_env",
    "certificate_password", "use_certificate", "private_key_path", "token_file", "redirect_uri", "ca_file",
)  # fmt: skip


def _given(*, scopes: tuple[tuple[str, ...], ...], kind: Kind | None, **said: Any) -> Given:
    secret = _Source("--client-secret", *(said.pop(f"client_secret{end}") for end in ("", "_stdin", "_env"))).read()
    words = ("", "_stdin", "_env")
    password = _Source("--certificate-password", *(said.pop(f"certificate_password{end}") for end in words)).read()
    key, certified = said.pop("private_key_path"), said.pop("use_certificate")
    if key is not None and key != said["certificate"]:
        raise click.UsageError("Put the certificate and its key into one PEM file, and name that by --certificate.")
    if secret is not None and password is not None:
        raise click.UsageError("Give a client secret or a certificate, not both.")
    kinds = [Kind.SECRET] * (secret is not None) + [Kind.CERTIFICATE] * (password is not None or certified)
    return Given(
        **said,
        scopes=tuple(dict.fromkeys(one for part in scopes for one in part)) or None,
        kind=kind or next(iter(kinds), None),
        secret=secret or password,
    )

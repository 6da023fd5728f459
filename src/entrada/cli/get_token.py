"""`entrada get-token`: the token alone on standard output, everything else on standard error."""

import os
from pathlib import Path
from typing import Final

import click
from attrs import evolve

from entrada.cli.tokens.got import got
from entrada.cli.tokens.options import Options, token_options
from entrada.cli.tokens.output import Output, OutputType
from entrada.cli.tokens.written import Ways, write
from entrada.core.jose.numeric_date import Seconds

_MINUTE: Final = 60


def output_options(command: "click.decorators.FC") -> "click.decorators.FC":
    for option in reversed(_OUTPUT):
        command = option(command)
    return command


_OUTPUT: Final = (
    click.option(
        "-o",
        "--output",
        type=OutputType(),
        default="token",
        show_default=True,
        help="The token alone, or with what is known of it; env is for a shell, exec for kubectl.",
    ),
    click.option("--json", "as_json", is_flag=True, help="The same as -o json."),
    click.option("--file", type=click.Path(path_type=Path, dir_okay=False), help="Write it there, for you alone."),
    click.option("--copy/--no-clipboard", default=False, help="Onto the clipboard too, for 45 seconds."),
)


@click.command("get-token")
@token_options
@output_options
@click.option("--force", is_flag=True, help="A new one, though one is kept.")
@click.option(
    "--warn-expiry",
    default=5,
    show_default=True,
    type=click.IntRange(min=0),
    metavar="MINUTES",
    help="Say so where a kept token ends within that time.",
)
@click.option("--cache-cert-password", is_flag=True, hidden=True, help="What is kept is used without being told.")
def get_token(
    *,
    options: Options,
    output: str,
    as_json: bool,
    file: Path | None,
    copy: bool,
    force: bool,
    warn_expiry: int,
    cache_cert_password: bool,
) -> None:
    """Print an access token.

    \b
      entrada get-token                                  of a running `entrada up`, or the only profile
      entrada get-token -p work -s User.Read             as a profile, for that scope
      entrada get-token -o header | curl -H @- URL       as a header
      eval "$(entrada get-token -o env)"                 as ENTRADA_TOKEN
      entrada get-token --trace                          showing each request on the way

    The token stands alone on standard output. It comes from the cache while it serves for a minute or more, and is
    renewed without asking anybody where that can be. Profiles are made with `entrada config create`.
    """
    del cache_cert_password  # Entra Auth Cli's; a password that is kept is used here without being told
    wanted = Output.JSON if as_json else Output(output)
    answer = got(_prepared(options, wanted, force=force))
    ways = Ways(
        output=wanted,
        file=file,
        copy=copy,
        silent=options.silent,
        warn_within=Seconds(warn_expiry * _MINUTE),
    )
    write(answer, ways)


def _prepared(options: Options, output: Output, *, force: bool) -> Options:
    """kubectl says whether it lends its terminal."""
    may_ask = options.wishes.may_ask
    if output is Output.EXEC:
        from entrada.cli.tokens.exec_credential import may_ask as lends_its_terminal

        may_ask = may_ask and lends_its_terminal(os.environ.get("KUBERNETES_EXEC_INFO"))
    return evolve(options, wishes=evolve(options.wishes, force=force, may_ask=may_ask))

"""`entrada get-token`: the token alone on standard output, everything else on standard error."""

import os

import click

from entrada.cli.tokens.got import got
from entrada.cli.tokens.options import Options, token_options
from entrada.cli.tokens.output import Output
from entrada.cli.tokens.output_options import output_options
from entrada.cli.tokens.written import Ways, write


@click.command("get-token")
@token_options
@output_options(warned_within=5)
@click.option("--force", is_flag=True, help="A new one, though one is kept.")
@click.option("--cache-cert-password", is_flag=True, hidden=True, help="What is kept is used without being told.")
def get_token(
    *,
    options: Options,
    ways: Ways,
    force: bool,
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
    write(got(_prepared(options, ways.output, force=force)), ways._replace(silent=options.silent))


def _prepared(options: Options, output: Output, *, force: bool) -> Options:
    """kubectl says whether it lends its terminal."""
    may_ask = options.wishes.may_ask
    if output is Output.EXEC:
        from entrada.cli.tokens.exec_credential import may_ask as lends_its_terminal

        may_ask = may_ask and lends_its_terminal(os.environ.get("KUBERNETES_EXEC_INFO"))
    return options._replace(wishes=options.wishes._replace(force=force, may_ask=may_ask))

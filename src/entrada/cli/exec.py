"""`entrada exec`: run a program with the environment that its SDK expects."""

import os
from collections.abc import Sequence

import click

from entrada.cli.tokens.deadline import deadline
from entrada.cli.tokens.got import asked_for, found
from entrada.cli.tokens.options import Options, token_options


@click.command("exec", context_settings={"ignore_unknown_options": True, "allow_interspersed_args": False})
@token_options
@click.option(
    "--token-env",
    metavar="NAME",
    help="Put a token into that variable, and serve none: for programs that want one, and take no other.",
)
@click.argument("command", nargs=-1, required=True, type=click.UNPROCESSED)
@click.pass_context
def exec_(ctx: click.Context, /, *, options: Options, token_env: str | None, command: Sequence[str]) -> None:
    """Run a program with tokens at hand.

    \b
      entrada exec -- python app.py              azure-identity's ManagedIdentityCredential, or the default one
      entrada exec -p work -- node server.js
      entrada exec --token-env GH_TOKEN -s api://builds/.default -- ./build.sh

    It finds AZURE_CLIENT_ID, AZURE_TENANT_ID and AZURE_AUTHORITY_HOST, the variables by which it trusts the authority's
    certificate, and for its lifetime a managed identity on loopback (IDENTITY_ENDPOINT, IDENTITY_HEADER) that gives it
    tokens of the profile; a secret keeps others from it. Signals are passed on, and its exit code is returned.
    """
    if token_env is not None and (not token_env or "=" in token_env or not token_env.isprintable()):
        raise click.UsageError(f"{token_env!r} is no name of a variable.")
    asked = asked_for(options)
    with deadline(options.wishes.timeout):
        first = found(asked, options)  # signs in, if somebody must: the program cannot
    from entrada.cli.tokens import child

    environment = child.environment(asked, os.environ)
    if token_env is not None:
        child.become(command, {**environment, token_env: first.token.value})
    # The program's tokens are of whom it was begun for: nobody is asked on its behalf, and nobody takes their place.
    wishes = asked.wishes._replace(may_ask=False, account_key=first.account.key if first.account else "")
    ctx.exit(child.run(command, environment, asked._replace(wishes=wishes), options))

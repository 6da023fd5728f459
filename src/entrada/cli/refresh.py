"""`entrada refresh`: a new token, without asking anybody."""

import click

from entrada.cli.endings import NotFound
from entrada.cli.tokens.at_hand import called, whose
from entrada.cli.tokens.deadline import deadline
from entrada.cli.tokens.got import Got, asked_for, cache_for, fetched
from entrada.cli.tokens.options import Options, token_options
from entrada.cli.tokens.output_options import output_options
from entrada.cli.tokens.written import Ways, write


@click.command()
@token_options
@output_options(warned_within=0)
def refresh(*, options: Options, ways: Ways) -> None:
    """Get a new token though the one that is kept still serves, and print it.

    \b
      entrada refresh -p work
      entrada refresh -q > token

    Of a person who signed in before it is renewed by their refresh token; of an application it is fetched anew.
    Standard error says which. Nobody is asked: where only a person can go on, it ends in 7.
    """
    wishes = options.wishes._replace(force=True, may_ask=False)
    asked = asked_for(options._replace(wishes=wishes))
    with deadline(options.wishes.timeout):
        cache = cache_for(asked, options)
        place = whose(asked, cache)
        if place is None:
            sign_in = asked.chosen.asked_by("get-token")
            raise NotFound(f"No cached account found for {asked.chosen.title}. Sign in first: {sign_in}")
        answer = Got(asked, fetched(asked, place, cache, options))
    if not options.silent:
        click.echo(_which(answer), err=True)
    write(answer, ways._replace(silent=options.silent))


def _which(got: Got) -> str:
    account = got.found.account
    if account is None:
        return f"Fetched anew for the application {got.question.client_id}."
    return f"Renewed for {called(account)}, without asking them."

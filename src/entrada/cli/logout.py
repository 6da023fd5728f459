"""`entrada logout`: forget the tokens of an account, and end its session in the browser if that is wished for."""

from collections.abc import Sequence
from urllib.parse import urlencode

import click

from entrada.cli.tokens.at_hand import accounts, called, whose
from entrada.cli.tokens.got import asked_for, cache_here
from entrada.cli.tokens.options import Options, trace_option, whose_options
from entrada.cli.tokens.question import Question
from entrada.client.token_cache.port import Partition, TokenCache
from entrada.client.tokens import Account


@click.command()
@whose_options
@click.option("--all", "everybody", is_flag=True, help="Every account that is signed in there.")
@click.option("--browser", is_flag=True, help="End the session in the browser too.")
@trace_option
def logout(*, options: Options, everybody: bool, browser: bool) -> None:
    """Remove the tokens of an account from this machine, its refresh token among them.

    \b
      entrada logout -p work
      entrada logout --account ada@colors.example
      entrada logout --all --browser

    Access tokens that were given out already serve until they expire: no authority takes those back.
    """
    asked = asked_for(options)
    cache = cache_here(keep=asked.may_be_kept)
    leaving = _leaving(asked, cache, everybody=everybody)
    for partition, account in leaving:
        cache.change(partition, lambda _: None)
        click.echo(f"Signed out: {_name(account, partition)}", err=True)
    if not leaving:
        click.echo(f"Nobody is signed in for {asked.chosen.title}.", err=True)
    if browser:
        _end_session(asked, cache, options, next((one for _, one in leaving if one), None))


def _leaving(asked: Question, cache: TokenCache, *, everybody: bool) -> Sequence[tuple[Partition, Account | None]]:
    if everybody and asked.of_a_person:
        return accounts(asked, cache)
    place = whose(asked, cache)
    return [place] if place is not None and cache.read(place[0]) is not None else []


def _name(account: Account | None, partition: Partition) -> str:
    return called(account) if account else f"application {partition.client_id}"


def _end_session(asked: Question, cache: TokenCache, options: Options, account: Account | None) -> None:
    """OpenID Connect RP-Initiated Logout 1.0 §2."""
    from entrada.cli.tokens.acquire import asking
    from entrada.cli.tokens.clock import clock
    from entrada.client.interactive.browser import Browser

    with asking(asked, cache, options) as ask:
        metadata = ask.drive(ask.registration.provider.metadata(clock()))
    if metadata.end_session_endpoint is None:
        raise click.ClickException(f"{asked.authority} ends no sessions: it publishes no end_session_endpoint.")
    hint = {"logout_hint": account.username} if account and account.username else {}
    Browser()(f"{metadata.end_session_endpoint}?{urlencode({'client_id': asked.client_id, **hint})}")
    click.echo("Go on in the browser that has just opened.", err=True)

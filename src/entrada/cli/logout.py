"""`entrada logout`: forget the tokens of an account, and end its session in the browser if that is wished for."""

from collections.abc import Sequence
from typing import NamedTuple

import click

from entrada.cli.tokens.at_hand import accounts, called, whose
from entrada.cli.tokens.got import asked_for, cache_here
from entrada.cli.tokens.options import Options, trace_option, whose_options
from entrada.cli.tokens.question import Question
from entrada.client.authority import Shape
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
    left = next((_left(cache, partition, account) for partition, account in leaving if account), None)
    for partition, account in leaving:
        cache.change(partition, lambda _: None)
        click.echo(f"Signed out: {_name(account, partition)}", err=True)
    if not leaving:
        click.echo(f"Nobody is signed in for {asked.chosen.title}.", err=True)
    if browser:
        _end_session(asked, cache, options, left)


class Left(NamedTuple):
    """What the authority knows the session by."""

    username: str
    id_token: str | None

    def __repr__(self) -> str:
        return f"Left({self.username!r})"  # never the token


def _left(cache: TokenCache, partition: Partition, account: Account) -> Left:
    kept = cache.read(partition)
    return Left(account.username, kept.id_token if kept else None)


def _leaving(asked: Question, cache: TokenCache, *, everybody: bool) -> Sequence[tuple[Partition, Account | None]]:
    if everybody and asked.of_a_person:
        return accounts(asked, cache)
    place = whose(asked, cache)
    return [place] if place is not None and cache.read(place[0]) is not None else []


def _name(account: Account | None, partition: Partition) -> str:
    return called(account) if account else f"application {partition.client_id}"


def _end_session(asked: Question, cache: TokenCache, options: Options, left: Left | None) -> None:
    """OpenID Connect RP-Initiated Logout 1.0 §2."""
    import os

    from entrada.cli.tokens.acquire import asking
    from entrada.cli.tokens.clock import clock
    from entrada.client.interactive.browser import Browser
    from entrada.client.interactive.leading import lead
    from entrada.client.interactive.sign_in import sign_in_of

    with asking(asked, cache, options) as ask:
        url = ask.drive(
            sign_in_of(ask.registration, ()).end(
                return_to=None,
                now=clock(),
                # An account at Entra is named well enough by its hint, and its ID token is not made to travel.
                id_token_hint=left.id_token if left and asked.authority.shape is Shape.OIDC else None,
                logout_hint=left.username if left else "",
            )
        )
        if url is None:
            raise click.ClickException(f"{asked.authority} ends no sessions: it publishes no end_session_endpoint.")
        ask.drive(lead(url, Browser(), os.urandom))
    click.echo("Go on in the browser that has just opened.", err=True)

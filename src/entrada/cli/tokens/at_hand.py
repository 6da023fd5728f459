"""Is the token at hand?  The quick way: it reads a sealed file and loads nothing that talks to a network."""

from typing import NamedTuple, TypeAlias

import click

from entrada.cli.tokens.chosen import a_person_is_there, choose
from entrada.cli.tokens.question import Question
from entrada.client.token_cache.port import Partition, TokenCache
from entrada.client.token_cache.remembering import serving, wanted
from entrada.client.tokens import AccessToken, Account
from entrada.core.jose.numeric_date import NumericDate


class Found(NamedTuple):
    token: AccessToken
    account: Account | None
    cached: bool


Place: TypeAlias = tuple[Partition, Account | None]


def whose(question: Question, cache: TokenCache) -> Place | None:
    """Where its token is kept; None: nobody whom it may mean has signed in.  Raises UsageError where several have."""
    if not question.of_a_person:
        return Partition(question.authority.url, question.client_id), None
    signed_in = accounts(question, cache)
    return signed_in[_which(question, signed_in)] if signed_in else None


def accounts(question: Question, cache: TokenCache) -> list[tuple[Partition, Account]]:
    """Who is signed in there; where the question names somebody, they alone."""
    wanted_account, key = question.wishes.account, question.wishes.account_key
    return [
        (partition, account)
        for partition, account in cache.partitions()
        if account is not None
        and (partition.authority, partition.client_id) == (question.authority.url, question.client_id)
        and (wanted_account is None or is_called(account, wanted_account))
        and (key is None or account.key == key)
    ]


def at_hand(question: Question, place: Place | None, cache: TokenCache, now: NumericDate) -> Found | None:
    """A token that serves for a minute at least; None: one must be fetched."""
    if place is None or question.wishes.force or question.wishes.claims is not None:
        return None
    partition, account = place
    token = serving(cache.read(partition), wanted(question.scopes), now)
    return None if token is None else Found(token, account, cached=True)


def is_called(account: Account, named: str) -> bool:
    return named.casefold() in (account.username.casefold(), account.user_id.casefold())


def called(account: Account) -> str:
    """As a terminal may show it: the authority, or the person themselves, chose the name."""
    from entrada.cli.unseen import one_line  # where a person is spoken to

    return one_line(account.username or account.user_id)


def _which(question: Question, signed_in: list[tuple[Partition, Account]]) -> int:
    if len(signed_in) == 1:
        return 0
    names = [called(account) for _, account in signed_in]
    if not (question.wishes.may_ask and a_person_is_there()):
        raise click.UsageError(f"Several accounts are signed in: {', '.join(names)}. Name one with --account.")
    return choose("Account", names)

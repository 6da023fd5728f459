"""Fetch a token: renew it quietly where that can be, else let the person sign in, once for all who wait."""

import os
import time
from collections.abc import Generator
from contextlib import contextmanager
from functools import partial
from typing import Final, TypeVar

import click
from attrs import field, frozen

from entrada.cli.endings import NOT_AUTHENTICATED, Ended
from entrada.cli.profiles.words import FlowName
from entrada.cli.tokens.at_hand import Found, Place, is_called, whose
from entrada.cli.tokens.clock import clock
from entrada.cli.tokens.credentials import credential
from entrada.cli.tokens.network import network
from entrada.cli.tokens.options import Options
from entrada.cli.tokens.own_roots import roots_for
from entrada.cli.tokens.person_needed import advised, nobody
from entrada.cli.tokens.question import Question
from entrada.cli.tokens.sign_in import sign_in
from entrada.cli.tokens.spellings import in_words
from entrada.cli.tokens.trace import trace_here
from entrada.client.discovery.provider import Provider
from entrada.client.driver import Send, Told, drive
from entrada.client.errors import InteractionRequired
from entrada.client.flow import Flow, Tell
from entrada.client.grants.client_credentials import client_credentials
from entrada.client.grants.managed_identity import identity_endpoint, managed_identity
from entrada.client.grants.refresh_token import refresh
from entrada.client.grants.registration import Registration
from entrada.client.retrying import Retrying
from entrada.client.token_cache.port import Kept, Partition, TokenCache
from entrada.client.token_cache.remembering import remember, wanted
from entrada.client.token_cache.renewing import Renew
from entrada.client.token_cache.token_source import TokenSource
from entrada.client.tokens import AccessToken, Account, Tokens
from entrada.core.jose.numeric_date import Seconds

T = TypeVar("T")
_SIGN_INS: Final = "sign-in"  # no account's key: those hold an issuer
_BETWEEN_LOOKS: Final = 0.2  # seconds, whether somebody else has signed in


def acquire(question: Question, place: Place | None, cache: TokenCache, options: Options) -> Found:
    """Raises what client/errors.py has, NotFound and Ended."""
    with asking(question, cache, options) as ask:
        return ask.of_the_person(place) if question.of_a_person else ask.of_the_application()


@contextmanager
def asking(question: Question, cache: TokenCache, options: Options) -> Generator["Asking"]:
    tell = partial(_tell, options)
    trace = trace_here() if options.trace else None
    straight = question.flow is FlowName.MANAGED_IDENTITY  # its secret is this machine's: no proxy may see it
    with network(question.authority.url, roots_for(question), trace, straight=straight) as send:
        registration = Registration(
            provider=Provider(question.authority), client_id=question.client_id, credential=credential(question.chosen)
        )
        told = trace.telling(tell) if trace else tell
        yield Asking(question=question, cache=cache, registration=registration, send=send, tell=told)


@frozen(kw_only=True)
class Asking:
    question: Question
    cache: TokenCache
    registration: Registration
    send: Send = field(repr=False)
    tell: Told = field(repr=False)

    def of_the_application(self) -> Found:
        partition = Partition(self.question.authority.url, self.question.client_id)
        return Found(self._renewed(partition, self._own), None, cached=False)

    def of_the_person(self, place: Place | None) -> Found:
        claims = self.question.wishes.claims
        if place is not None:
            try:
                return Found(self._renewed(place[0], partial(self._refreshed, place[1])), place[1], cached=False)
            except InteractionRequired as need:
                if not self.question.wishes.may_ask:
                    raise advised(need, self.question) from None
                claims = need.said.claims or claims
        return self._signed_in(claims, place[1] if place else None)

    def drive(self, flow: Flow[T]) -> T:
        return drive(Retrying(clock=time.time, entropy=os.urandom)(flow), self.send, tell=self.tell)

    # ---- quietly ----

    def _renewed(self, partition: Partition, renew: Renew) -> AccessToken:
        wishes = self.question.wishes
        source = TokenSource(cache=self.cache, partition=partition, renew=renew, clock=clock, drive=self.drive)
        return source.token_for(self.question.scopes, wishes.claims, force=wishes.force)

    def _own(self, _: Kept | None, scopes: tuple[str, ...], claims: str | None) -> Flow[Tokens]:
        if self.question.flow is FlowName.MANAGED_IDENTITY:
            endpoint = identity_endpoint(os.environ)
            return managed_identity(endpoint, scopes, client_id=self.question.client_id or None, now=clock())
        return client_credentials(self.registration, scopes, now=clock(), entropy=os.urandom, claims=claims)

    def _refreshed(
        self, account: Account | None, kept: Kept | None, scopes: tuple[str, ...], claims: str | None
    ) -> Flow[Tokens]:
        if kept is None or kept.refresh_token is None:
            raise nobody(self.question)
        return refresh(
            self.registration,
            kept.refresh_token,
            scopes,
            account=account,
            now=clock(),
            entropy=os.urandom,
            claims=claims,
        )

    # ---- by a person ----

    def _signed_in(self, claims: str | None, known: Account | None) -> Found:
        if not self.question.wishes.may_ask:
            raise nobody(self.question)
        with self._alone() as waited:
            place = whose(self.question, self.cache) if waited and known is None else None
            if place is None:
                return self._asked_for(claims, known)
        return self.of_the_person(place)

    def _asked_for(self, claims: str | None, known: Account | None) -> Found:
        named = self.question.wishes.account
        hint = known.username if known else named
        flow = sign_in(self.question, self.registration, hint, claims)
        tokens = self.drive(flow)
        account = tokens.account
        partition = Partition(self.question.authority.url, self.question.client_id, account.key if account else "")
        now, asked = clock(), wanted(self.question.scopes)
        self.cache.change(partition, lambda kept: remember(kept, tokens, asked, now))
        if named is not None and account is not None and not is_called(account, named):
            raise Ended(f"{account.username} signed in, and {named} was asked for.", NOT_AUTHENTICATED)
        return Found(tokens.access, account, cached=False)

    @contextmanager
    def _alone(self) -> Generator[bool]:
        """One sign-in at a time for all who want the same; whether there was one to wait for."""
        sign_ins = Partition(self.question.authority.url, self.question.client_id, _SIGN_INS)
        waited = False
        while (give_up := self.cache.claim(sign_ins)) is None:
            if not waited:
                self.tell(Tell(message="Another entrada is signing in there; waiting for it."))
            waited = True
            time.sleep(_BETWEEN_LOOKS)
        try:
            yield waited
        finally:
            give_up()


def _tell(options: Options, words: Tell) -> None:
    """Also where silence is wished for: a code that somebody must type elsewhere."""
    if not options.silent or words.user_code:
        click.echo(f"{words.message}{_how_long(options, words)}", err=True)
    if options.show_url and words.url:
        click.echo(words.url, err=True)


def _how_long(options: Options, words: Tell) -> str:
    if words.waits is None:
        return ""
    return f" Waiting for {in_words(Seconds(int(min(words.waits, options.wishes.timeout or words.waits))))}."

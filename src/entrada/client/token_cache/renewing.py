"""Renew a token as one of many who may want it: other threads, other tasks, other processes.

Whoever renews holds the partition's claim, so that a refresh token that may be used once is used once; whoever had to
wait for it looks again first.
"""

from collections.abc import Callable, Iterator
from functools import partial
from typing import Final, TypeAlias, TypeVar

from attrs import evolve, frozen

from entrada.client.errors import AuthorityRefused, BadAnswer, InteractionRequired, OAuthError
from entrada.client.flow import Flow, Wait, doing
from entrada.client.token_cache.port import Kept, Partition, TokenCache
from entrada.client.token_cache.remembering import Wanted, remember, serving
from entrada.client.tokens import AccessToken, Tokens
from entrada.core.jose.numeric_date import NumericDate

T = TypeVar("T")
Renew: TypeAlias = Callable[[Kept | None, tuple[str, ...], str | None], Flow[Tokens]]
"""What is kept, the scopes, and the claims of a challenge, if any.  Raises InteractionRequired where it cannot."""

_PATIENCE: Final = 30.0  # seconds: then both renew, which wastes a request and breaks nothing
_SHORTEST, _LONGEST, _GROWTH = 0.02, 0.25, 1.5  # pauses between two looks whether the claim is free
_SPENT: Final = frozenset({None, "bad_token", "token_expired"})  # suberrors that speak of the refresh token itself
_CONSENT_MISSING: Final = 65001  # invalid_grant too, also without a suberror (reference 13.1)


@frozen(kw_only=True, eq=False)
class Renewing:
    cache: TokenCache
    partition: Partition
    renew: Renew
    clock: Callable[[], NumericDate]

    def renewed(self, asked: Wanted, claims: str | None, seen: AccessToken | None) -> Flow[AccessToken]:
        """*seen* is what the caller found and was not content with; any other token that serves has come since."""
        give_up = yield from self._claimed()
        try:
            token = yield from self._under_claim(asked, claims, seen)
        except GeneratorExit:
            give_up()  # at once: nobody drives this flow any more, so that it can take no step
            raise
        except BaseException:
            yield from self._done(give_up)
            raise
        yield from self._done(give_up)
        return token

    def _under_claim(self, asked: Wanted, claims: str | None, seen: AccessToken | None) -> Flow[AccessToken]:
        kept = yield from self._done(partial(self.cache.read, self.partition))
        found = serving(kept, asked, self.clock())
        if found is not None and found != seen and claims is None:
            return found
        tokens = yield from self._asked_for(kept, asked, claims)
        yield from self._done(partial(self._kept, tokens, asked))
        return tokens.access

    def _claimed(self) -> Flow[Callable[[], None]]:
        for pause in _pauses():
            if (give_up := (yield from self._done(partial(self.cache.claim, self.partition)))) is not None:
                return give_up
            yield Wait(pause)
        return _nothing

    def _done(self, work: Callable[[], T]) -> Flow[T]:
        if self.cache.blocks:
            return (yield from doing(work))
        return work()

    def _kept(self, tokens: Tokens, asked: Wanted) -> None:
        now = self.clock()
        if tokens.access.expires_at <= now:
            raise BadAnswer("The authority gave a token that has expired already")
        self.cache.change(self.partition, lambda kept: remember(kept, tokens, asked, now))

    def _asked_for(self, kept: Kept | None, asked: Wanted, claims: str | None) -> Flow[Tokens]:
        try:
            return (yield from self.renew(kept, asked.scopes, claims))
        except AuthorityRefused as refusal:
            if kept is None or kept.refresh_token is None or not _is_spent(refusal.said):
                raise
            refused = refusal
        left = yield from self._done(
            partial(self.cache.change, self.partition, partial(_without, spent=kept.refresh_token))
        )
        if left is not None and left.refresh_token is not None:  # somebody signed in meanwhile
            return (yield from self._asked_for(left, asked, claims))
        raise _sign_in_again(refused, asked) from refused


def _pauses() -> Iterator[float]:
    waited, pause = 0.0, _SHORTEST
    while waited < _PATIENCE:
        yield pause
        waited, pause = waited + pause, min(pause * _GROWTH, _LONGEST)


def _nothing() -> None:
    """Give up a claim that was never had."""


def _is_spent(said: OAuthError) -> bool:
    """Not where the authority wants consent or another factor: for other scopes, the refresh token still serves."""
    asks_more = said.claims is not None or said.aadsts == _CONSENT_MISSING
    return said.error == "invalid_grant" and said.suberror in _SPENT and not asks_more


def _without(kept: Kept | None, *, spent: str) -> Kept | None:
    if kept is None or kept.refresh_token != spent:
        return kept
    return evolve(kept, refresh_token=None)


def _sign_in_again(refusal: AuthorityRefused, asked: Wanted) -> InteractionRequired:
    if isinstance(refusal, InteractionRequired):
        return refusal
    advice = refusal.advice or "Sign in again."
    return InteractionRequired(refusal.message, refusal.said, scopes=asked.scopes, advice=advice)

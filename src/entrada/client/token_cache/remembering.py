"""Which kept token answers a question, and what an answer of the authority makes of what was kept."""

from collections.abc import Iterable
from typing import Final, NamedTuple

from attrs import evolve

from entrada.client.token_cache.port import Kept
from entrada.client.tokens import AccessToken, Tokens, scopes_of
from entrada.core.jose.numeric_date import NumericDate

_PROTOCOL: Final = frozenset({"openid", "profile", "email", "offline_access"})  # ask for other tokens, or for claims
_MOST: Final = 50  # access tokens of one account: who asks for ever other scopes keeps the newest


class Wanted(NamedTuple):
    """Scopes as they were asked for, made by `wanted`."""

    scopes: tuple[str, ...]  # as spelt, to ask with
    names: frozenset[str]  # to compare: Entra takes and gives any case


def wanted(scopes: Iterable[str]) -> Wanted:
    spelt = scopes_of(scopes)
    return Wanted(spelt, _names(spelt))


def _names(scopes: Iterable[str]) -> frozenset[str]:
    every = _every(scopes)
    return (every - _PROTOCOL) or every


def _every(scopes: Iterable[str]) -> frozenset[str]:
    return frozenset(one.lower() for one in scopes)


def serving(kept: Kept | None, asked: Wanted, now: NumericDate) -> AccessToken | None:
    """The token that lives longest of those that answer *asked* and will for a minute; None where there is none."""
    able = [one for one in kept.access if one.serves(now) and answers(one, asked)] if kept else []
    return max(able, key=lambda one: one.expires_at, default=None)


def better_renewed(token: AccessToken, now: NumericDate) -> bool:
    return token.refresh_at is not None and now >= token.refresh_at


def remember(kept: Kept | None, tokens: Tokens, asked: Wanted, now: NumericDate) -> Kept:
    """What was not given anew stays: authorities repeat neither the refresh token nor the ID token as a rule."""
    before = kept or Kept()
    new = evolve(tokens.access, asked=frozenset(asked.scopes), kept_at=now)
    older = (one for one in before.access if one.expires_at > now and not _replaces(new, asked, one))
    return Kept(
        account=tokens.account or before.account,
        access=(new, *older)[:_MOST],
        refresh_token=tokens.refresh_token or before.refresh_token,
        id_token=tokens.id_token or before.id_token,
    )


def answers(token: AccessToken, asked: Wanted) -> bool:
    """By what was granted, or because it is what this very question was answered with.

    The latter is how `.default` is found again, which no answer names, and what spares an authority that grants less
    than it is asked for from being asked each time.
    """
    granted = bool(asked.names) and asked.names <= _every(token.scopes)
    return granted or _same(asked.names, token)


def _replaces(new: AccessToken, asked: Wanted, old: AccessToken) -> bool:
    granted = bool(old.scopes) and _every(old.scopes) <= _every(new.scopes)
    return granted or _same(asked.names, old)


def _same(names: frozenset[str], token: AccessToken) -> bool:
    return token.asked is not None and names == _names(token.asked)

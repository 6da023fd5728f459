"""A token for what the options ask: from the cache if it is there, else fetched."""

import functools
from typing import NamedTuple

from entrada.cli.collector import resting
from entrada.cli.tokens.at_hand import Found, Place, at_hand, whose
from entrada.cli.tokens.chosen import chosen
from entrada.cli.tokens.clock import clock
from entrada.cli.tokens.deadline import deadline
from entrada.cli.tokens.options import Options
from entrada.cli.tokens.question import Question, question
from entrada.client.token_cache.port import TokenCache


class Got(NamedTuple):
    question: Question
    found: Found


def got(options: Options, usual_scopes: tuple[str, ...] = ()) -> Got:
    """*usual_scopes*: where the command line names none, before those of the profile."""
    asked = asked_for(options, usual_scopes)
    with deadline(options.wishes.timeout):
        return Got(asked, found(asked, options))


def asked_for(options: Options, usual_scopes: tuple[str, ...] = ()) -> Question:
    return question(options.applied(chosen(options.asked)), options.wishes, usual_scopes)


def found(asked: Question, options: Options) -> Found:
    with resting():
        cache = cache_for(asked, options)
    place = None if asked.signs_in_anew else whose(asked, cache)
    return at_hand(asked, place, cache, clock()) or fetched(asked, place, cache, options)


def fetched(asked: Question, place: Place | None, cache: TokenCache, options: Options) -> Found:
    from entrada.cli.tokens.acquire import acquire  # with it comes all that talks to a network

    return acquire(asked, place, cache, options)


@functools.cache
def _until_this_ends() -> TokenCache:
    """One for all who ask in this process: the program of `entrada exec` asks again and again."""
    from entrada.client.token_cache.memory import MemoryCache

    return MemoryCache()


def cache_for(asked: Question, options: Options) -> TokenCache:
    return cache_here(keep=options.keep and asked.may_be_kept)


def cache_here(*, keep: bool) -> TokenCache:
    """Raises StorageError where there is no safe way to keep anything."""
    if not keep:
        return _until_this_ends()
    from entrada.cli.profiles.kept_secret import vault_here
    from entrada.client.token_cache.encrypted_file import EncryptedFileCache

    return EncryptedFileCache(vault_here())

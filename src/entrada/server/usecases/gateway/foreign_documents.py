"""What other issuers publish, fetched through the guarded way out and kept.  Gateway reference sections 2.2 and 5.

Better than Azure's hour: by timer, and at once when a token names a key that nobody knows, though not more often than
every few seconds.  What an issuer said last holds until it says something else: it may be away for a while.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping
from typing import Final

import structlog
from attrs import define, field

from entrada.core.gateway.tokens.key import parse_key_set
from entrada.core.gateway.tokens.provider import Provider
from entrada.core.jose.numeric_date import NumericDate

FetchJson = Callable[[str], Awaitable[dict[str, object]]]
EVERY: Final = 300.0  # seconds
AGAIN: Final = 15.0  # after a failure
EAGER: Final = 5.0  # between two questions for a key that nobody knows
_LONGEST_WORDS: Final = 300
_log: Final[structlog.typing.FilteringBoundLogger] = structlog.get_logger()


class NotADocument(Exception):
    """What was fetched is something else."""


@define
class Document:
    """*asked* is by the event loop's clock; *fetched_at* is for people."""

    provider: Provider | None = None
    fetched_at: NumericDate | None = None
    failure: str = ""
    asked: float | None = None
    asking: "asyncio.Task[None] | None" = field(default=None, repr=False)


class ForeignDocuments:
    """*fetch* raises what it likes: each failure is told, and none ends anything."""

    def __init__(
        self, fetch: FetchJson, clock: Callable[[], NumericDate], changed: Callable[[], None], every: float = EVERY
    ) -> None:
        self._fetch, self._clock, self._changed, self._every = fetch, clock, changed, every
        self._documents: dict[str, Document] = {}

    @property
    def documents(self) -> Mapping[str, Document]:
        return self._documents

    @property
    def providers(self) -> dict[str, Provider]:
        return {url: one.provider for url, one in self._documents.items() if one.provider is not None}

    def keep(self, urls: Iterable[str]) -> None:
        """These, and no others."""
        wanted = set(urls)
        for url in [one for one in self._documents if one not in wanted]:
            _stop(self._documents.pop(url))
        for url in wanted - set(self._documents):
            self._documents[url] = Document()

    def ask_when_due(self) -> None:
        for url, one in self._documents.items():
            if _age(one) >= (AGAIN if one.failure else self._every):
                self._ask(url, one)

    async def look_again(self, urls: Iterable[str]) -> None:
        """For a key that is not known; one question, however many wait for its answer."""
        known = [(url, self._documents[url]) for url in urls if url in self._documents]
        for url, one in known:
            if _age(one) >= EAGER:
                self._ask(url, one)
        asking = [one.asking for _, one in known if one.asking is not None]
        if asking:
            await asyncio.wait(asking)  # who gives up meanwhile does not end it for the others

    def close(self) -> None:
        for one in self._documents.values():
            _stop(one)

    def _ask(self, url: str, one: Document) -> None:
        if one.asking is None:
            one.asked = asyncio.get_running_loop().time()
            one.asking = asyncio.ensure_future(self._asked(url, one))

    async def _asked(self, url: str, one: Document) -> None:
        before = one.provider
        try:
            one.provider = await self._fetched(url)
            one.fetched_at, one.failure = self._clock(), ""
        except Exception as error:  # noqa: BLE001 - an issuer may answer anything, and stops nothing here
            one.failure = f"{error}"[:_LONGEST_WORDS] or type(error).__name__
            _log.warning("gateway keys", document=url, failure=one.failure, fetched_at=one.fetched_at)
        finally:
            one.asking = None
        if one.provider != before and self._documents.get(url) is one:
            self._changed()

    async def _fetched(self, url: str) -> Provider:
        document = await self._fetch(url)
        issuer, keys_at = document.get("issuer"), document.get("jwks_uri")
        if not isinstance(issuer, str) or not isinstance(keys_at, str):
            raise NotADocument("It names no issuer or no jwks_uri: is it a discovery document?")
        # An empty set is an answer too: whoever takes back all keys is believed.
        return Provider(issuer=issuer, keys=parse_key_set(await self._fetch(keys_at)))


def _age(one: Document) -> float:
    return float("inf") if one.asked is None else asyncio.get_running_loop().time() - one.asked


def _stop(one: Document) -> None:
    if one.asking is not None:
        one.asking.cancel()

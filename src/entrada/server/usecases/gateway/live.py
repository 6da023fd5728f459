"""What the gateway serves now, in this process: the service, the keys of issuers, the counters, all kept fresh.

The configuration and our own signing keys are looked at four times a second, other issuers' documents by timer and when
a token names a key that nobody knows.  What cannot be published changes nothing: the last good service goes on.
"""

import asyncio
from collections.abc import Callable, Iterable, Mapping
from typing import Final

import structlog
from attrs import frozen

from entrada.core.directory.gateway_record import GatewayRecord
from entrada.core.directory.ids import TenantId
from entrada.core.gateway.entities.ids import ApiId, OperationId
from entrada.core.gateway.entities.subscription import Subscription
from entrada.core.gateway.service import Service
from entrada.core.gateway.tokens.provider import Provider
from entrada.core.jose.numeric_date import NumericDate
from entrada.server.usecases.gateway.foreign_documents import EVERY, FetchJson, ForeignDocuments
from entrada.server.usecases.gateway.load import load_records
from entrada.server.usecases.gateway.own_documents import NO_SUCH_DOCUMENT, OwnDocuments
from entrada.server.usecases.gateway.publish import NOTHING, NotPublished, publish
from entrada.server.usecases.gateway.tally import Tally
from entrada.server.usecases.installation import Installation

POLL: Final = 0.25  # seconds
_EAGER: Final = 0.05  # seconds between two looks that requests ask for, or strangers would ask the store all the time
Subscriber = Callable[[Service, Mapping[str, Provider]], None]
_LONGEST_WORDS: Final = 300
_log: Final[structlog.typing.FilteringBoundLogger] = structlog.get_logger()


@frozen(kw_only=True)
class ProviderHealth:
    """One discovery document, and what is known of it."""

    url: str
    is_own: bool
    issuer: str = ""  # empty while nothing is known
    keys: int = 0
    fetched_at: NumericDate | None = None
    failure: str = ""  # of the last question, in words


@frozen(kw_only=True)
class Health:
    loaded_at: NumericDate | None  # None: nothing was ever published here
    problem: str = ""  # why what is served is not what is stored
    providers: tuple[ProviderHealth, ...] = ()


class Live:
    def __init__(self, here: Installation, tenant_id: TenantId, fetch: FetchJson, *, refresh: float = EVERY) -> None:
        self.here = here
        self.tally = Tally()
        self.providers: Mapping[str, Provider] = {}
        self._tenant_id = tenant_id
        self._published = NOTHING
        self._own = OwnDocuments(here)
        self._foreign = ForeignDocuments(fetch, here.clock, self._join_providers, refresh)
        self._own_providers: dict[str, Provider] = {}
        self._own_read_at: NumericDate | None = None
        self._subscribers: list[Subscriber] = []
        self._number: int | None = None  # of the directory, when its records were last read
        self._seen: frozenset[GatewayRecord] | None = None
        self._loaded_at: NumericDate | None = None
        self._unpublished = ""  # why the newest records are not served
        self._unreachable = ""  # why nobody knows which are the newest
        self._turn, self._looked = asyncio.Lock(), float("-inf")

    @property
    def service(self) -> Service:
        return self._published.service

    @property
    def subscriptions(self) -> tuple[Subscription, ...]:
        return self._published.subscriptions

    @property
    def is_loaded(self) -> bool:
        return self._loaded_at is not None

    def subscribe(self, callback: Subscriber) -> None:
        """Told whenever the service or a provider has changed, in the event loop."""
        self._subscribers.append(callback)

    @property
    def failures(self) -> dict[str, str]:
        """Why nothing is known of a document, in words, by its URL."""
        unknown = self._published.documents - self.providers.keys()
        return {url: self._health_of(url).failure for url in unknown} if unknown else {}

    def documents_of(self, api_id: str, operation_id: str) -> frozenset[str]:
        """The discovery documents that the policies of an operation need, in whatever product."""
        api = self.service.apis.get(ApiId(api_id))
        if api is None:
            return frozenset()
        documents = api.documents_of(OperationId(operation_id))
        return frozenset(url for one in documents for url in one.discovery(self.here.origin))

    def health(self) -> Health:
        return Health(
            loaded_at=self._loaded_at,
            problem=self._unpublished or self._unreachable,
            providers=tuple(self._health_of(url) for url in sorted(self._published.documents)),
        )

    # ---- what keeps it fresh ---------------------------------------------------------------------------------------

    async def start(self) -> None:
        """What the store has now.  A store that does not answer yet is asked again by `run`."""
        await self.look()

    async def run(self) -> None:
        """For as long as the process serves."""
        try:
            while True:
                await asyncio.sleep(POLL)
                await self.look()
        finally:
            self._foreign.close()

    async def look(self, *, unless_within: float = 0.0) -> None:
        """Once, now; not when the last look was within so many seconds."""
        async with self._turn:
            now = asyncio.get_running_loop().time()
            if now - self._looked < unless_within:
                return
            self._looked = now
            try:
                await self._look()
            except Exception as error:  # noqa: BLE001 - whatever it was, the last good service goes on
                self._note_unreachable(f"{type(error).__name__}: {error}"[:_LONGEST_WORDS])
            else:
                self._note_unreachable("")

    async def look_again(self, urls: Iterable[str]) -> None:
        """For a key that is not known: wherever it may be published."""
        wanted = frozenset(urls)
        if any(self._own.holds(one) for one in wanted):
            await self.look(unless_within=_EAGER)
        await self._foreign.look_again(wanted)

    async def _look(self) -> None:
        number = await self.here.store.directory_number(self._tenant_id)
        if number != self._number:
            await self._load(await load_records(self.here, self._tenant_id))
            self._number = number
        self._own_providers = await self._read_own(self._published.documents)
        self._join_providers()
        self._foreign.ask_when_due()

    async def _load(self, records: tuple[GatewayRecord, ...]) -> None:
        seen = frozenset(records)
        if seen == self._seen:
            return  # something else in the directory has changed
        try:
            found = await asyncio.to_thread(publish, self.here, records, self._published)
        except NotPublished as problem:
            self._refuse(str(problem), None)
        except Exception as error:  # noqa: BLE001 - a fault of ours must not end what works
            self._refuse("It cannot be read, for a reason that the log tells.", error)
        else:
            own = await self._read_own(found.documents)
            self._published, self._own_providers = found, own
            self._loaded_at, self._unpublished = self.here.clock(), ""
            self._foreign.keep(one for one in found.documents if not self._own.holds(one))
            self._join_providers(anyway=True)
            for url in sorted(one for one in found.documents if self._own.holds(one) and one not in own):
                _log.warning("discovery document", url=url, failure=NO_SUCH_DOCUMENT)
        self._seen = seen

    def _refuse(self, words: str, error: Exception | None) -> None:
        self._unpublished = words
        _log.error("gateway configuration", refused=words, serving=self._loaded_at, exc_info=error)

    async def _read_own(self, documents: Iterable[str]) -> dict[str, Provider]:
        wanted = [one for one in documents if self._own.holds(one)]
        found = await self._own.read(wanted) if wanted else {}
        self._own_read_at = self.here.clock()
        return found

    def _join_providers(self, *, anyway: bool = False) -> None:
        joined = {**self._foreign.providers, **self._own_providers}
        if joined == self.providers and not anyway:
            return
        self.providers = joined
        for tell in self._subscribers:
            try:
                tell(self.service, joined)
            except Exception as error:  # noqa: BLE001 - one that fails must not keep the others from knowing
                _log.error("gateway subscriber", exc_info=error)

    def _note_unreachable(self, words: str) -> None:
        """Once when it begins and once when it ends, not four times a second."""
        if words and not self._unreachable:
            _log.error("gateway configuration", unreachable=words, serving=self._loaded_at)
        if self._unreachable and not words:
            _log.warning("gateway configuration", reachable_again=True)
        self._unreachable = words

    def _health_of(self, url: str) -> ProviderHealth:
        known = self.providers.get(url)
        issuer, keys = ("", 0) if known is None else (known.issuer, len(known.keys))
        if self._own.holds(url):
            failure = "" if known else NO_SUCH_DOCUMENT
            return ProviderHealth(
                url=url, is_own=True, issuer=issuer, keys=keys, fetched_at=self._own_read_at, failure=failure
            )
        document = self._foreign.documents[url]
        failure, at = document.failure, document.fetched_at
        return ProviderHealth(url=url, is_own=False, issuer=issuer, keys=keys, fetched_at=at, failure=failure)

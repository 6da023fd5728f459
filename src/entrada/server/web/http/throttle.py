"""Let nobody ask too much: by address, and by client at an address.  RFC 6585 §4; ASVS 6.3.1.

In the memory of each process, and no more of it than `_MOST` entries: whoever has been quiet the longest is forgotten.
What comes from this machine itself is not counted: it is a developer, or a proxy that nobody has named, behind which
everybody would count as one.
"""

import hashlib
from collections import OrderedDict
from collections.abc import Hashable
from typing import Final, Generic, TypeVar

from attrs import define, field, frozen
from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from entrada.core.credentials.place import is_elsewhere, place_of
from entrada.core.errors import catalogue as why
from entrada.core.errors.reason import Refusal
from entrada.core.jose.numeric_date import NumericDate
from entrada.core.protocol.parameters import Parameters
from entrada.core.protocol.throttle import ORDINARY, Bucket, Repeats, is_loop, is_patient, pour, repeated, wait, weight
from entrada.server.web.http import decision_log
from entrada.server.web.http.answer import answer_refusal
from entrada.server.web.http.site import Site
from entrada.server.web.http.trace import trace_of

_MOST: Final = 20_000
_METER: Final = "entrada.meter"  # in the request's scope
K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


@frozen(kw_only=True)
class Limits:
    """Guesses a minute, of which a thousand requests that succeed make one; 0: no limit."""

    address: int = 300
    client: int = 100


@define
class _Recent(Generic[K, V]):
    kept: OrderedDict[K, V] = field(factory=OrderedDict[K, V])

    def put(self, key: K, value: V) -> None:
        self.kept[key] = value
        self.kept.move_to_end(key)
        if len(self.kept) > _MOST:
            self.kept.popitem(last=False)


@define
class _Ledger:
    limits: Limits
    addresses: _Recent[str, Bucket] = field(factory=_Recent[str, Bucket])
    clients: _Recent[tuple[str, str], Bucket] = field(factory=_Recent[tuple[str, str], Bucket])
    refused: _Recent[bytes, Repeats] = field(factory=_Recent[bytes, Repeats])


@define
class Meter:
    """What one request pours, and where."""

    ledger: _Ledger
    place: str
    now: NumericDate
    client: str | None = None
    request: bytes | None = None  # a digest
    granted: float = ORDINARY  # what it weighs although nothing was refused

    def refuse_address(self) -> Refusal | None:
        limit = self.ledger.limits.address
        return _throttled(wait(self._of_address(), limit, self.now)) if limit else None

    def refuse_client(self, client_id: str, form: Parameters) -> Refusal | None:
        self.client = client_id[:64]
        self.request = hashlib.sha256(repr([self.place, *sorted(form.items())]).encode("utf-8", "replace")).digest()
        limit = self.ledger.limits.client
        throttled = _throttled(wait(self._of_client(), limit, self.now)) if limit else None
        looping = is_loop(self._repeats(), self.now)
        return throttled or (Refusal(why.LOOP_DETECTED) if looping else None)

    def settle(self, refusals: list[Refusal]) -> None:
        weighs, limits = max(weight(refusals), self.granted), self.ledger.limits
        if limits.address:
            self.ledger.addresses.put(self.place, pour(self._of_address(), weighs, limits.address, self.now))
        if limits.client and self.client is not None:
            bucket = pour(self._of_client(), weighs, limits.client, self.now)
            self.ledger.clients.put((self.place, self.client), bucket)
        if self.request is not None and any(not is_patient(one.reason) for one in refusals):
            self.ledger.refused.put(self.request, repeated(self._repeats(), self.now))

    def _of_address(self) -> Bucket:
        return self.ledger.addresses.kept.get(self.place, Bucket())

    def _of_client(self) -> Bucket:
        return self.ledger.clients.kept.get((self.place, self.client or ""), Bucket())

    def _repeats(self) -> Repeats:
        return self.ledger.refused.kept.get(self.request or b"", Repeats())


class Throttle:
    """Counts by address whatever is decided; `refuse_client` is for endpoints that know the client."""

    def __init__(self, app: ASGIApp, site: Site, limits: Limits) -> None:
        self._app, self._site, self._ledger = app, site, _Ledger(limits)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not _is_counted(scope):
            await self._app(scope, receive, send)
            return
        meter = Meter(self._ledger, place_of(scope["client"][0]), self._site.here.clock())
        refusal = meter.refuse_address()
        if refusal is not None:
            await self._refuse(refusal, scope, receive, send)
            return
        with decision_log.hearing() as refusals:
            try:
                await self._app({**scope, _METER: meter}, receive, send)
            finally:
                meter.settle(refusals)

    async def _refuse(self, refusal: Refusal, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope)
        trace = trace_of(self._site.here, request)
        decision_log.refused("throttle", refusal, trace, address=scope["client"][0], path=scope["path"])
        answer = answer_refusal(self._site, request, trace, refusal, "Too many requests")
        answer.headers["Retry-After"] = refusal.facts["seconds"]
        await answer(scope, receive, send)


def refuse_client(request: Request, form: Parameters) -> Refusal | None:
    """Whether this client, from here, has asked too much, or the same again and again.

    Those that name themselves in a header or an assertion only count as one client: few do, and they are servers.
    """
    meter: Meter | None = request.scope.get(_METER)
    return meter.refuse_client(form.get("client_id") or "", form) if meter is not None else None


def weigh(request: Request, granted: float) -> None:
    """What this request weighs although it was let in: more than others, when it leaves something behind."""
    meter: Meter | None = request.scope.get(_METER)
    if meter is not None:
        meter.granted = granted


def _throttled(seconds: int) -> Refusal | None:
    return Refusal(why.THROTTLED, {"seconds": str(seconds)}) if seconds else None


def _is_counted(scope: Scope) -> bool:
    client = scope.get("client")
    return client is not None and is_elsewhere(client[0])

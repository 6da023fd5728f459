"""Let nobody ask too much: by address, and by client at an address.  RFC 6585 §4; ASVS 6.3.1.

In the memory of each process, and no more of it than `MOST` entries: whoever has been quiet the longest is forgotten.
What comes from this machine itself is not counted: it is a developer, or a proxy that nobody has named, behind which
everybody would count as one.
"""

import hashlib
from collections.abc import Callable
from typing import Final

from attrs import define, field, frozen
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from entrada.core.credentials.place import is_elsewhere, place_of
from entrada.core.errors import catalogue as why
from entrada.core.errors.reason import Refusal
from entrada.core.jose.numeric_date import NumericDate
from entrada.core.protocol.error_fields import Trace
from entrada.core.protocol.parameters import Parameters
from entrada.core.protocol.throttle import GUESS, ORDINARY, Repeats, is_loop, is_patient, repeated, weight
from entrada.server.web.http import decision_log
from entrada.server.web.http.answer import answer_refusal
from entrada.server.web.http.heard import Heard, now_heard
from entrada.server.web.http.site import Site
from entrada.server.web.http.trace import trace_of
from entrada.server.web.http.turnstile import Recent, Turnstile

_METER: Final = "entrada.meter"  # in the request's scope
Shape = Callable[[Request, Refusal, Trace], Response | None]
"""The answer to a refusal, for those who read none of ours; None: they do."""


@frozen(kw_only=True)
class Limits:
    """Guesses a minute, of which a thousand requests that succeed make one; 0: no limit."""

    address: int = 300
    client: int = 100


@define
class _Ledger:
    addresses: Turnstile[str]
    clients: Turnstile[tuple[str, str]]
    refused: Recent[bytes, Repeats] = field(factory=Recent[bytes, Repeats])


@define
class Meter:
    """What one request pours, and where."""

    ledger: _Ledger
    place: str
    now: NumericDate
    client: tuple[str, str] | None = None  # once it is let in
    request: bytes | None = None  # a digest
    granted: float = ORDINARY  # what it weighs although nothing was refused

    async def enter_address(self) -> Refusal | None:
        return _throttled(await self.ledger.addresses.enter(self.place))

    async def enter_client(self, client_id: str, form: Parameters) -> Refusal | None:
        client = (self.place, client_id[:64])
        self.request = hashlib.sha256(repr([self.place, *sorted(form.items())]).encode("utf-8", "replace")).digest()
        if throttled := _throttled(await self.ledger.clients.enter(client)):
            return throttled
        self.client = client
        return Refusal(why.LOOP_DETECTED) if is_loop(self._repeats(), self.now) else None

    def settle(self, heard: Heard | None) -> None:
        refusals = list(heard.refusals()) if heard is not None else []
        guessed = GUESS if heard is not None and heard.is_unauthenticated() else ORDINARY
        weighs = max(weight(refusals), self.granted, guessed)
        self.ledger.addresses.leave(self.place, weighs)
        if self.client is not None:
            self.ledger.clients.leave(self.client, weighs)
        if self.request is not None and any(not is_patient(one.reason) for one in refusals):
            self.ledger.refused.put(self.request, repeated(self._repeats(), self.now))

    def _repeats(self) -> Repeats:
        return self.ledger.refused.kept.get(self.request or b"", Repeats())


class Throttle:
    """Counts by address whatever is decided; `enter_client` is for endpoints that know the client."""

    def __init__(self, app: ASGIApp, site: Site, limits: Limits, shape: Shape) -> None:
        self._app, self._site, self._clock, self._shape = app, site, site.here.clock, shape
        self._ledger = _Ledger(Turnstile(limits.address, self._clock), Turnstile(limits.client, self._clock))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not _is_counted(scope):
            await self._app(scope, receive, send)
            return
        meter = Meter(self._ledger, place_of(scope["client"][0]), self._clock())
        refusal = await meter.enter_address()
        if refusal is not None:
            await self._refuse(refusal, scope, receive, send)
            return
        try:
            await self._app({**scope, _METER: meter}, receive, send)
        finally:
            meter.settle(now_heard.get())

    async def _refuse(self, refusal: Refusal, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope)
        trace = trace_of(self._site.here, request)
        decision_log.refused("throttle", refusal, trace, path=scope["path"])
        answer = self._shape(request, refusal, trace)
        answer = answer or answer_refusal(self._site, request, trace, refusal, "Too many requests")
        answer.headers["Retry-After"] = refusal.facts["seconds"]
        await answer(scope, receive, send)


async def enter_client(request: Request, form: Parameters) -> Refusal | None:
    """Whether this client, from here, has asked too much, or the same again and again.

    Those that name themselves in a header or an assertion only count as one client: few do, and they are servers.
    """
    meter: Meter | None = request.scope.get(_METER)
    return await meter.enter_client(form.get("client_id") or "", form) if meter is not None else None


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

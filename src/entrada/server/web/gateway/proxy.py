"""The gateway as an ASGI application: each request decided on, carried to its backend, answered.  Design 7."""

import asyncio
from email.utils import formatdate
from typing import Final
from uuid import UUID

import structlog
from attrs import define, field
from starlette.types import Receive, Scope, Send

from entrada.core.gateway.decide import BackendFailed, abandon, conclude, decide
from entrada.core.gateway.exchange import Response
from entrada.core.gateway.facts import Facts
from entrada.core.gateway.failure import body
from entrada.core.gateway.tokens.refused import Why
from entrada.core.gateway.verdict import Answer, Forward, Verdict
from entrada.server.usecases.gateway.live import Live
from entrada.server.web.gateway import incoming
from entrada.server.web.gateway.backend.backends import Backends
from entrada.server.web.gateway.backend.connection import Broken, Head, TimedOut
from entrada.server.web.gateway.exchange import CallerGone, CallerTooSlow, Carried
from entrada.server.web.gateway.incoming import Incoming, Malformed
from entrada.server.web.gateway.observed import Observed, Observer
from entrada.server.web.gateway.outgoing import Unwritable, lines_for_caller, lines_of

_log: Final[structlog.typing.FilteringBoundLogger] = structlog.get_logger()
_JSON: Final = (("Content-Type", "application/json"),)
_BODILESS: Final = (204, 304)
_REQUEST_ID: Final = b"x-request-id"  # which the log line and the story are found by; Azure names none


@define
class GatewayProxy:
    """*behind_envoy*: on a Unix socket, where the caller's address and the request's id are Envoy's word.

    *log_claims* are the names of claims that a line of the log shows.
    """

    live: Live
    backends: Backends = field(factory=Backends)
    behind_envoy: bool = False
    log_claims: tuple[str, ...] = ()
    observer: Observer = field(init=False)
    scheme: str = field(init=False)

    def __attrs_post_init__(self) -> None:
        here = self.live.here
        place = here.gateway
        self.scheme = (place.origin if place is not None else here.origin).partition(":")[0]
        self.observer = Observer(here, place.tenant_id if place is not None else None, self.log_claims)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            await _Call(self, scope, receive, send).serve()
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close"})  # before it was accepted: the caller gets 403
        elif scope["type"] == "lifespan":
            await self._live_on(receive, send)

    async def _live_on(self, receive: Receive, send: Send) -> None:
        await receive()
        await send({"type": "lifespan.startup.complete"})
        await receive()
        self.backends.close()
        await send({"type": "lifespan.shutdown.complete"})


@define
class _Call:
    """One request, from its first byte to the last one of its answer."""

    gateway: GatewayProxy
    scope: Scope
    receive: Receive
    send: Send
    request_id: UUID = field(init=False)
    incoming: Incoming | None = None
    answer: Answer | None = None
    status: int = 0
    backend_seconds: float | None = None

    async def serve(self) -> None:
        now = asyncio.get_running_loop().time
        began = now()
        self.request_id = UUID(bytes=self.gateway.live.here.entropy(16), version=4)
        try:
            await self._received()
        except Exception as error:  # noqa: BLE001 - the last one to catch it
            _log.error("gateway request", request_id=str(self.request_id), exc_info=error)
            if not self.status:
                await self._refuse(500, "Internal server error.")
        finally:
            self.gateway.observer.note(self._observed(now() - began))

    async def _received(self) -> None:
        found = incoming.read(self.scope, scheme=self.gateway.scheme, behind_envoy=self.gateway.behind_envoy)
        if isinstance(found, Malformed):
            await self._refuse(found.status, found.message)
            return
        self.incoming = found
        self.request_id = found.request_id or self.request_id
        await self._serve(found)

    def _observed(self, seconds: float) -> Observed:
        asked, answer = self.incoming, self.answer
        failure = answer.failure if answer is not None else None
        return Observed(
            request_id=str(self.request_id),
            at=self.gateway.live.here.clock(),
            method=self.scope["method"],
            path=self.scope["raw_path"].decode("latin-1"),
            address=asked.request.client_address if asked is not None else incoming.address_of(self.scope),
            user_agent=_user_agent(asked),
            status=self.status,
            seconds=seconds,
            backend_seconds=self.backend_seconds,
            api=answer.api_id if answer is not None else "",
            operation=answer.operation_id if answer is not None else "",
            product=answer.product_id if answer is not None else "",
            subscription=answer.subscription_id if answer is not None else "",
            reason=failure.reason if failure is not None else "",
            message=failure.message if failure is not None else "",
            refused=next((one for one in reversed(answer.trace) if one.refused), None) if answer and failure else None,
            claims=answer.claims if answer is not None else {},
        )

    async def _serve(self, asked: Incoming) -> None:
        if not self.gateway.live.is_loaded:
            await self._refuse(503, "The gateway is starting: its configuration is not known yet.")
            return
        verdict = await self._decided(asked)
        if isinstance(verdict, Answer):
            await self._answer(verdict)
        else:
            await self._carry(verdict, asked)

    async def _decided(self, asked: Incoming) -> Verdict:
        live, facts = self.gateway.live, self._facts()
        verdict = decide(live.service, asked.request, facts)
        if isinstance(verdict, Answer) and _lacks_key(verdict):
            # The issuer may have a new key since: ask once, then decide anew; the first verdict has never been.
            await live.look_again(live.documents_of(verdict.api_id, verdict.operation_id))
            facts = self._facts()
            verdict = decide(live.service, asked.request, facts)
        live.tally.merge(verdict.counted, facts.now)
        return verdict

    def _facts(self) -> Facts:
        live = self.gateway.live
        return Facts(
            now=live.here.clock(),
            request_id=self.request_id,
            entropy=live.here.entropy(16),
            authority=live.here.origin,
            providers=live.providers,
            failures=live.failures,
            counters=live.tally.windows,
            is_traced=False,
        )

    async def _carry(self, forward: Forward, asked: Incoming) -> None:
        try:
            carried = Carried(self.gateway.backends, forward, asked, self.receive)
        except Unwritable:
            await self._conclude(forward, BackendFailed.CONNECTION)
            return
        try:
            await self._pass_on(forward, carried)
        finally:
            carried.close()

    async def _pass_on(self, forward: Forward, carried: Carried) -> None:
        now = asyncio.get_running_loop().time
        began = now()
        try:
            head = await carried.head()
            self.backend_seconds = now() - began
        except CallerGone:
            self._abandon(forward)
            return
        except CallerTooSlow:
            self._abandon(forward)
            await self._refuse(408, "The body of the request did not come in time.")
            return
        except (Broken, TimedOut) as failure:
            timed_out = isinstance(failure, TimedOut)
            await self._conclude(forward, BackendFailed.TIMEOUT if timed_out else BackendFailed.CONNECTION)
            return
        answer = self._concluded(forward, _response(head))
        if answer.response.body is not None:
            await self._answer(answer)
        else:
            self.answer = answer
            await self._stream(answer.response, head, carried)

    async def _conclude(self, forward: Forward, failed: BackendFailed) -> None:
        await self._answer(self._concluded(forward, failed))

    def _abandon(self, forward: Forward) -> None:
        facts = self._facts()
        self.gateway.live.tally.merge(abandon(forward, facts), facts.now)

    def _concluded(self, forward: Forward, response: Response | BackendFailed) -> Answer:
        facts = self._facts()
        answer = conclude(forward, response, facts)
        self.gateway.live.tally.merge(answer.counted, facts.now)
        return answer

    # ---- towards the caller ----------------------------------------------------------------------------------------

    async def _stream(self, response: Response, head: Head, carried: Carried) -> None:
        bodiless = head.is_bodiless or response.status in _BODILESS
        await self._start(response, None if response.status in _BODILESS else _length(head))
        try:
            while not bodiless:
                data = await carried.read()
                last = carried.is_complete
                await self.send({"type": "http.response.body", "body": data, "more_body": not last})
                if last:
                    return
        except (Broken, TimedOut, CallerGone, CallerTooSlow):
            return  # an answer that lacks its end: the server closes the connection, so that everybody sees it
        await self.send({"type": "http.response.body", "body": b""})

    async def _answer(self, answer: Answer) -> None:
        self.answer = answer
        response = answer.response
        data = b"" if response.status in _BODILESS else response.body or b""
        await self._start(response, None if response.status in _BODILESS else len(data))
        await self.send({"type": "http.response.body", "body": data})

    async def _start(self, response: Response, length: int | None) -> None:
        lines = lines_for_caller(response.headers, length)
        if not any(name == b"date" for name, _ in lines):
            lines.append((b"date", formatdate(self.gateway.live.here.clock(), usegmt=True).encode("ascii")))
        if self._must_close():
            lines.append((b"connection", b"close"))
        if not any(name == _REQUEST_ID for name, _ in lines):
            lines.append((_REQUEST_ID, str(self.request_id).encode("ascii")))
        self.status = response.status
        await self.send({"type": "http.response.start", "status": response.status, "headers": lines})

    def _must_close(self) -> bool:
        """What follows on the connection may be a body that nobody has asked for, or a request: who knows."""
        return self.incoming is None or self.incoming.awaits_continue or self.incoming.offers_upgrade

    async def _refuse(self, status: int, message: str) -> None:
        response = Response(status=status, headers=_JSON, body=body(status, message))
        await self._answer(Answer(response=response, counted={}))


def _lacks_key(answer: Answer) -> bool:
    """Nobody has a key for the token, or no keys are known at all."""
    failure = answer.failure
    if failure is None:
        return False
    return failure.reason == Why.KEY_NOT_FOUND or (failure.reason == Why.INVALID and failure.status >= 500)


def _user_agent(asked: Incoming | None) -> str:
    lines = asked.request.headers if asked is not None else ()
    return next((value for name, value in lines if name == "user-agent"), "")[:300]


def _response(head: Head) -> Response:
    return Response(status=head.status, headers=lines_of(head.headers), reason=head.reason.decode("latin-1"))


def _length(head: Head) -> int | None:
    found = [value for name, value in head.headers if name == b"content-length"]
    return int(found[0]) if len(set(found)) == 1 and found[0].isdigit() else None

"""One connection to a backend, one exchange after the other.  RFC 9112, sections 6, 8 and 9.

Nothing is buffered beyond a little: a side that does not read makes the other one wait.
"""

import asyncio
from collections.abc import Callable
from typing import Final, cast

import httptools
from attrs import field, frozen

Lines = tuple[tuple[bytes, bytes], ...]
LARGEST_HEAD: Final = 256 * 1024  # bytes of status line and headers
_ENOUGH: Final = 256 * 1024  # bytes waiting to be read, beyond which the backend has to wait
_BODILESS: Final = (204, 304)


class Broken(Exception):
    """The connection ended, or what came over it is no HTTP.  *answered*: something of a response had come."""

    def __init__(self, what: str, *, answered: bool) -> None:
        super().__init__(what)
        self.answered = answered


class TimedOut(Exception):
    """The backend did not go on within the time it was given."""


@frozen
class Head:
    status: int
    reason: bytes
    headers: Lines = field(repr=False)
    is_bodiless: bool


class Connection(asyncio.Protocol):
    """*lost* is told when it ends while nobody uses it."""

    def __init__(self, loop: asyncio.AbstractEventLoop, lost: "Callable[[Connection], None]") -> None:
        self._loop, self._lost = loop, lost
        self._transport: asyncio.Transport | None = None
        self._parser: httptools.HttpResponseParser | None = None
        self._waiting: asyncio.Future[None] | None = None  # whoever reads
        self._timer: asyncio.TimerHandle | None = None  # how long it waits
        self._draining: asyncio.Future[None] | None = None  # whoever writes
        self._writing_paused = self._reading_paused = False
        self._failure: Exception | None = None
        self.idle_since = 0.0
        self._begin(is_head=False)

    def _begin(self, *, is_head: bool) -> None:
        self._is_head = is_head
        self._lines: list[tuple[bytes, bytes]] = []
        self._reason = b""
        self._received = 0  # bytes before the body
        self._framed = False  # whether the response says where it ends
        self._head: Head | None = None
        self._chunks: list[bytes] = []
        self._held = 0  # bytes of them
        self._complete = False
        self._keeps_alive = False

    # ---- for whoever has the connection ----------------------------------------------------------------------------

    @property
    def is_open(self) -> bool:
        return self._failure is None and self._transport is not None and not self._transport.is_closing()

    @property
    def is_reusable(self) -> bool:
        """After an exchange that both sides have brought to its end."""
        return self._complete and self._keeps_alive and self.is_open

    @property
    def is_complete(self) -> bool:
        """Whether all of the response has come, and was read."""
        return self._complete and not self._chunks

    def start(self, request: bytes, *, is_head: bool) -> None:
        """Send the head of a request, perhaps with its body."""
        self._begin(is_head=is_head)
        self._parser = httptools.HttpResponseParser(self)
        if self._transport is not None:
            self._transport.write(request)

    async def write(self, data: bytes) -> None:
        """More of the request; waits while the backend does not read.  Raise Broken."""
        if self._failure is not None:
            raise self._failure
        if self._transport is not None:
            self._transport.write(data)
        if self._writing_paused:
            self._draining = self._loop.create_future()
            await self._draining

    async def head(self, within: float) -> Head:
        """Raise Broken or TimedOut."""
        if self._head is None:
            await self._wait(within)
        assert self._head is not None  # noqa: S101 - the wait has raised otherwise
        return self._head

    async def read(self, within: float) -> bytes:
        """What has come of the body; empty at its end.  Raise Broken or TimedOut."""
        if not self._chunks and not self._complete:
            await self._wait(within)
        found = self._chunks[0] if len(self._chunks) == 1 else b"".join(self._chunks)
        self._chunks.clear()
        self._held = 0
        if self._reading_paused and self._transport is not None:
            self._reading_paused = False
            self._transport.resume_reading()
        return found

    def close(self) -> None:
        self._fail(Broken("It was given up.", answered=True))

    async def _wait(self, within: float) -> None:
        if self._failure is not None:
            raise self._failure
        waiting = self._waiting = self._loop.create_future()
        self.hurry(within)
        try:
            await waiting
        finally:
            if self._timer is not None:
                self._timer.cancel()
            self._waiting = None

    def hurry(self, within: float) -> None:
        """From now on whoever waits for the response waits so many seconds more."""
        if self._waiting is not None:
            if self._timer is not None:
                self._timer.cancel()
            self._timer = self._loop.call_later(within, self._expire)

    def _expire(self) -> None:
        self._fail(TimedOut())

    def _wake(self) -> None:
        if self._waiting is not None and not self._waiting.done():
            self._waiting.set_result(None)

    def _fail(self, failure: Exception) -> None:
        """The first failure is the one that is told."""
        if self._failure is None:
            self._failure = failure
        for one in (self._waiting, self._draining):
            if one is not None and not one.done():
                one.set_exception(self._failure)
        if self._transport is not None:
            self._transport.abort()

    # ---- asyncio tells ---------------------------------------------------------------------------------------------

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)  # uvloop's is none of asyncio's by descent

    def data_received(self, data: bytes) -> None:
        if self._parser is None or self._complete:
            self._fail(Broken("The backend spoke without having been asked.", answered=True))
            return
        if self._head is None:
            self._received += len(data)
        try:
            self._parser.feed_data(data)
        except (httptools.HttpParserError, httptools.HttpParserUpgrade) as error:
            self._fail(Broken(f"The backend's answer is no HTTP: {type(error).__name__}.", answered=True))
        if self._head is None and self._received > LARGEST_HEAD:
            self._fail(Broken("The backend's answer has too many headers.", answered=True))

    def eof_received(self) -> bool:
        return False  # and so the transport closes itself, and `connection_lost` follows

    def connection_lost(self, exc: Exception | None) -> None:
        if self._head is not None and not self._complete and not self._framed and exc is None and not self._failure:
            self._complete = True  # an answer without a length ends with its connection
            self._wake()
        self._failure = self._failure or Broken("The backend closed the connection.", answered=self._received > 0)
        for one in (self._waiting, self._draining):
            if one is not None and not one.done():
                one.set_exception(self._failure)
        self._lost(self)

    def pause_writing(self) -> None:
        self._writing_paused = True

    def resume_writing(self) -> None:
        self._writing_paused = False
        if self._draining is not None and not self._draining.done():
            self._draining.set_result(None)

    # ---- the parser tells ------------------------------------------------------------------------------------------

    def on_message_begin(self) -> None:
        if self._head is not None:
            self._fail(Broken("The backend sent more than one answer.", answered=True))

    def on_status(self, reason: bytes) -> None:
        self._reason += reason

    def on_header(self, name: bytes, value: bytes) -> None:
        if self._head is None:  # else a trailer, which has no place in what we pass on
            self._lines.append((name.lower(), value))

    def on_headers_complete(self) -> None:
        assert self._parser is not None  # noqa: S101 - it is the one that calls
        status = self._parser.get_status_code()
        if status < 200:  # an interim response (RFC 9110 §15.2): the real one follows
            self._lines, self._reason = [], b""
            return
        self._framed = any(name in (b"content-length", b"transfer-encoding") for name, _ in self._lines)
        bodiless = self._is_head or status in _BODILESS
        self._head = Head(status, self._reason, tuple(self._lines), bodiless)
        self._keeps_alive = self._parser.should_keep_alive()
        if self._is_head:
            self._end()
        self._wake()

    def on_body(self, body: bytes) -> None:
        if self._complete:
            self._fail(Broken("The backend sent a body where there is none.", answered=True))
            return
        self._chunks.append(body)
        self._held += len(body)
        self._wake()
        if self._held > _ENOUGH and not self._reading_paused and self._transport is not None:
            self._reading_paused = True
            self._transport.pause_reading()

    def on_message_complete(self) -> None:
        if self._head is not None and not self._complete:
            self._end()
            self._wake()

    def _end(self) -> None:
        self._complete, self._parser = True, None

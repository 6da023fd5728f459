"""HTTP/1.1 with an end to a request: uvicorn's httptools protocol takes one as long, and as slowly, as it comes."""

import asyncio
import re
from typing import Final, cast

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

MAX_HEAD: Final = 64 * 1024  # bytes of request line and headers; the longest URL and cookies of ours are a fraction
MOST_HELD: Final = 32 * 1024  # bytes of answers before they are written
RECEIVED_WITHIN: Final = 30.0  # seconds from the first byte of a connection or request to its last
_ABSOLUTE: Final = re.compile(rb"[A-Za-z][A-Za-z0-9+.-]*://([^/?#]*)")
_TOO_LARGE: Final = b"HTTP/1.1 431 Request Header Fields Too Large\r\nconnection: close\r\ncontent-length: 0\r\n\r\n"


class BoundedHttp(HttpToolsProtocol):
    """Ends a connection whose request head grows past the limit (RFC 6585 §5), or whose request takes too long.

    Between requests uvicorn's own keep-alive limit holds.
    """

    received_within = RECEIVED_WITHIN
    _head = 0
    _in_body = False
    _deadline: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._expect()

    def connection_lost(self, exc: Exception | None) -> None:
        self._expect_nothing()
        super().connection_lost(exc)

    def on_message_begin(self) -> None:
        self._expect()
        super().on_message_begin()

    def on_header(self, name: bytes, value: bytes) -> None:
        # uvicorn takes a trailer for a header, where the body came at once: nobody has checked it (RFC 9110 §6.5.1).
        if not self._in_body:
            super().on_header(name, value)

    def on_headers_complete(self) -> None:
        self._head, self._in_body = 0, True
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        self._in_body = False
        self._expect_nothing()
        super().on_message_complete()

    def data_received(self, data: bytes) -> None:
        if not self._in_body:
            self._head += len(data)
        super().data_received(data)
        if self._in_body or self._head <= MAX_HEAD or self.transport.is_closing():
            return
        self.transport.write(_TOO_LARGE)
        self.transport.close()

    def _expect(self) -> None:
        """The rest of a request, within the time."""
        if self._deadline is None:
            self._deadline = self.loop.call_later(self.received_within, self._end)

    def _expect_nothing(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None

    def _end(self) -> None:
        self._deadline = None
        self.transport.abort()


class Gathering:
    """A transport that writes once in a turn of the loop: head and body of an answer are two writes to uvicorn, and
    each is a call of the system, which costs as much as deciding on the request.
    """

    def __init__(self, transport: asyncio.Transport, loop: asyncio.AbstractEventLoop) -> None:
        self._transport, self._loop = transport, loop
        self._held: list[bytes] = []
        self._size = 0

    def __getattr__(self, name: str) -> object:
        return getattr(self._transport, name)

    def write(self, data: bytes) -> None:
        if not self._held:
            self._loop.call_soon(self.flush)
        self._held.append(data)
        self._size += len(data)
        if self._size > MOST_HELD:
            self.flush()  # so that the transport can say when it is too much

    def flush(self) -> None:
        if self._held:
            self._transport.write(b"".join(self._held))
            self._held.clear()
            self._size = 0

    def close(self) -> None:
        self.flush()
        self._transport.close()


class CarryingHttp(BoundedHttp):
    """A body may take as long as it takes: whoever reads it knows how long to wait.  One that nobody reads may not."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(cast("asyncio.Transport", Gathering(transport, self.loop)))

    def on_headers_complete(self) -> None:
        self._expect_nothing()
        named = _ABSOLUTE.match(self.url)
        hosts = [value.strip().lower() for name, value in self.headers if name == b"host"]
        if named is not None and named[1].lower() not in hosts:
            # A target that names another host than Host (RFC 9112 §3.2.2): two are named, which is refused.
            self.headers.append((b"host", named[1]))
        super().on_headers_complete()

    def on_response_complete(self) -> None:
        if self._in_body:
            self._expect()
        super().on_response_complete()

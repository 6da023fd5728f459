"""One request carried to its backend, its body with it, and the response awaited.  RFC 9110, sections 7.6, 9.2.2, 15.2.

What the caller sends travels while the backend may already be answering; a caller who goes ends the exchange.
"""

import asyncio
from typing import Final

from starlette.types import Message, Receive

from entrada.core.gateway.exchange import Address
from entrada.core.gateway.verdict import Forward
from entrada.server.web.gateway.backend.backends import Backends
from entrada.server.web.gateway.backend.connection import Broken, Connection, Head, TimedOut
from entrada.server.web.gateway.incoming import Incoming
from entrada.server.web.gateway.outgoing import chunk, head_for_backend

_REPEATABLE: Final = frozenset(("GET", "HEAD", "OPTIONS", "TRACE", "PUT", "DELETE"))
_WATCHED_AFTER: Final = 0.5  # seconds: a task that waits for callers to go is not worth it for quick answers
UPLOAD_IDLE: Final = 60.0  # seconds that a caller may pause within a body


class CallerGone(Exception):
    """Whoever asked has closed the connection."""


class CallerTooSlow(Exception):
    """Whoever asked does not go on with the body."""


class Carried:
    """*forward* on its way.  Ends by `close`, whatever has happened."""

    def __init__(self, backends: Backends, forward: Forward, incoming: Incoming, receive: Receive) -> None:
        self._backends, self._forward, self._incoming, self._receive = backends, forward, incoming, receive
        self._written = head_for_backend(forward.request, incoming)
        self._connection: Connection | None = None
        self._upload: asyncio.Task[None] | None = None
        self._watching: asyncio.TimerHandle | None = None
        self._caller: Exception | None = None  # what the caller has done
        self._sent = False

    async def head(self) -> Head:
        """Raise Broken, TimedOut, CallerGone or CallerTooSlow."""
        request = await self._first_part()
        self._watch_later()
        try:
            return await self._asked(request)
        except (Broken, TimedOut) as failure:
            raise self._caller or failure from None

    async def read(self) -> bytes:
        """What has come of the body; empty at its end.  Raise as `head`."""
        assert self._connection is not None  # noqa: S101 - after `head`
        try:
            return await self._connection.read(self._forward.timeout)
        except (Broken, TimedOut) as failure:
            raise self._caller or failure from None

    @property
    def is_complete(self) -> bool:
        return self._connection is not None and self._connection.is_complete

    def close(self) -> None:
        if self._watching is not None:
            self._watching.cancel()
        if self._upload is not None:
            self._upload.cancel()
        if self._connection is not None:
            if self._sent and self._connection.is_complete:
                self._backends.give_back(self._connection)
            else:
                self._connection.close()

    # ---- towards the backend ---------------------------------------------------------------------------------------

    async def _first_part(self) -> bytes:
        """With the body, where it came at once: most are small."""
        if not self._incoming.has_body:
            self._sent = True
            return self._written
        message = await self._more()
        self._sent = not message.get("more_body", False)
        return self._written + self._framed(message.get("body", b""), last=self._sent)

    async def _asked(self, request: bytes) -> Head:
        target, is_head = self._forward.request.url, self._forward.request.method == "HEAD"
        repeatable = self._sent and self._forward.request.method in _REPEATABLE
        kept = self._backends.kept(target, surely=not repeatable)
        if kept is not None:
            try:
                return await self._asked_over(kept, request, is_head=is_head)
            except Broken as failure:
                # It was closed while nobody looked (RFC 9110 §9.2.2): once more, where once more does no harm.
                if failure.answered or not repeatable or self._caller is not None:
                    raise
        return await self._asked_over(await self._opened(target), request, is_head=is_head)

    async def _opened(self, target: Address) -> Connection:
        return await self._backends.opened(target, self._forward.timeout)

    async def _asked_over(self, connection: Connection, request: bytes, *, is_head: bool) -> Head:
        self._connection = connection
        if self._caller is not None:
            raise self._caller
        connection.start(request, is_head=is_head)
        if not self._sent:
            self._upload = asyncio.ensure_future(self._send_rest(connection))
        return await connection.head(self._patience())

    def _patience(self) -> float:
        """A long body may take long; whoever pauses within it is cut off elsewhere."""
        return self._forward.timeout if self._sent else 24 * 60 * 60

    async def _send_rest(self, connection: Connection) -> None:
        try:
            while not self._sent:
                async with asyncio.timeout(UPLOAD_IDLE):
                    message = await self._more()
                last = not message.get("more_body", False)
                await connection.write(self._framed(message.get("body", b""), last=last))
                self._sent = last
            self._upload = None
            connection.hurry(self._forward.timeout)
        except TimeoutError:
            self._give_up(CallerTooSlow())
        except CallerGone as gone:
            self._give_up(gone)
        except Broken:
            pass  # whoever waits for the response hears of it

    def _framed(self, data: bytes, *, last: bool) -> bytes:
        if not self._incoming.is_chunked:
            return data
        return (chunk(data) if data else b"") + (b"0\r\n\r\n" if last else b"")

    # ---- the caller ------------------------------------------------------------------------------------------------

    async def _more(self) -> Message:
        message = await self._receive()
        if message["type"] == "http.disconnect":
            raise CallerGone
        return message

    def _watch_later(self) -> None:
        self._watching = asyncio.get_running_loop().call_later(_WATCHED_AFTER, self._watch)

    def _watch(self) -> None:
        if self._upload is None:
            self._upload = asyncio.ensure_future(self._wait_until_gone())

    async def _wait_until_gone(self) -> None:
        while (await self._receive())["type"] != "http.disconnect":
            pass
        self._give_up(CallerGone())

    def _give_up(self, why: Exception) -> None:
        self._caller = self._caller or why
        if self._connection is not None:
            self._connection.close()

"""A small HTTP/1.1 load generator: keep-alive connections, requests made as bytes, answers timed."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import cast

from attrs import define, field


@define
class Answer:
    status: int
    head: bytes
    body: bytes


class Client(asyncio.Protocol):
    """One connection, one request at a time."""

    def __init__(self) -> None:
        self._buffer = b""
        self._waiting: asyncio.Future[Answer] | None = None
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)  # uvloop's is one without saying so

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        head, blank, rest = self._buffer.partition(b"\r\n\r\n")
        if not blank:
            return
        length = _content_length(head)
        if len(rest) < length:
            return
        self._buffer = rest[length:]
        if self._waiting is not None and not self._waiting.done():
            self._waiting.set_result(Answer(int(head[9:12]), head, rest[:length]))

    def connection_lost(self, exc: Exception | None) -> None:
        if self._waiting is not None and not self._waiting.done():
            self._waiting.set_exception(exc or ConnectionError("the server closed the connection"))

    async def ask(self, request: bytes) -> Answer:
        if self._transport is None or self._transport.is_closing():
            raise ConnectionError("not connected")
        self._waiting = asyncio.get_running_loop().create_future()
        self._transport.write(request)
        return await self._waiting

    def close(self) -> None:
        if self._transport is not None:
            self._transport.close()


def _content_length(head: bytes) -> int:
    lower = head.lower()
    at = lower.find(b"content-length:")
    return int(lower[at + 15 :].split(b"\r\n", 1)[0]) if at >= 0 else 0


@define
class Result:
    seconds: float
    latencies: list[float] = field(repr=False)

    @property
    def rate(self) -> float:
        return len(self.latencies) / self.seconds

    def percentile(self, share: float) -> float:
        """Milliseconds."""
        ordered = sorted(self.latencies)
        return 1000 * ordered[min(len(ordered) - 1, int(share * len(ordered)))]


Step = Callable[[Client, int], Awaitable[bool]]
"""One request or flow on a connection of that number; False: nothing is left to do."""


async def connect(port: int) -> Client:
    _, client = await asyncio.get_running_loop().create_connection(Client, "127.0.0.1", port)
    return client


async def run(port: int, step: Step, *, connections: int = 32, seconds: float = 4.0, rate: float = 0.0) -> Result:
    """As fast as answers come; with *rate*, at that many steps a second, spread over the connections.

    On a schedule, a step's latency counts from when it was due, so that a server that falls behind cannot hide it.
    """
    clients = [await connect(port) for _ in range(connections)]
    latencies: list[float] = []
    start = time.perf_counter()

    async def work(number: int) -> None:
        turn = 0
        while (now := time.perf_counter()) < start + seconds:
            if rate:
                now = max(now, due := start + (turn * connections + number) / rate)
                turn += 1
                await asyncio.sleep(due - time.perf_counter())
                now = due
            if not await step(clients[number], number):
                return
            latencies.append(time.perf_counter() - now)

    await asyncio.gather(*(work(number) for number in range(connections)))
    taken = time.perf_counter() - start
    for client in clients:
        client.close()
    return Result(taken, latencies)

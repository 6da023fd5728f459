"""Drive the flows of a site: over HTTP that is opened when first needed, patiently, in a thread or in an event loop."""

import asyncio
from collections.abc import Callable
from typing import TypeVar
from weakref import WeakKeyDictionary

from attrs import define, field

from entrada.client.connection import AsyncConnection, Connection
from entrada.client.driver import Send, SendAsync, drive, drive_async
from entrada.client.flow import Flow
from entrada.client.retrying import Retrying
from entrada.client.web_sign_in.web_settings import WebSettings
from entrada.core.jose.numeric_date import NumericDate

T = TypeVar("T")


@define
class Hands:
    """*send* makes the calls instead of HTTP over httpx2, as for a test."""

    settings: WebSettings
    clock: Callable[[], NumericDate] = field(repr=False)
    entropy: Callable[[int], bytes] = field(repr=False)
    send: Send | None = field(default=None, repr=False)
    _connection: Connection = field(init=False, repr=False)

    def __attrs_post_init__(self) -> None:
        self._connection = Connection(self.settings.ca_file)

    def run(self, flow: Flow[T]) -> T:
        return drive(Retrying(clock=self.clock, entropy=self.entropy)(flow), self.send or self._connection)

    def close(self) -> None:
        self._connection.close()


@define
class AsyncHands:
    """The same, to be awaited; each event loop has connections of its own."""

    settings: WebSettings
    clock: Callable[[], NumericDate] = field(repr=False)
    entropy: Callable[[int], bytes] = field(repr=False)
    send: SendAsync | None = field(default=None, repr=False)
    _connections: "WeakKeyDictionary[asyncio.AbstractEventLoop, AsyncConnection]" = field(
        factory=WeakKeyDictionary["asyncio.AbstractEventLoop", AsyncConnection], init=False, repr=False
    )

    async def run(self, flow: Flow[T]) -> T:
        patient = Retrying(clock=self.clock, entropy=self.entropy)(flow)
        return await drive_async(patient, self.send or self._connection())

    async def close(self) -> None:
        connection = self._connections.pop(asyncio.get_running_loop(), None)
        if connection is not None:
            await connection.close()

    def _connection(self) -> AsyncConnection:
        loop = asyncio.get_running_loop()
        known = self._connections.get(loop)
        if known is None:
            known = self._connections[loop] = AsyncConnection(self.settings.ca_file)
        return known

"""The same as `token_source`, for tasks: a renewal is a task of its own, which outlives whoever asked first."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from typing import TypeAlias

from attrs import field, frozen

from entrada.client.errors import EntradaError
from entrada.client.flow import Flow
from entrada.client.token_cache.port import Kept
from entrada.client.token_cache.remembering import Wanted, better_renewed, serving, wanted
from entrada.client.token_cache.renewing import Renewing
from entrada.client.token_cache.token_source import TRIED_AGAIN_AFTER, Question
from entrada.client.tokens import AccessToken
from entrada.core.jose.numeric_date import NumericDate

_Key: TypeAlias = tuple[asyncio.AbstractEventLoop, Question]  # a task belongs to its loop


@frozen(kw_only=True, eq=False)
class AsyncTokenSource(Renewing):
    """Of one partition.  To be kept: those who share it wait for each other."""

    drive: Callable[[Flow[AccessToken]], Awaitable[AccessToken]]
    _flights: dict[_Key, asyncio.Task[AccessToken]] = field(
        factory=dict[_Key, "asyncio.Task[AccessToken]"], init=False, repr=False
    )
    _tried: dict[Question, NumericDate] = field(factory=dict[Question, NumericDate], init=False, repr=False)

    async def token_for(self, scopes: Iterable[str], claims: str | None = None, *, force: bool = False) -> AccessToken:
        """As `TokenSource.token_for`."""
        asked, now = wanted(scopes), self.clock()
        found = serving(await self._read(), asked, now)
        if found is None or force or claims is not None:
            return await self._renewed(asked, claims, found)
        return await self._better(asked, found) if better_renewed(found, now) else found

    async def _read(self) -> Kept | None:
        if self.cache.blocks:
            return await asyncio.to_thread(self.cache.read, self.partition)
        return self.cache.read(self.partition)

    async def _better(self, asked: Wanted, found: AccessToken) -> AccessToken:
        question, now = (asked.names, None), self.clock()
        if now < self._tried.get(question, NumericDate(0)) + TRIED_AGAIN_AFTER:
            return found
        self._tried[question] = now
        try:
            return await self._renewed(asked, None, found)
        except EntradaError:
            if found.serves(self.clock()):
                return found
            raise

    async def _renewed(self, asked: Wanted, claims: str | None, seen: AccessToken | None) -> AccessToken:
        key = (asyncio.get_running_loop(), (asked.names, claims))
        if (flight := self._flights.get(key)) is None:
            flight = asyncio.create_task(self._driven(self.renewed(asked, claims, seen)))
            self._flights[key] = flight
            flight.add_done_callback(lambda landed: self._landed(key, landed))
        return await asyncio.shield(flight)

    async def _driven(self, renewal: Flow[AccessToken]) -> AccessToken:
        try:
            return await self.drive(renewal)
        finally:
            renewal.close()  # gives the claim up also where the driver was cancelled

    def _landed(self, key: _Key, flight: asyncio.Task[AccessToken]) -> None:
        del self._flights[key]
        if not flight.cancelled():
            flight.exception()  # looked at: whoever waited may have been cancelled meanwhile

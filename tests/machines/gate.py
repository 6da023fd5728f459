"""A store whose commits wait to be let through, one by one: so a test decides how requests interleave."""

import asyncio
from collections.abc import Sequence
from typing import Any

from entrada.core.protocol.effects import Effect
from entrada.server.store.port import Store


class Gate:
    def __init__(self, store: Store) -> None:
        self._store = store
        self._turns: dict[asyncio.Task[Any] | None, asyncio.Future[None]] = {}
        self._expected: dict[asyncio.Task[Any] | None, asyncio.Future[None]] = {}
        self.committed: list[tuple[Effect, ...]] = []  # what held, in order

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)

    async def commit(self, effects: Sequence[Effect]) -> bool:
        if effects:
            task, turn = asyncio.current_task(), asyncio.get_running_loop().create_future()
            self._turns[task] = turn
            if task in self._expected:
                self._expected.pop(task).set_result(None)
            await turn
        held = await self._store.commit(effects)
        if held and effects:
            self.committed.append(tuple(effects))
        return held

    async def waiting_or_done(self, task: "asyncio.Task[Any]") -> None:
        if task in self._turns or task.done():
            return
        arrived = self._expected[task] = asyncio.get_running_loop().create_future()
        await asyncio.wait({task, arrived}, return_when=asyncio.FIRST_COMPLETED)
        self._expected.pop(task, None)

    def open(self, task: "asyncio.Task[Any]") -> None:
        if turn := self._turns.pop(task, None):
            turn.set_result(None)

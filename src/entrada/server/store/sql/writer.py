"""One thread that commits together whatever is waiting to be written: group commit.

A flush to disk costs the same for one row as for thirty, and threads that each hold a transaction wait for each other.
So every write of this process is a *unit* in one queue; the writer takes all that wait, runs them in one transaction,
commits once, and tells each its own outcome.  When nothing waits, a unit is committed at once: there is no delay.
"""

import asyncio
from collections import defaultdict
from collections.abc import Callable, Sequence
from contextlib import suppress
from queue import Empty, SimpleQueue
from threading import Event, Lock, Thread
from typing import Any, Final, TypeVar

from attrs import frozen
from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError, OperationalError

from entrada.server.store.port import StoreUnavailable
from entrada.server.store.sql.failures import is_disconnection, is_worth_a_retry

T = TypeVar("T")

LARGEST_BATCH: Final = 128
ATTEMPTS: Final = 4


@frozen(kw_only=True, eq=False)
class Unit:
    """Work that holds or leaves nothing behind, and who waits for it."""

    work: Callable[[Connection], object]
    order: tuple[str, ...]  # which rows it locks first, so that all processes lock rows in one order
    end_days: frozenset[int]  # of the families it opens
    loop: asyncio.AbstractEventLoop
    waiting: asyncio.Future[Any]


@frozen
class Raised:
    """The outcome of a unit that could not be run."""

    error: Exception


class Writer:
    """*before* is called with each batch, outside of any transaction."""

    def __init__(
        self,
        engine: Engine,
        *,
        before: Callable[[Connection, Sequence[Unit]], None],
    ) -> None:
        self._engine = engine
        self._before = before
        self._queue: SimpleQueue[Unit | None] = SimpleQueue()
        self._closing = Event()
        self._putting = Lock()
        self._thread = Thread(target=self._run, name="entrada-writer", daemon=True)
        self._thread.start()

    async def write(
        self,
        work: Callable[[Connection], T],
        *,
        order: tuple[str, ...] = (),
        end_days: frozenset[int] = frozenset(),
    ) -> T:
        """What *work* returned, once it is durable.

        A caller who is cancelled while waiting takes nothing back: the unit is written all the same.
        """
        loop = asyncio.get_running_loop()
        unit = Unit(work=work, order=order, end_days=end_days, loop=loop, waiting=loop.create_future())
        with self._putting:
            if self._closing.is_set():
                raise StoreUnavailable("the store is closed")
            self._queue.put(unit)
        outcome: T = await unit.waiting
        return outcome

    def close(self) -> None:
        """Write what waits, then stop."""
        with self._putting:
            self._closing.set()
            self._queue.put(None)
        self._thread.join()

    # ---- in the writer's thread ----

    def _run(self) -> None:
        while batch := self._next_batch():
            _deliver(batch, self._outcomes(batch))

    def _next_batch(self) -> Sequence[Unit]:
        """All that waits; empty when the writer is to stop."""
        batch: list[Unit] = []
        unit = self._queue.get()
        with suppress(Empty):
            while unit is not None:
                batch.append(unit)
                if len(batch) == LARGEST_BATCH:
                    return _in_order(batch)
                unit = self._queue.get_nowait()
            self._queue.put(None)  # found while gathering: stop after this batch
        return _in_order(batch)

    def _outcomes(self, batch: Sequence[Unit]) -> Sequence[object]:
        try:
            return self._commit(batch)
        except StoreUnavailable as error:
            return [_unavailable(error) for _ in batch]
        except Exception as error:  # noqa: BLE001  (a unit's surprise belongs to whoever waits for it)
            if len(batch) == 1:
                return [_unavailable(error) if isinstance(error, OperationalError) else Raised(error)]
            # All of it was rolled back.  Alone, a bad unit harms nobody else.
            return [outcome for unit in batch for outcome in self._outcomes([unit])]

    def _commit(self, batch: Sequence[Unit]) -> Sequence[object]:
        """Commit *batch*, again if the database asks for it or the connection was lost before the commit."""
        for attempt in range(1, ATTEMPTS):
            try:
                return self._transaction(batch)
            except DBAPIError as error:
                if not (is_worth_a_retry(error) or is_disconnection(error)):
                    raise
            self._closing.wait(0.005 * attempt)
        return self._transaction(batch)

    def _transaction(self, batch: Sequence[Unit]) -> Sequence[object]:
        with self._connect() as connection:
            self._before(connection, batch)
            transaction = connection.begin()
            outcomes = [unit.work(connection) for unit in batch]  # leaving by an exception rolls back
            try:
                transaction.commit()
            except DBAPIError as error:
                # Perhaps it was committed and only the answer was lost.  If we tried again, we would take our own row
                # for another replica's; so nobody tries, and the callers learn that nobody knows.
                raise StoreUnavailable(f"whether it was committed is unknown: {error.orig}") from error
        return outcomes

    def _connect(self) -> Connection:
        try:
            return self._engine.connect()
        except DBAPIError as error:
            raise StoreUnavailable(f"no connection: {error.orig}") from error


def _in_order(batch: list[Unit]) -> Sequence[Unit]:
    """Units that wait together may be written in any order, so take the one in which processes do not deadlock."""
    batch.sort(key=lambda unit: unit.order)
    return batch


def _unavailable(error: Exception) -> Raised:
    """An exception for one caller: raised in several tasks, one exception would gather all their tracebacks."""
    unavailable = StoreUnavailable(str(error.orig if isinstance(error, DBAPIError) else error))
    unavailable.__cause__ = error
    return Raised(unavailable)


def _deliver(batch: Sequence[Unit], outcomes: Sequence[object]) -> None:
    """Tell everyone their outcome, with one hop into each event loop."""
    by_loop: defaultdict[asyncio.AbstractEventLoop, list[tuple[Unit, object]]] = defaultdict(list)
    for unit, outcome in zip(batch, outcomes, strict=True):
        by_loop[unit.loop].append((unit, outcome))
    for loop, answers in by_loop.items():
        with suppress(RuntimeError):  # the loop is closed: nobody waits any more
            loop.call_soon_threadsafe(_settle, answers)


def _settle(answers: Sequence[tuple[Unit, object]]) -> None:
    for unit, outcome in answers:
        if unit.waiting.done():  # cancelled meanwhile
            continue
        if isinstance(outcome, Raised):
            unit.waiting.set_exception(outcome.error)
        else:
            unit.waiting.set_result(outcome)

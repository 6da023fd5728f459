"""A store with an event loop of its own, and names that nobody has had, for the state machines.

Each example takes a new tenant instead of empty tables: that costs nothing on any store.
"""

import asyncio
import os
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from itertools import count
from typing import Any, Final, Generic, TypeVar

from attrs import define, field, frozen
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import RuleBasedStateMachine, run_state_machine_as_test

from entrada.core.jose.numeric_date import NumericDate
from entrada.core.sealing.keyring import Keyring
from entrada.core.sealing.keys import KEY_BYTES, MasterKey
from entrada.server.store.port import Store
from entrada.server.usecases.installation import Installation
from entrada.server.usecases.signing_keys import SigningKeys
from entrada.testing.in_process import FakeClock, FakeIssuers, WeakHasher
from tests.fuzz.effort import examples
from tests.machines.gate import Gate
from tests.protocol.known import NOW, ORIGIN

T = TypeVar("T")
# An example on a database is some fifty statements; on the memory store it is nothing.
_EXAMPLES: Final = {"memory": 100, "sqlite": 15, "postgresql": 10}
_PHASES: Final = frozenset(Phase) - {Phase.explain}  # and on a database nothing is shrunk: it would take minutes
_KEYRING: Final = Keyring(MasterKey(os.urandom(KEY_BYTES)))
_HASHER: Final = WeakHasher()


@define
class Stage:
    kind: str
    store: Store
    loop: asyncio.AbstractEventLoop
    numbers: Iterator[int] = field(factory=lambda: count(1))

    def run(self, awaitable: Coroutine[Any, Any, T]) -> T:
        return self.loop.run_until_complete(awaitable)

    def number(self) -> int:
        return next(self.numbers)

    def guid(self) -> str:
        return f"57a6e000-0000-4000-8000-{self.number():012x}"

    def play(self, machine: type["Machine"], *, share: float = 1, steps: int = 30) -> None:
        """*share*: of the usual number of examples, for machines whose steps cost more than others'."""
        chosen = settings(
            max_examples=max(2, round(examples(_EXAMPLES[self.kind]) * share)),
            stateful_step_count=steps,
            deadline=None,
            phases=_PHASES - ({Phase.shrink} if self.kind != "memory" else set()),
            suppress_health_check=[HealthCheck.too_slow],
        )
        run_state_machine_as_test(lambda: machine(self), settings=chosen)  # type: ignore[arg-type]


@frozen(eq=False)
class UnderWay(Generic[T]):
    """A request that waits to commit, or is over."""

    task: "asyncio.Task[T]"
    began_at: NumericDate


class Machine(RuleBasedStateMachine):
    """*here* runs the real use cases; each of their commits waits until the machine lets it through."""

    def __init__(self, stage: Stage) -> None:
        super().__init__()
        self.stage, self.store = stage, stage.store
        self.clock, self.gate = FakeClock(NOW), Gate(stage.store)
        self.here = Installation(
            origin=ORIGIN,
            development=True,
            store=self.gate,
            keyring=_KEYRING,
            signing_keys=SigningKeys(stage.store, _KEYRING),
            clock=self.clock,
            entropy=os.urandom,
            hasher=_HASHER,
            external_issuers=FakeIssuers(),
        )
        self._begun: list[UnderWay[Any]] = []

    @property
    def now(self) -> NumericDate:
        return self.clock.now

    def run(self, awaitable: Coroutine[Any, Any, T]) -> T:
        return self.stage.run(awaitable)

    def begin(self, work: Coroutine[Any, Any, T]) -> UnderWay[T]:
        """Run *work* up to its first commit, or to its end."""
        begun = UnderWay(self.stage.loop.create_task(work), self.now)
        self._begun.append(begun)
        self.run(self.gate.waiting_or_done(begun.task))
        return begun

    def let_through(self, request: UnderWay[Any]) -> bool:
        """One commit; whether the request is over."""
        self.gate.open(request.task)
        self.run(self.gate.waiting_or_done(request.task))
        return request.task.done()

    def teardown(self) -> None:
        tasks = [one.task for one in self._begun if not one.task.done()]
        for task in tasks:
            task.cancel()
        if tasks:
            self.run(asyncio.wait(tasks))


@contextmanager
def on_stage(kind: str, store: Store) -> Iterator[Stage]:
    loop = asyncio.new_event_loop()
    try:
        yield Stage(kind, store, loop)
    finally:
        loop.run_until_complete(store.close())
        loop.run_until_complete(loop.shutdown_default_executor())
        loop.close()

"""Keeps one Envoy running with the newest configuration.

One task does everything in turn: revives what ended, hands over what is new, and looks now and then whether it is well.
A configuration that Envoy does not take leaves the old one in force, old keys included.  So it is told loudly; where it
takes keys away, or nobody knows what is in force, Envoy is ended: what cannot refuse a removed key shall not serve.
"""

import asyncio
from contextlib import suppress
from pathlib import Path
from typing import Final, TypeAlias

import structlog
from attrs import define, field, frozen

from entrada.server.envoy import instance
from entrada.server.envoy.admin import Silent
from entrada.server.envoy.binary import Binary
from entrada.server.envoy.child import Options
from entrada.server.envoy.claim import Claim, NotClaimed, claim
from entrada.server.envoy.instance import CannotBegin, Failure, Instance
from entrada.server.envoy.places import Kind, Places
from entrada.server.envoy.removed_keys import takes_keys_away
from entrada.server.envoy.snapshot import Snapshot

_log: Final[structlog.typing.FilteringBoundLogger] = structlog.get_logger()

HEARTBEAT: Final = 1.0  # seconds between two looks
_FIRST_PAUSE: Final = 0.1  # seconds before the second start in a row
_LONGEST_PAUSE: Final = 10.0
_STEADY: Final = 10.0  # seconds after which a start counts as good
_BOUND: Final = 60.0  # seconds that a push waits at the most: a start with a cold disk, and a second one


@frozen
class Accepted:
    version: str  # the newest, where that came in between


@frozen
class NotAccepted:
    version: str
    why: str


Waiting: TypeAlias = asyncio.Future[Accepted | NotAccepted]


@define(eq=False)
class Supervisor:
    binary: Binary
    folder: Path
    options: Options = field(factory=Options)
    restarts: int = 0
    refusals: int = 0
    _wanted: Snapshot | None = None
    _accepted: Snapshot | None = None  # by an Envoy, perhaps one that ended since
    _in_force: Snapshot | None = None  # None: nobody knows
    _running: Instance | None = None
    _claim: Claim | None = None
    _task: asyncio.Task[None] | None = None
    _wake: asyncio.Event = field(factory=asyncio.Event)
    _waiting: list[Waiting] = field(factory=list["Waiting"])
    _writes: int = 0
    _starts_in_a_row: int = 0

    @property
    def places(self) -> Places:
        return Places(self.folder)

    @property
    def process(self) -> int | None:
        """The child's id, while it runs."""
        return self._running.child.process.pid if self._running and not self._running.child.has_ended else None

    @property
    def in_force(self) -> str | None:
        """The version that Envoy works with; None while it is none that we know."""
        return self._in_force.version if self._in_force is not None else None

    async def start(self, snapshot: Snapshot) -> CannotBegin | None:
        """When it returns None, Envoy serves."""
        if why := self.places.problem():
            return CannotBegin(why)
        try:
            self.places.make()
            claimed = await claim(self.places)
        except OSError as error:
            return CannotBegin(f"{self.folder} cannot be used: {error.strerror}")
        if isinstance(claimed, NotClaimed):
            return CannotBegin(claimed.why)
        self._claim, self._wanted = claimed, snapshot
        if (failed := await self._begin(snapshot)) is not None:
            self._leave()
            return failed
        self._task = asyncio.create_task(self._supervise())
        return None

    async def push(self, snapshot: Snapshot) -> Accepted | NotAccepted:
        """Put *snapshot* in force.  One at a time; of those that wait the newest alone is written."""
        if self._task is None:
            return NotAccepted(snapshot.version, "the gateway does not run")
        waiting: Waiting = asyncio.get_running_loop().create_future()
        self._wanted = snapshot
        self._waiting.append(waiting)
        self._wake.set()
        try:
            async with asyncio.timeout(_BOUND):
                return await waiting
        except TimeoutError:
            return NotAccepted(snapshot.version, f"no Envoy runs with it after {_BOUND:g} seconds")

    async def stats(self, prefix: str) -> str:
        """Envoy's figures in Prometheus' text format; empty while it does not answer."""
        with suppress(Silent):
            if self._running is not None:
                return await self._running.admin.prometheus(prefix)
        return ""

    async def stop(self) -> None:
        """Take no more connections, let requests end, and end."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
            self._task = None
        if self._running is not None:
            await self._running.drain()
            await self._running.end()
            self._running = self._in_force = None
        self._answer(NotAccepted(self._wanted.version if self._wanted else "", "the gateway stops"))
        self._leave()

    def _leave(self) -> None:
        kinds: tuple[Kind, ...] = ("cds", "rds", "lds")
        for path in (self.places.bootstrap, *(self.places.resources(kind) for kind in kinds)):
            path.unlink(missing_ok=True)  # they hold keys
        if self._claim is not None:
            self._claim.release()
            self._claim = None

    # ---- the one task ----

    async def _supervise(self) -> None:
        while True:
            try:
                await self._next_step()
            except Exception:  # noqa: BLE001 - ours to mend, but no reason to leave Envoy alone
                _log.exception("envoy_supervision_failed")
                await asyncio.sleep(HEARTBEAT)

    async def _next_step(self) -> None:
        self._wake.clear()
        if self._running is None:
            await self._revive()
        elif self._waiting or self._wanted is not self._in_force:
            await self._hand_over(self._running)
        else:
            await self._rest(self._running)

    async def _rest(self, running: Instance) -> None:
        ended = asyncio.ensure_future(running.child.wait())
        woken = asyncio.ensure_future(self._wake.wait())
        try:
            await asyncio.wait({ended, woken}, timeout=HEARTBEAT, return_when=asyncio.FIRST_COMPLETED)
        finally:
            ended.cancel()
            woken.cancel()
        if running.child.has_ended:
            await self._give_up(running, "it ended")
        elif not self._wake.is_set() and not await running.is_well():
            await self._give_up(running, "it does not answer")

    async def _give_up(self, running: Instance, why: str) -> None:
        _log.error("envoy_lost", why=why, status=running.child.process.returncode)
        self._running = self._in_force = None
        await running.kill()
        if asyncio.get_running_loop().time() - running.begun_at > _STEADY:
            self._starts_in_a_row = 0

    async def _revive(self) -> None:
        with suppress(TimeoutError):  # what is new may be what helps
            await asyncio.wait_for(self._wake.wait(), self._pause())
        self._starts_in_a_row += 1
        self.restarts += 1
        if (wanted := self._wanted) is None:
            return
        waiting, self._waiting = self._waiting, []
        failed = await self._begin(wanted)
        if failed is None:
            self._answer(Accepted(wanted.version), waiting)
        elif failed.refused:
            self._refuse(wanted, failed.why, waiting)
        else:
            self._answer(NotAccepted(wanted.version, failed.why), waiting)

    def _pause(self) -> float:
        return min(_FIRST_PAUSE * 2**self._starts_in_a_row, _LONGEST_PAUSE) if self._starts_in_a_row else 0.0

    async def _begin(self, snapshot: Snapshot) -> CannotBegin | None:
        begun = await instance.begin(self.binary, self.places, self.options, snapshot, self._next_version(snapshot))
        if isinstance(begun, CannotBegin):
            _log.error("envoy_not_started", why=begun.why)
            return begun
        _log.info("envoy_started", version=self.binary.version, process=begun.child.process.pid)
        self._running, self._in_force, self._accepted = begun, snapshot, snapshot
        return None

    async def _hand_over(self, running: Instance) -> None:
        wanted, waiting, self._waiting = self._wanted, self._waiting, []
        if wanted is None:
            return
        failure = await self._push(running, wanted)
        if running.child.has_ended:
            self._waiting = [*waiting, *self._waiting]  # it is begun again with the newest
            await self._give_up(running, "it ended")
        elif failure is None:
            self._in_force = self._accepted = wanted
            self._answer(Accepted(wanted.version), waiting)
        elif self._old_one_may_stay(wanted, failure):
            self._refuse(wanted, failure.why, waiting)
        elif failure.may_load and not self._takes_keys_away(wanted) and await running.is_well():
            self._waiting = [*waiting, *self._waiting]  # told again, of what is newest then
        else:
            self._waiting = [*waiting, *self._waiting]
            await self._give_up(running, f"it did not take version {wanted.version}: {failure.why}")

    async def _push(self, running: Instance, wanted: Snapshot) -> Failure | None:
        """Twice, where it must be: the second answer counts."""
        self._in_force = None
        failure = await running.push(wanted, self._accepted, self._next_version(wanted))
        if failure is None or running.child.has_ended:
            return failure
        if failure.may_load:  # and would have to load it twice
            _log.warning("envoy_push_slow", version=wanted.version, why=failure.why)
            return failure
        _log.warning("envoy_push_failed", version=wanted.version, why=failure.why)
        return await running.push(wanted, self._accepted, self._next_version(wanted))

    def _old_one_may_stay(self, wanted: Snapshot, failure: Failure) -> bool:
        return failure.old_stays and self._accepted is not wanted and not self._takes_keys_away(wanted)

    def _takes_keys_away(self, wanted: Snapshot) -> bool:
        return self._accepted is None or takes_keys_away(self._accepted, wanted)

    def _refuse(self, snapshot: Snapshot, why: str, waiting: list[Waiting]) -> None:
        """Say so, and go back to what was accepted, unless that holds keys which are to be gone."""
        self.refusals += 1
        old = self._accepted
        back = old is not None and not takes_keys_away(old, snapshot)
        _log.error(
            "envoy_configuration_refused", version=snapshot.version, why=why, serves="the old" if back else "none"
        )
        if back and self._wanted is snapshot:
            self._wanted = old
        self._answer(NotAccepted(snapshot.version, why), waiting)

    def _answer(self, answer: Accepted | NotAccepted, waiting: list[Waiting] | None = None) -> None:
        if waiting is None:
            waiting, self._waiting = self._waiting, []
        for one in waiting:
            if not one.done():
                one.set_result(answer)

    def _next_version(self, snapshot: Snapshot) -> str:
        self._writes += 1
        return f"{snapshot.version}/{self._writes}"

"""One running Envoy: begun with a snapshot, given newer ones, drained, ended.

Clusters come first and go last, so that no route ever names one that is not there; a stage begins when Envoy says that
it has the one before.  Each write has a version of its own: an answer about an older one is never taken for it.
"""

import asyncio
import json
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import suppress
from typing import Final

from attrs import define, frozen

from entrada.server.envoy.admin import Admin, Silent, Standing
from entrada.server.envoy.binary import Binary
from entrada.server.envoy.bootstrap import bootstrap
from entrada.server.envoy.child import Child, Options, spawn
from entrada.server.envoy.listening import taken
from entrada.server.envoy.places import Kind, Places, write_json, write_resources
from entrada.server.envoy.snapshot import Snapshot
from entrada.server.envoy.unquoted import unquoted

START: Final = 20.0  # seconds: a hundred megabytes may come from a cold disk
_LONGEST: Final = 30.0  # seconds until it has taken one kind of resources, however many there are
_SILENCE: Final = 8.0  # seconds without an answer, after which it is not at work but lost
_SOONEST: Final = 0.002  # seconds between two looks
_LATEST: Final = 0.05
_REASON: Final = 0.5  # seconds until the reason for a refusal is in the log
_QUIET: Final = 1.0  # seconds without a request, after which open connections are taken for idle
_KINDS: Final[Mapping[Kind, str]] = {"cds": "clusters", "rds": "routes", "lds": "listener"}


@frozen
class CannotBegin:
    why: str
    refused: bool = False  # the configuration is at fault, not the machine


@frozen
class Failure:
    why: str
    old_stays: bool  # in force, for certain; False: nobody knows what is
    may_load: bool = False  # it runs and may yet take it


@define(eq=False)
class Instance:
    child: Child
    admin: Admin
    places: Places
    options: Options
    begun_at: float

    async def push(self, new: Snapshot, old: Snapshot | None, version: str) -> Failure | None:
        for kind, resources, stage in _stages(new, old, version):
            try:
                failure = await self._stage(kind, resources, stage, new)
            except OSError as error:
                failure = Failure(f"{self.places.folder} cannot be written: {error.strerror}", old_stays=True)
            except Silent as silent:
                failure = Failure(
                    f"Envoy does not answer: {silent}", old_stays=False, may_load=not self.child.has_ended
                )
            if failure is not None:
                return failure
        return None

    async def is_well(self) -> bool:
        """It answers: even "not ready" is an answer.  While it loads routes, or we are held up, it is silent."""
        until = _now() + _SILENCE
        while not self.child.has_ended:
            with suppress(Silent):
                await self.admin.is_live()
                return True
            if _now() > until:
                break
            await asyncio.sleep(_LATEST)
        return False

    async def drain(self) -> None:
        """Until no request is served, or long enough: each answer closes its connection, and no new one is taken."""
        with suppress(Silent, TimeoutError):
            async with asyncio.timeout(self.options.drain):
                await self.admin.drain(graceful=True)
                await self.admin.drain(graceful=False)
                await self._until_quiet()

    async def end(self) -> None:
        await self.child.end()
        await self.admin.close()

    async def kill(self) -> None:
        await self.child.kill()
        await self.admin.close()

    async def _stage(
        self, kind: Kind, resources: Sequence[Mapping[str, object]], version: str, new: Snapshot
    ) -> Failure | None:
        before = await self._standing(kind, _now() + self._patience(new))
        self.child.log.refused = None
        write_resources(self.places, kind, resources, version)
        return await self.accepted(kind, version, before.refused, new)

    async def accepted(self, kind: Kind, version: str, refused: int, new: Snapshot) -> Failure | None:
        """Wait until it says so; *refused* is how often it had refused before.  Raises Silent."""
        seconds = self._patience(new)
        until = _now() + seconds
        async for _ in _looks(seconds):
            now = await self._standing(kind, until)
            if now.version == version:
                return None
            if now.refused > refused:
                return Failure(f"the {_KINDS[kind]}: {unquoted(await self._reason(), new)}", old_stays=True)
        return Failure(f"no word of the {_KINDS[kind]} within {seconds:.0f} seconds", old_stays=False, may_load=True)

    async def _standing(self, kind: Kind, until: float) -> Standing:
        """Envoy answers nobody while it loads.  Raises Silent where it has ended, or is silent too long for that."""
        while True:
            try:
                return await self.admin.standing(kind)
            except Silent:
                if self.child.has_ended or _now() > until:
                    raise
            await asyncio.sleep(_LATEST)

    def _patience(self, snapshot: Snapshot) -> float:
        megabytes = len(json.dumps(snapshot.routes)) / 1_000_000
        return min(self.options.patience + megabytes, _LONGEST)

    async def live(self) -> str | None:
        """Wait until it serves; else why it does not."""
        async for _ in _looks(START):
            if self.child.has_ended:
                await self.child.wait()
                return self.child.log.refused or self.child.log.told or f"it ended ({self.child.process.returncode})"
            with suppress(Silent):
                if await self.admin.is_live():
                    self.child.log.serving = True
                    return None
        return f"it was not ready within {START:g} seconds"

    async def _reason(self) -> str:
        async for _ in _looks(_REASON):
            if self.child.log.refused is not None:
                break
        return self.child.log.refused or "it gave no reason"

    async def _until_quiet(self) -> None:
        since = _now()
        while (load := await self.admin.load()).connections and _now() - since < _QUIET:
            since = _now() if load.requests else since
            await asyncio.sleep(_LATEST)


async def begin(
    binary: Binary, places: Places, options: Options, snapshot: Snapshot, version: str
) -> Instance | CannotBegin:
    """Start Envoy with *snapshot*; when it is returned it serves."""
    if why := taken(snapshot.listener):
        return CannotBegin(why)
    try:
        _write_everything(places, options, snapshot, version)
        child = await spawn(binary, places, options)
    except OSError as error:
        return CannotBegin(f"{binary.path} cannot be started from {places.folder}: {error.strerror}")
    instance = Instance(child, Admin(places), places, options, _now())
    try:
        failure = await _begun(instance, snapshot, version)
    except BaseException:
        await instance.kill()
        raise
    if failure is None:
        return instance
    await instance.kill()
    return failure


async def _begun(instance: Instance, snapshot: Snapshot, version: str) -> CannotBegin | None:
    if why := await instance.live():
        return CannotBegin(unquoted(why, snapshot))
    kinds: tuple[Kind, ...] = ("cds", "lds", "rds")  # routes are read when the listener is there
    for kind in kinds:
        try:
            failure = await instance.accepted(kind, version, 0, snapshot)
        except Silent as silent:
            return CannotBegin(f"Envoy does not answer: {silent}")
        if failure is not None:
            return CannotBegin(failure.why, refused=failure.old_stays)
    return None


def _write_everything(places: Places, options: Options, snapshot: Snapshot, version: str) -> None:
    places.make()
    write_json(places, places.bootstrap, bootstrap(places, options.limits))
    write_resources(places, "cds", snapshot.clusters, version)
    write_resources(places, "rds", [snapshot.routes], version)
    write_resources(places, "lds", [snapshot.listener], version)


def _stages(
    new: Snapshot, old: Snapshot | None, version: str
) -> Iterator[tuple[Kind, Sequence[Mapping[str, object]], str]]:
    names = {cluster["name"] for cluster in new.clusters}
    leaving = [cluster for cluster in (old.clusters if old else ()) if cluster["name"] not in names]
    if leaving:
        yield "cds", [*new.clusters, *leaving], f"{version}, some to leave"
    else:
        yield "cds", new.clusters, version
    yield "rds", [new.routes], version
    yield "lds", [new.listener], version
    if leaving:
        yield "cds", new.clusters, version


async def _looks(seconds: float) -> AsyncIterator[None]:
    """Look now, then ever more rarely, until so long."""
    deadline, pause = _now() + seconds, _SOONEST
    while _now() < deadline:
        yield
        await asyncio.sleep(pause)
        pause = min(1.5 * pause, _LATEST)


def _now() -> float:
    return asyncio.get_running_loop().time()

"""Look, decide, write with its row in the audit log; look again where somebody was quicker."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final, Generic, TypeVar

from attrs import evolve, frozen

from entrada.core.directory.administration.actor import Actor
from entrada.core.directory.administration.audit import TOLD_ALONG, audit_of
from entrada.core.directory.administration.change import Change, Deed
from entrada.core.directory.administration.problem import Problem
from entrada.core.directory.administration.target_names import Names
from entrada.core.directory.entity import Entity
from entrada.core.protocol.effects import Effect, PutEntity, RecordAudit, RemoveEntity, RestoreEntity
from entrada.server.store.port import StoreContended
from entrada.server.usecases.installation import Installation
from entrada.server.usecases.link_ends import left_of_none, unchanged
from entrada.server.usecases.names_for_audit import names_for_audit

T = TypeVar("T")
E = TypeVar("E", bound=Entity)
_ATTEMPTS: Final = 20
_PAUSE: Final = 0.002  # seconds, at most, before the second look; twice as long before each that follows
_DOUBLED: Final = 4  # times


@frozen
class Beyond(Generic[T]):
    """A deed that reaches beyond the directory: to sessions, to counters of failures."""

    deed: Deed[T]
    effects: tuple[Effect, ...]


@frozen
class _Done(Generic[T]):
    answer: T | Problem


Decide = Callable[[], Awaitable[Deed[T] | Beyond[T] | Problem]]


async def carry_out(here: Installation, actor: Actor, decide: Decide[T]) -> T | Problem:
    """*decide* looks at the directory anew each time it is called, and finds the names that others have taken."""
    done = await _attempt(here, actor, decide) or await _take_turns(here, actor, decide)
    return done.answer


async def _attempt(here: Installation, actor: Actor, decide: Decide[T]) -> _Done[T] | None:
    """None where somebody was quicker."""
    decided = await decide()
    if isinstance(decided, Problem):
        return _Done(decided)
    deed, effects = (decided.deed, decided.effects) if isinstance(decided, Beyond) else (decided, ())
    told_of = [
        one
        for change in (*deed.changes, *deed.along[:TOLD_ALONG])
        for one in (change.before, change.after)
        if one is not None
    ]
    about = () if deed.about is None else (deed.about,)
    names = await names_for_audit(here.store, (*told_of, *about), deed.rests_on)
    written = await here.store.commit(effects_of(here, actor, deed, effects, names))
    return _Done(deed.answer) if written else None


async def _take_turns(here: Installation, actor: Actor, decide: Decide[T]) -> _Done[T]:
    """Where many write to one object, one is done in each round: all at once, they would lose round after round.

    So those of this process who have lost one go on one by one, against those of other processes alone.
    """
    async with here.turn:
        for attempt in range(_ATTEMPTS):
            await asyncio.sleep(_PAUSE * 2 ** min(attempt, _DOUBLED) * here.entropy(1)[0] / 255)
            done = await _attempt(here, actor, decide)
            if done is not None:
                return done
    raise StoreContended


def effects_of(
    here: Installation, actor: Actor, deed: Deed[T], beyond: tuple[Effect, ...] = (), names: Names | None = None
) -> tuple[Effect, ...]:
    """Removals first: names are given up before they are taken.  A deed that changes nothing leaves no row."""
    removals = [RemoveEntity(one.before) for one in deed.changes if one.before is not None and one.after is None]
    puts = [_put(one.before, one.after) for one in deed.changes if one.after is not None]
    if not removals and not puts:
        return beyond
    effects = (*removals, *puts, told(here, actor, deed, names), *beyond)
    return (*unchanged(effects, deed.rests_on), *effects, *left_of_none(effects))


def told(here: Installation, actor: Actor, deed: Deed[T], names: Names | None = None) -> RecordAudit:
    """Its row, for a deed that leaves every object as it is and is told all the same."""
    return RecordAudit(audit_of(deed, actor, audit_id=here.new_id(), now=here.clock(), names=names))


def change_of(before: Entity | None, after: Entity | None) -> tuple[Change, ...]:
    """No change where both are the same: then nothing is written."""
    return () if before == after else (Change(before, after),)


def _put(before: Entity | None, after: Entity) -> PutEntity | RestoreEntity:
    """What had a version before it was there is there again: its versions go on."""
    if before is None and after.version:
        return RestoreEntity(after)
    return PutEntity(evolve(after, version=before.version if before is not None else 0))


def as_written(before: Entity | None, after: E) -> E:
    """*after*, with the version that the store gives it."""
    if before == after:
        return after
    return evolve(after, version=(before if before is not None else after).version + 1)

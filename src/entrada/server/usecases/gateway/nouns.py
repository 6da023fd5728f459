"""What is done to every noun of the gateway alike: list, find, create, change, delete."""

from collections.abc import Callable
from typing import TypeVar

from entrada.core.directory.administration import gateway_activities as did
from entrada.core.directory.administration.actor import Actor
from entrada.core.directory.administration.may import may
from entrada.core.directory.administration.operations import Operation
from entrada.core.directory.administration.problem import Problem, not_found, stale, taken
from entrada.core.directory.gateway_record import GatewayRecord, RecordKind
from entrada.server.usecases.administer.stale import refuse_stale
from entrada.server.usecases.gateway.change import change_gateway
from entrada.server.usecases.gateway.kept import Kept
from entrada.server.usecases.gateway.outcome import Wanted
from entrada.server.usecases.gateway.records import KINDS, Noun, record_id
from entrada.server.usecases.gateway.secrecy import with_kept_secrets, without_secrets
from entrada.server.usecases.gateway.state import Place, State, load_state, own_gateway, place_of
from entrada.server.usecases.installation import Installation

N = TypeVar("N", bound=Noun)
T = TypeVar("T")
Changed = Callable[[T], T | Problem]
"""The noun that shall be, of the one that is; it sees no secret, and what it leaves empty stays."""


async def seen_gateway(here: Installation, actor: Actor, permission: Operation) -> State | Problem:
    place = own_gateway(here, actor)
    refused = may(actor, permission, itself=True)
    if isinstance(place, Problem):
        return refused or place
    return refused or await load_state(here, place.tenant_id)


async def list_nouns(here: Installation, actor: Actor, kind: type[N]) -> tuple[Kept[N], ...] | Problem:
    state = await seen_gateway(here, actor, Operation.READ_GATEWAY)
    return state if isinstance(state, Problem) else state.all_kept(kind)


async def find_noun(here: Installation, actor: Actor, kind: type[N], name: str) -> Kept[N] | Problem:
    state = await seen_gateway(here, actor, Operation.READ_GATEWAY)
    return state if isinstance(state, Problem) else state.kept(kind, name) or missing(KINDS[kind], name)


async def create_noun(here: Installation, actor: Actor, noun: N) -> Kept[N] | Problem:
    kind, name = place_of(noun)

    def decide(state: State) -> Wanted | Problem:
        for one, other in state.records:
            if one is kind and other.casefold() == name.casefold():
                return taken(f"There is the {did.NOUNS[kind]} {other} already.", "name")
        return Wanted(activity=did.adding(kind), put=(noun,))

    return answered(await change_gateway(here, actor, decide), noun)


async def change_noun(
    here: Installation, actor: Actor, kind: type[N], name: str, changed: Changed[N], seen: int | None = None
) -> Kept[N] | Problem:
    """Its name stays."""

    def decide(state: State) -> Wanted | Problem:
        before = state.find(kind, name)
        if before is None:
            return missing(KINDS[kind], name)
        after = outdated(state, (KINDS[kind], name), seen) or changed(without_secrets(before))
        if isinstance(after, Problem):
            return after
        if record_id(after) != name:
            return taken("What it is known by cannot be changed: create another.", "name")
        return Wanted(activity=did.changing(KINDS[kind]), put=(with_kept_secrets(after, before),))

    state = await change_gateway(here, actor, decide)
    if isinstance(state, Problem):
        return await _explained(here, actor, (KINDS[kind], name), seen, state)
    return state.kept(kind, name) or missing(KINDS[kind], name)


async def delete_noun(
    here: Installation,
    actor: Actor,
    kind: RecordKind,
    name: str,
    seen: int | None = None,
    along: Callable[[State], Wanted | Problem] | None = None,
) -> Problem | None:
    """*along* is what goes, and changes, with it."""

    def decide(state: State) -> Wanted | Problem:
        place = (kind, name)
        if place not in state.records:
            return missing(kind, name)
        more = outdated(state, place, seen) or (Wanted(activity=did.deleting(kind)) if along is None else along(state))
        if isinstance(more, Problem):
            return more
        return Wanted(activity=did.deleting(kind), put=more.put, gone=(place, *more.gone), about=place)

    state = await change_gateway(here, actor, decide)
    return await _explained(here, actor, (kind, name), seen, state) if isinstance(state, Problem) else None


def answered(state: State | Problem, noun: N) -> Kept[N] | Problem:
    if isinstance(state, Problem):
        return state
    kind, name = place_of(noun)
    return state.kept(type(noun), name) or missing(kind, name)


def missing(kind: RecordKind, name: str) -> Problem:
    return not_found(did.NOUNS[kind], name)


def outdated(state: State, place: Place, seen: int | None) -> Problem | None:
    return stale() if seen is not None and state.records[place].version != seen else None


async def _explained(here: Installation, actor: Actor, place: Place, seen: int | None, problem: Problem) -> Problem:
    """Whoever is told that somebody was quicker is told who, and what changed."""
    if problem.status != 412:
        return problem
    record = await here.store.find_entity(GatewayRecord, (actor.tenant_id, *place))
    return (record and await refuse_stale(here, record, seen)) or problem


def places(state: State, kind: RecordKind, prefix: str) -> tuple[Place, ...]:
    """Of what is known by its owner's name, with or without its own."""
    return tuple(one for one in state.records if one[0] is kind and f"{one[1]}/".startswith(f"{prefix}/"))

"""Bring the gateway to what a file says: read, compare, show, then write all of it or nothing."""

from collections.abc import Iterator, Mapping

from attrs import frozen

from entrada.core.directory.administration import gateway_activities as did
from entrada.core.directory.administration.actor import Actor
from entrada.core.directory.administration.problem import Problem
from entrada.core.directory.document.diff import Diff
from entrada.core.directory.document.fault import Fault
from entrada.core.directory.document.tree import Position
from entrada.core.directory.gateway_record import RecordKind
from entrada.core.directory.graph.json_members import written_moment
from entrada.core.gateway.advice import Surroundings
from entrada.core.gateway.check import checked_text
from entrada.core.gateway.entities.subscription import Subscription
from entrada.core.gateway.refusal import PolicyRefused
from entrada.server.usecases.gateway.change import change_gateway
from entrada.server.usecases.gateway.differences import differences
from entrada.server.usecases.gateway.file.read import Beside, read_gateway_file
from entrada.server.usecases.gateway.file.said import Asked
from entrada.server.usecases.gateway.outcome import Outcome, Wanted, outcome, outcome_unchecked, problems_of, refusals
from entrada.server.usecases.gateway.records import Noun, Policy
from entrada.server.usecases.gateway.secrecy import with_kept_secrets
from entrada.server.usecases.gateway.state import State, load_state, own_gateway, place_of
from entrada.server.usecases.gateway.subscriptions import with_made_keys
from entrada.server.usecases.installation import Installation

_BLAMED = 200  # nouns of a file that are each left out once, to see which of them a fault is of


@frozen
class GatewayPlan:
    """What applying the file would do."""

    asked: Asked
    diff: Diff
    prune: bool
    warnings: tuple[Fault, ...] = ()  # of policies that may be, and probably should not


@frozen
class GatewayFileRefused:
    """Nothing was changed.  Every fault names its line and column."""

    faults: tuple[Fault, ...]


async def plan_gateway(
    here: Installation, actor: Actor, text: str, beside: Beside, environment: Mapping[str, str], *, prune: bool = False
) -> GatewayPlan | GatewayFileRefused | Problem:
    """*prune*: what the file does not name goes."""
    place = own_gateway(here, actor)
    if isinstance(place, Problem):
        return place
    state = await load_state(here, place.tenant_id)
    asked = read_gateway_file(text, beside, environment, lambda name: _created(here, state, name))
    if not isinstance(asked, Asked):
        return GatewayFileRefused(asked)
    wanted = _wanted(here, state, asked, prune=prune)
    found = outcome_unchecked(here, state, wanted)
    faults = tuple(sorted({*asked.faults, *_faults(here, state, asked, wanted, found)}))
    if faults:
        return GatewayFileRefused(faults)
    diff = differences(found.changes, len(asked.said))
    return GatewayPlan(asked, diff, prune, tuple(_warnings(here, asked, found)))


async def apply_gateway(here: Installation, actor: Actor, plan: GatewayPlan) -> State | Problem:
    """On the gateway as it is by now."""
    return await change_gateway(here, actor, lambda state: _wanted(here, state, plan.asked, prune=plan.prune))


def _created(here: Installation, state: State, name: str) -> str:
    known = state.find(Subscription, name)
    return written_moment(known.created_date if known else here.clock())


def _wanted(here: Installation, state: State, asked: Asked, *, prune: bool) -> Wanted:
    put = tuple(_put(here, state, one.noun) for one in asked.said)
    named = {place_of(one) for one in put}
    gone = tuple(one for one in state.records if one not in named) if prune else ()
    return Wanted(activity=did.APPLY_FILE, put=put, gone=gone)


def _put(here: Installation, state: State, noun: Noun) -> Noun:
    before = state.nouns.get(place_of(noun))
    kept = noun if before is None else with_kept_secrets(noun, before)
    return with_made_keys(here, kept) if isinstance(kept, Subscription) else kept


# ---- what is wrong ----


def _faults(here: Installation, state: State, asked: Asked, wanted: Wanted, found: Outcome) -> Iterator[Fault]:
    """Of every kind; what cannot be read makes no second fault of what would follow from it."""
    told = {one.at for one in asked.faults}
    own = [
        Fault(asked.where(said, broken.target), broken.message)
        for said, noun in zip(asked.said, wanted.put, strict=True)
        for broken in problems_of(noun)
    ]
    yield from (one for one in own if one.at not in told)
    for problem in refusals(state, found, wanted):
        if isinstance(problem, PolicyRefused):
            yield from _in_policies(asked, problem) if asked.knows_values else ()
        elif not (own or asked.faults):
            for message in [one.message for one in problem.details] or [problem.message]:
                yield Fault(_blamed(here, state, asked, wanted, message), message)


def _in_policies(asked: Asked, refused: PolicyRefused) -> Iterator[Fault]:
    for one in refused.faults:
        said = asked.of((RecordKind.POLICY, one.scope.path))
        if said is not None:
            yield asked.in_policy(said, one.fault)
        else:
            yield Fault(Position(1, 1), f"The stored policies of {one.scope.path} would break at {one.fault}")


def _blamed(here: Installation, state: State, asked: Asked, wanted: Wanted, message: str) -> Position:
    """The last of the file without which nobody would say so."""
    for number in reversed(range(min(len(wanted.put), _BLAMED))):
        less = Wanted(activity=wanted.activity, put=(*wanted.put[:number], *wanted.put[number + 1 :]), gone=wanted.gone)
        found = outcome(here, state, less)
        told = [found.message, *(one.message for one in found.details)] if isinstance(found, Problem) else []
        if message not in told:
            return asked.where(asked.said[number])
    return Position(1, 1)


# ---- what is unwise ----


def _warnings(here: Installation, asked: Asked, found: Outcome) -> Iterator[Fault]:
    after = found.after.configuration
    values = after.values_in_policies
    for said in asked.said:
        if isinstance(said.noun, Policy):
            scope = said.noun.scope
            around = Surroundings(authority=here.origin, has_subscriptions=after.asks_for_subscriptions(scope))
            for one in checked_text(said.noun.text, scope.name, values, around).warnings:
                yield asked.in_policy(said, one)

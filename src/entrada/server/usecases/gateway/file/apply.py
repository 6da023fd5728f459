"""Bring the gateway to what a file says: read, compare, show, then write all of it or nothing."""

from collections.abc import Iterator, Mapping

from attrs import frozen

from entrada.core.directory.administration import gateway_activities as did
from entrada.core.directory.administration.actor import Actor
from entrada.core.directory.administration.audit import modified
from entrada.core.directory.administration.problem import Problem
from entrada.core.directory.document.diff import Diff, Difference
from entrada.core.directory.document.fault import Fault
from entrada.core.directory.document.tree import Position
from entrada.core.directory.gateway_record import GatewayRecord, RecordKind
from entrada.core.directory.graph.json_members import written_moment
from entrada.core.gateway.entities.subscription import Subscription
from entrada.core.gateway.refusal import PolicyRefused
from entrada.server.usecases.gateway.change import change_gateway
from entrada.server.usecases.gateway.file.read import Beside, read_gateway_file
from entrada.server.usecases.gateway.file.said import Asked
from entrada.server.usecases.gateway.outcome import Wanted, outcome, outcome_unchecked, problems_of
from entrada.server.usecases.gateway.records import Noun
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
    faults = tuple(sorted(_faults(here, state, asked, wanted)))
    return GatewayFileRefused(faults) if faults else GatewayPlan(asked, _diff(here, state, asked, wanted), prune)


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


def _faults(here: Installation, state: State, asked: Asked, wanted: Wanted) -> Iterator[Fault]:
    own = [
        Fault(asked.where(said, broken.target), broken.message)
        for said, noun in zip(asked.said, wanted.put, strict=True)
        for broken in problems_of(noun)
    ]
    if own:
        yield from own
        return
    found = outcome(here, state, wanted)
    if isinstance(found, PolicyRefused):
        yield from _in_policies(asked, found)
    elif isinstance(found, Problem):
        for message in [one.message for one in found.details] or [found.message]:
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


# ---- what would change ----


def _diff(here: Installation, state: State, asked: Asked, wanted: Wanted) -> Diff:
    changes = outcome_unchecked(here, state, wanted).changes
    added, changed, removed = list[Difference](), list[Difference](), list[Difference]()
    for one in changes:
        if one.after is None:
            removed.append(Difference(_label(one.before)))
        elif one.before is None:
            added.append(Difference(_label(one.after)))
        else:
            names = tuple(each.display_name for each in modified(one.before, one.after))
            changed.append(Difference(_label(one.after), names))
    same = len(asked.said) - len(added) - len(changed)
    return Diff(added=tuple(added), changed=tuple(changed), removed=tuple(removed), unchanged=same)


def _label(record: object) -> str:
    if not isinstance(record, GatewayRecord):
        return ""
    if record.kind is RecordKind.POLICY:
        return record.display_name
    return f"{did.NOUNS[record.kind]} {record.id}"

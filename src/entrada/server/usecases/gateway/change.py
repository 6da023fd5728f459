"""Change the gateway: look at all of it, decide, check that it still fits together, write with its audit row."""

from collections.abc import Callable, Iterator
from typing import cast

from attrs import evolve

from entrada.core.directory.administration.actor import Actor
from entrada.core.directory.administration.change import Change, Deed
from entrada.core.directory.administration.may import may
from entrada.core.directory.administration.operations import Operation
from entrada.core.directory.administration.problem import Problem
from entrada.core.directory.gateway_record import GatewayRecord, RecordKind
from entrada.core.protocol.effects import Effect, PutEntity, RemoveEntity
from entrada.server.usecases.administer.carry_out import Beyond, carry_out
from entrada.server.usecases.gateway.outcome import Wanted, outcome
from entrada.server.usecases.gateway.state import REVISION, State, load_state, own_gateway
from entrada.server.usecases.installation import Installation

Decide = Callable[[State], Wanted | Problem]


async def change_gateway(
    here: Installation, actor: Actor, decide: Decide, permission: Operation = Operation.CHANGE_GATEWAY
) -> State | Problem:
    """The gateway afterwards.  *decide* is asked anew where somebody was quicker, and touches the actor's own alone
    where *permission* is of those.
    """

    async def decided() -> Beyond[State] | Problem:
        place = own_gateway(here, actor)
        refused = may(actor, permission, itself=True) or (place if isinstance(place, Problem) else None)
        if refused is not None or isinstance(place, Problem):
            return cast("Problem", refused)
        before = await load_state(here, place.tenant_id)
        wanted = decide(before)
        return wanted if isinstance(wanted, Problem) else _deed(here, before, wanted)

    return await carry_out(here, actor, decided)


def _deed(here: Installation, before: State, wanted: Wanted) -> Beyond[State] | Problem:
    found = outcome(here, before, wanted)
    if isinstance(found, Problem):
        return found
    first = found.about(wanted)
    along = tuple(one for one in found.changes if one is not first)
    deed = Deed(answer=found.after, activity=wanted.activity, changes=(first,) if first else (), along=along)
    return Beyond(deed, (*_effects(along), _raised(before)) if first else ())


def _effects(changes: tuple[Change, ...]) -> Iterator[Effect]:
    for one in changes:
        if one.after is not None:
            yield PutEntity(evolve(one.after, version=0 if one.before is None else one.before.version))
        elif one.before is not None:
            yield RemoveEntity(one.before)


def _raised(before: State) -> PutEntity:
    """Of two who rest on the same configuration one is told to look again."""
    new = GatewayRecord(
        tenant_id=before.tenant_id, kind=RecordKind.REVISION, id=REVISION, display_name=REVISION, content="{}"
    )
    return PutEntity(before.revision or new)

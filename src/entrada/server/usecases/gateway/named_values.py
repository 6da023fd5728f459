"""Named values: list, find, create, change, delete; a change that breaks a policy is refused.  Section 13.5."""

from entrada.core.directory.administration.actor import Actor
from entrada.core.directory.administration.operations import Operation
from entrada.core.directory.administration.problem import Problem
from entrada.core.directory.gateway_record import RecordKind
from entrada.core.gateway.entities.named_value import NamedValue
from entrada.server.usecases.gateway.kept import Kept
from entrada.server.usecases.gateway.nouns import (
    Changed,
    change_noun,
    create_noun,
    delete_noun,
    find_noun,
    list_nouns,
    missing,
    seen_gateway,
)
from entrada.server.usecases.gateway.secrets_shown import ValueOfName
from entrada.server.usecases.installation import Installation


async def list_named_values(here: Installation, actor: Actor) -> tuple[Kept[NamedValue], ...] | Problem:
    return await list_nouns(here, actor, NamedValue)


async def find_named_value(here: Installation, actor: Actor, name: str) -> Kept[NamedValue] | Problem:
    return await find_noun(here, actor, NamedValue, name)


async def create_named_value(here: Installation, actor: Actor, value: NamedValue) -> Kept[NamedValue] | Problem:
    return await create_noun(here, actor, value)


async def change_named_value(
    here: Installation, actor: Actor, name: str, changed: Changed[NamedValue], seen: int | None = None
) -> Kept[NamedValue] | Problem:
    return await change_noun(here, actor, NamedValue, name, changed, seen)


async def delete_named_value(here: Installation, actor: Actor, name: str, seen: int | None = None) -> Problem | None:
    """Refused while a policy names it."""
    return await delete_noun(here, actor, RecordKind.NAMED_VALUE, name, seen)


async def named_value_secret(here: Installation, actor: Actor, name: str) -> ValueOfName | Problem:
    """For whoever may change the gateway."""
    state = await seen_gateway(here, actor, Operation.CHANGE_GATEWAY)
    if isinstance(state, Problem):
        return state
    found = state.find(NamedValue, name)
    return missing(RecordKind.NAMED_VALUE, name) if found is None else ValueOfName(found.value)

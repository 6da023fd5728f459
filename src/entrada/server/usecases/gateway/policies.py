"""Policy documents of the gateway, as their authors wrote them: one at most of each scope.  Sections 1 and 13.5."""

from collections.abc import Mapping

from entrada.core.directory.administration import gateway_activities as did
from entrada.core.directory.administration.actor import Actor
from entrada.core.directory.administration.operations import Operation
from entrada.core.directory.administration.problem import Problem, stale
from entrada.core.directory.gateway_record import RecordKind
from entrada.core.gateway.configuration import PolicyScope
from entrada.core.gateway.document.fault import Faults
from entrada.core.gateway.policy_document import read_document
from entrada.server.usecases.gateway.change import change_gateway
from entrada.server.usecases.gateway.kept import Kept
from entrada.server.usecases.gateway.nouns import answered, delete_noun, find_noun, list_nouns, outdated, seen_gateway
from entrada.server.usecases.gateway.outcome import Wanted
from entrada.server.usecases.gateway.records import Policy
from entrada.server.usecases.gateway.state import State
from entrada.server.usecases.installation import Installation


async def list_policies(here: Installation, actor: Actor) -> Mapping[PolicyScope, Kept[Policy]] | Problem:
    found = await list_nouns(here, actor, Policy)
    return found if isinstance(found, Problem) else {one.noun.scope: one for one in found}


async def find_policy(here: Installation, actor: Actor, scope: PolicyScope) -> Kept[Policy] | Problem:
    return await find_noun(here, actor, Policy, scope.path)


async def save_policy(
    here: Installation, actor: Actor, scope: PolicyScope, text: str, seen: int | None = None
) -> Kept[Policy] | Problem:
    """A document with faults is refused with all of them: `core.gateway.refusal.PolicyRefused`.

    *seen* is 0 for who saw none.
    """
    policy, place = Policy(scope=scope, text=text), (RecordKind.POLICY, scope.path)

    def decide(state: State) -> Wanted | Problem:
        if place not in state.records:
            return stale() if seen else Wanted(activity=did.adding(RecordKind.POLICY), put=(policy,))
        old = outdated(state, place, seen)
        return old or Wanted(activity=did.changing(RecordKind.POLICY), put=(policy,))

    return answered(await change_gateway(here, actor, decide), policy)


async def delete_policy(
    here: Installation, actor: Actor, scope: PolicyScope, seen: int | None = None
) -> Problem | None:
    """The scope goes on as if nothing had been written for it."""
    return await delete_noun(here, actor, RecordKind.POLICY, scope.path, seen)


async def check_policy(here: Installation, actor: Actor, scope: PolicyScope, text: str) -> Faults | Problem:
    """What saving it would be refused for, and nothing is saved."""
    state = await seen_gateway(here, actor, Operation.READ_GATEWAY)
    if isinstance(state, Problem):
        return state
    return read_document(text, scope.name, state.configuration.values_in_policies).faults

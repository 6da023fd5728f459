"""Subscriptions and their keys, as administrators handle them.  Gateway reference section 13.4."""

from attrs import evolve, frozen

from entrada.core.directory.administration import gateway_activities as did
from entrada.core.directory.administration.actor import Actor
from entrada.core.directory.administration.operations import Operation
from entrada.core.directory.administration.problem import Problem
from entrada.core.directory.gateway_record import RecordKind
from entrada.core.gateway.entities.ids import SubscriptionId
from entrada.core.gateway.entities.subscription import State as Standing
from entrada.core.gateway.entities.subscription import Subscription
from entrada.core.jose.numeric_date import NumericDate
from entrada.server.usecases.gateway.change import change_gateway
from entrada.server.usecases.gateway.kept import Kept
from entrada.server.usecases.gateway.nouns import (
    Changed,
    change_noun,
    create_noun,
    delete_noun,
    find_noun,
    list_nouns,
    missing,
    outdated,
    seen_gateway,
)
from entrada.server.usecases.gateway.outcome import Wanted
from entrada.server.usecases.gateway.secrets_shown import SubscriptionKeys
from entrada.server.usecases.gateway.state import State
from entrada.server.usecases.installation import Installation

_KEY_BYTES = 16  # as Azure's: 32 hexadecimal digits


@frozen(kw_only=True)
class NewSubscription:
    """*id* empty: one is made; as are keys that are not given."""

    id: str = ""
    display_name: str
    scope: str  # /products/{id}, /apis/{id}, or /apis for all
    owner_id: str | None = None
    state: Standing = Standing.ACTIVE
    primary_key: str = ""
    secondary_key: str = ""


async def list_subscriptions(here: Installation, actor: Actor) -> tuple[Kept[Subscription], ...] | Problem:
    """Without their keys."""
    return await list_nouns(here, actor, Subscription)


async def find_subscription(here: Installation, actor: Actor, name: str) -> Kept[Subscription] | Problem:
    return await find_noun(here, actor, Subscription, name)


async def create_subscription(here: Installation, actor: Actor, new: NewSubscription) -> Kept[Subscription] | Problem:
    return await create_noun(here, actor, made(here, new))


async def change_subscription(
    here: Installation, actor: Actor, name: str, changed: Changed[Subscription], seen: int | None = None
) -> Kept[Subscription] | Problem:
    """Keys that *changed* leaves empty stay."""
    return await change_noun(here, actor, Subscription, name, changed, seen)


async def set_state(
    here: Installation, actor: Actor, name: str, standing: Standing, comment: str = "", seen: int | None = None
) -> Kept[Subscription] | Problem:
    """Approve, reject, suspend, cancel, make active again."""
    now = here.clock()

    def changed(before: Subscription) -> Subscription:
        return standing_at(before, standing, now, comment)

    return await change_noun(here, actor, Subscription, name, changed, seen)


async def delete_subscription(here: Installation, actor: Actor, name: str, seen: int | None = None) -> Problem | None:
    return await delete_noun(here, actor, RecordKind.SUBSCRIPTION, name, seen)


async def regenerate_primary_key(
    here: Installation, actor: Actor, name: str, seen: int | None = None
) -> Kept[Subscription] | Problem:
    """The key before it works no longer; the other one goes on."""
    key = new_key(here)
    return await _regenerate(here, actor, name, lambda one: evolve(one, primary_key=key), seen)


async def regenerate_secondary_key(
    here: Installation, actor: Actor, name: str, seen: int | None = None
) -> Kept[Subscription] | Problem:
    key = new_key(here)
    return await _regenerate(here, actor, name, lambda one: evolve(one, secondary_key=key), seen)


async def subscription_keys(here: Installation, actor: Actor, name: str) -> SubscriptionKeys | Problem:
    """For its owner, and for whoever may change the gateway."""
    state = await seen_gateway(here, actor, Operation.USE_OWN_SUBSCRIPTIONS)
    if isinstance(state, Problem) or not is_own(actor, state.find(Subscription, name)):
        state = await seen_gateway(here, actor, Operation.CHANGE_GATEWAY)
    if isinstance(state, Problem):
        return state
    found = state.find(Subscription, name)
    if found is None:
        return missing(RecordKind.SUBSCRIPTION, name)
    return SubscriptionKeys(found.primary_key, found.secondary_key)


def is_own(actor: Actor, subscription: Subscription | None) -> bool:
    return subscription is not None and actor.user is not None and subscription.owner_id == actor.user.id


def new_key(here: Installation) -> str:
    return here.entropy(_KEY_BYTES).hex()


def with_made_keys(here: Installation, subscription: Subscription) -> Subscription:
    """In place of those that nobody gave."""
    keys = (subscription.primary_key or new_key(here), subscription.secondary_key or new_key(here))
    return evolve(subscription, primary_key=keys[0], secondary_key=keys[1])


def made(here: Installation, new: NewSubscription) -> Subscription:
    now = here.clock()
    new_one = Subscription(
        id=SubscriptionId(new.id or here.new_id()),
        display_name=new.display_name,
        scope=new.scope,
        primary_key=new.primary_key,
        secondary_key=new.secondary_key,
        state=new.state,
        owner_id=new.owner_id,
        created_date=now,
        start_date=now if new.state is Standing.ACTIVE else None,
    )
    return with_made_keys(here, new_one)


def standing_at(before: Subscription, standing: Standing, now: NumericDate, comment: str) -> Subscription:
    """It starts where it becomes active for the first time, and ends where it is cancelled or rejected."""
    begins = standing is Standing.ACTIVE and before.start_date is None
    ends = standing in (Standing.CANCELLED, Standing.REJECTED, Standing.EXPIRED)
    return evolve(
        before,
        state=standing,
        state_comment=comment,
        start_date=now if begins else before.start_date,
        end_date=now if ends else None,
    )


async def _regenerate(
    here: Installation, actor: Actor, name: str, changed: Changed[Subscription], seen: int | None
) -> Kept[Subscription] | Problem:
    own = await _own(here, actor, name)

    def decide(state: State) -> Wanted | Problem:
        before = state.find(Subscription, name)
        if before is None or (own and not is_own(actor, before)):
            return missing(RecordKind.SUBSCRIPTION, name)
        after = outdated(state, (RecordKind.SUBSCRIPTION, name), seen) or changed(before)
        return after if isinstance(after, Problem) else Wanted(activity=did.REGENERATE_KEY, put=(after,))

    permission = Operation.USE_OWN_SUBSCRIPTIONS if own else Operation.CHANGE_GATEWAY
    state = await change_gateway(here, actor, decide, permission)
    if isinstance(state, Problem):
        return state
    return state.kept(Subscription, name) or missing(RecordKind.SUBSCRIPTION, name)


async def _own(here: Installation, actor: Actor, name: str) -> bool:
    state = await seen_gateway(here, actor, Operation.USE_OWN_SUBSCRIPTIONS)
    return not isinstance(state, Problem) and is_own(actor, state.find(Subscription, name))

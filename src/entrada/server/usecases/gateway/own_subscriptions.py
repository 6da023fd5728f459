"""What developers do with subscriptions of their own: ask for one, see them, give them up.  Reference section 13.4."""

from attrs import evolve

from entrada.core.directory.administration import gateway_activities as did
from entrada.core.directory.administration.actor import Actor
from entrada.core.directory.administration.operations import Operation
from entrada.core.directory.administration.problem import Problem, bad, denied, over_quota
from entrada.core.directory.gateway_record import RecordKind
from entrada.core.directory.user import User
from entrada.core.gateway.entities.product import Product
from entrada.core.gateway.entities.product import State as Published
from entrada.core.gateway.entities.subscription import State as Standing
from entrada.core.gateway.entities.subscription import Subscription
from entrada.server.usecases.gateway.change import change_gateway
from entrada.server.usecases.gateway.kept import Kept
from entrada.server.usecases.gateway.nouns import answered, missing, seen_gateway
from entrada.server.usecases.gateway.outcome import Wanted
from entrada.server.usecases.gateway.state import Place, State
from entrada.server.usecases.gateway.subscriptions import NewSubscription, is_own, made, standing_at
from entrada.server.usecases.installation import Installation

MOST_OWN = 100
"""Of one developer in all products without a limit of their own; or one could fill the gateway."""
_LIVE = (Standing.ACTIVE, Standing.SUBMITTED, Standing.SUSPENDED)


async def list_own_subscriptions(here: Installation, actor: Actor) -> tuple[Kept[Subscription], ...] | Problem:
    """Without their keys, which `subscription_keys` shows."""
    state = await seen_gateway(here, actor, Operation.USE_OWN_SUBSCRIPTIONS)
    if isinstance(state, Problem):
        return state
    return tuple(one for one in state.all_kept(Subscription) if is_own(actor, one.noun))


async def request_subscription(
    here: Installation, actor: Actor, product_id: str, display_name: str
) -> Kept[Subscription] | Problem:
    """To a published product.  It is active at once, unless the product has each approved."""
    if actor.user is None:
        return denied("Only a person subscribes; an application uses the keys that somebody gives it.")
    owner = actor.user
    wanted = made(here, NewSubscription(display_name=display_name, scope=f"/products/{product_id}", owner_id=owner.id))
    waiting = evolve(wanted, state=Standing.SUBMITTED, start_date=None)

    def decide(state: State) -> Wanted | Problem:
        product = state.find(Product, product_id)
        if product is None or product.state is not Published.PUBLISHED:
            return missing(RecordKind.PRODUCT, product_id)
        refused = _refused(state, product, owner)
        put = waiting if product.approval_required else wanted
        given_up = _given_up(state, product, owner)
        return refused or Wanted(activity=did.REQUEST_SUBSCRIPTION, put=(put,), gone=given_up)

    return answered(await change_gateway(here, actor, decide, Operation.USE_OWN_SUBSCRIPTIONS), wanted)


async def cancel_own_subscription(here: Installation, actor: Actor, name: str) -> Kept[Subscription] | Problem:
    """Its keys stop working."""
    return await _change_own(here, actor, name, Standing.CANCELLED)


async def rename_own_subscription(
    here: Installation, actor: Actor, name: str, display_name: str
) -> Kept[Subscription] | Problem:
    return await _change_own(here, actor, name, None, display_name)


async def _change_own(
    here: Installation, actor: Actor, name: str, standing: Standing | None, display_name: str = ""
) -> Kept[Subscription] | Problem:
    now = here.clock()

    def decide(state: State) -> Wanted | Problem:
        before = state.find(Subscription, name)
        if before is None or not is_own(actor, before):
            return missing(RecordKind.SUBSCRIPTION, name)
        if standing is None:
            renamed = evolve(before, display_name=display_name)
            return Wanted(activity=did.changing(RecordKind.SUBSCRIPTION), put=(renamed,))
        cancelled = standing_at(before, standing, now, before.state_comment)
        return Wanted(activity=did.CANCEL_SUBSCRIPTION, put=(cancelled if before.state in _LIVE else before,))

    state = await change_gateway(here, actor, decide, Operation.USE_OWN_SUBSCRIPTIONS)
    if isinstance(state, Problem):
        return state
    return state.kept(Subscription, name) or missing(RecordKind.SUBSCRIPTION, name)


def _given_up(state: State, product: Product, owner: User) -> tuple[Place, ...]:
    """Those that were cancelled: one after the other they would fill the gateway.  The audit log keeps them."""
    return tuple(
        (RecordKind.SUBSCRIPTION, one.id)
        for one in state.configuration.subscriptions.values()
        if one.owner_id == owner.id and one.product_id == product.id and one.state is Standing.CANCELLED
    )


def _refused(state: State, product: Product, owner: User) -> Problem | None:
    if not product.subscription_required:
        return bad(f"{product.display_name} is open: it takes no subscription.", "scope")
    own = [one for one in state.configuration.subscriptions.values() if one.owner_id == owner.id and one.state in _LIVE]
    limit = product.subscriptions_limit
    if limit is not None and sum(one.product_id == product.id for one in own) >= limit:
        return over_quota(f"A person has at most {limit} subscriptions to {product.display_name}: cancel one first.")
    if len(own) >= MOST_OWN:
        return over_quota(f"A person has at most {MOST_OWN} subscriptions: cancel one first.")
    return None

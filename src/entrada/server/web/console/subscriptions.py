"""My subscriptions: keys shown to their owner, made anew, given up.  Gateway reference section 13.4."""

from urllib.parse import quote

from starlette.responses import Response

from entrada.core.directory.administration.problem import Problem, bad
from entrada.core.gateway.entities.subscription import State, Subscription, is_active
from entrada.server.usecases.gateway.own_subscriptions import (
    cancel_own_subscription,
    list_own_subscriptions,
    rename_own_subscription,
)
from entrada.server.usecases.gateway.secrets_shown import SubscriptionKeys
from entrada.server.usecases.gateway.subscriptions import (
    regenerate_primary_key,
    regenerate_secondary_key,
    subscription_keys,
)
from entrada.server.web.console.door import Developer, done, page, problem_page
from entrada.server.web.console.products import PRODUCTS, SUBSCRIPTIONS
from entrada.server.web.signed_in.form import Form

LIVE = (State.ACTIVE, State.SUBMITTED, State.SUSPENDED)
_AT = "subscriptions"


async def show_subscriptions(developer: Developer) -> Response:
    return await _shown(developer)


async def act(developer: Developer, form: Form) -> Response:
    """One deed on one's own subscription; whose it is, the use cases check."""
    name = developer.visitor.param("subscription")
    match form.get("do"):
        case "show":
            return await _with_keys(developer, name)
        case "primary" | "secondary" as which:
            return await _regenerated(developer, name, which)
        case "rename":
            return await _renamed(developer, name, form)
        case "cancel":
            return await _cancelled(developer, name)
        case _:
            return problem_page(developer.visitor, bad("This page does not do that. Nothing was changed."), at=_AT)


async def confirm_cancelling(developer: Developer) -> Response:
    name = developer.visitor.param("subscription")
    own = await list_own_subscriptions(developer.here, developer.visitor.actor)
    found = None if isinstance(own, Problem) else next((one.noun for one in own if one.noun.id == name), None)
    if found is None:
        return problem_page(developer.visitor, bad("You have no such subscription."), at=_AT)
    return page(
        developer.visitor,
        "console/cancel.html",
        title=f"Cancel {found.display_name}?",
        at=_AT,
        crumbs=(("My subscriptions", SUBSCRIPTIONS),),
        action=path_of_subscription(found),
        back=SUBSCRIPTIONS,
    )


def path_of_subscription(subscription: Subscription) -> str:
    return f"{SUBSCRIPTIONS}/{quote(subscription.id, safe='')}"


async def _with_keys(developer: Developer, name: str) -> Response:
    """In the answer to a form, which nobody can be led to and no history keeps."""
    keys = await subscription_keys(developer.here, developer.visitor.actor, name)
    if isinstance(keys, Problem):
        return problem_page(developer.visitor, keys, at=_AT)
    return await _shown(developer, (name, keys))


async def _regenerated(developer: Developer, name: str, which: str) -> Response:
    regenerate = regenerate_primary_key if which == "primary" else regenerate_secondary_key
    answer = await regenerate(developer.here, developer.visitor.actor, name)
    if isinstance(answer, Problem):
        return problem_page(developer.visitor, answer, at=_AT)
    return await _with_keys(developer, name)


async def _renamed(developer: Developer, name: str, form: Form) -> Response:
    wanted = form.get("displayName").strip()
    answer = await rename_own_subscription(developer.here, developer.visitor.actor, name, wanted)
    if isinstance(answer, Problem):
        return problem_page(developer.visitor, answer, at=_AT)
    return done(developer.visitor, SUBSCRIPTIONS, "The subscription has its new name.")


async def _cancelled(developer: Developer, name: str) -> Response:
    answer = await cancel_own_subscription(developer.here, developer.visitor.actor, name)
    if isinstance(answer, Problem):
        return problem_page(developer.visitor, answer, at=_AT)
    return done(developer.visitor, SUBSCRIPTIONS, "The subscription is cancelled: its keys work no longer.")


async def _shown(developer: Developer, keys: tuple[str, SubscriptionKeys] | None = None) -> Response:
    own = await list_own_subscriptions(developer.here, developer.visitor.actor)
    if isinstance(own, Problem):
        return problem_page(developer.visitor, own, at=_AT)
    active = {one.noun.id for one in own if is_active(one.noun, developer.here.clock())}
    return page(
        developer.visitor,
        "console/subscriptions.html",
        title="My subscriptions",
        at=_AT,
        subscriptions=[one.noun for one in own],
        active=active,
        live=LIVE,
        covered={one.noun.id: _covers(developer, one.noun) for one in own},
        of=path_of_subscription,
        shown=keys[0] if keys else None,
        keys=keys[1] if keys else None,
        products=PRODUCTS,
    )


def _covers(developer: Developer, one: Subscription) -> str:
    if one.product_id is not None:
        product = developer.configuration.products.get(one.product_id)
        return f"the product {product.display_name}" if product is not None else "a product that is gone"
    api = developer.configuration.apis.get(one.api_id) if one.api_id is not None else None
    return (
        f"the API {api.display_name}" if api is not None else "every API" if one.api_id is None else "no API any more"
    )

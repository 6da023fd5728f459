"""The subscriptions: all of them, those of a product, a new one, the keys and the standing of one."""

from collections.abc import Mapping
from typing import Final

from attrs import evolve, frozen
from starlette.responses import Response

from entrada.core.directory.administration.operations import Operation
from entrada.core.directory.administration.problem import Problem
from entrada.core.directory.ids import UserId
from entrada.core.gateway.entities.product import Product
from entrada.core.gateway.entities.subscription import ALL_APIS, State, Subscription, is_active
from entrada.server.usecases.administer.users import find_user
from entrada.server.usecases.gateway.secrets_shown import SubscriptionKeys
from entrada.server.usecases.gateway.subscriptions import (
    NewSubscription,
    change_subscription,
    create_subscription,
    delete_subscription,
    regenerate_primary_key,
    regenerate_secondary_key,
    set_state,
    subscription_keys,
)
from entrada.server.web.portal.deeds import deed_of
from entrada.server.web.portal.gateway.apis import APIS
from entrada.server.web.portal.gateway.desk import STALE, Desk, Question, ask, finished, refused, room, show
from entrada.server.web.portal.gateway.products import PRODUCTS
from entrada.server.web.portal.gateway.shelf import Part, Shelf, listed
from entrada.server.web.signed_in.form import Form

SUBSCRIPTIONS: Final = Shelf[Subscription](
    word="subscription",
    title="Subscriptions",
    path="subscriptions",
    kind=Subscription,
    pages=(("Settings", "/settings"),),
)
SHOWN: Final = (
    ("", "All"),
    ("active", "Active"),
    ("submitted", "Waiting for approval"),
    ("ended", "Suspended, cancelled, rejected, expired"),
)
_ENDED: Final = (State.SUSPENDED, State.CANCELLED, State.REJECTED, State.EXPIRED)
_SHOWS: Final[Mapping[str, tuple[State, ...]]] = {
    "active": (State.ACTIVE,),
    "submitted": (State.SUBMITTED,),
    "ended": _ENDED,
}
STATES: Final = {
    State.ACTIVE: ("Active", "good"),
    State.SUBMITTED: ("Waiting for approval", "warn"),
    State.SUSPENDED: ("Suspended", "bad"),
    State.CANCELLED: ("Cancelled", "bad"),
    State.REJECTED: ("Rejected", "bad"),
    State.EXPIRED: ("Expired", "bad"),
}


@frozen(kw_only=True)
class Row:
    one: Subscription
    scope: str
    scope_path: str | None
    state: tuple[str, str]
    owner: str


async def show_all(desk: Desk) -> Response:
    shown = desk.visitor.query("show")
    states = _SHOWS.get(shown, tuple(State))
    part = listed(desk, [one for one in SUBSCRIPTIONS.all(desk) if one.state in states])
    return room(
        desk,
        "subscriptions.html",
        SUBSCRIPTIONS.title,
        part=part,
        rows=await _rows(desk, part),
        show=shown if shown in _SHOWS else "",
        choices=SHOWN,
    )


async def of_product(desk: Desk, product: Product) -> Response:
    part = listed(desk, [one for one in SUBSCRIPTIONS.all(desk) if one.product_id == product.id])
    rows = await _rows(desk, part)
    return PRODUCTS.page(desk, product, "product_subscriptions.html", "Subscriptions", part=part, rows=rows)


async def _rows(desk: Desk, part: Part[Subscription]) -> list[Row]:
    return [await row_of(desk, one) for one in part.rows]


async def row_of(desk: Desk, one: Subscription) -> Row:
    name, path = _scope(desk, one)
    over = one.state is State.ACTIVE and not is_active(one, desk.here.clock())
    state = ("Not in its time", "warn") if over else STATES[one.state]
    return Row(one=one, scope=name, scope_path=path, state=state, owner=await _owner(desk, one.owner_id))


def _scope(desk: Desk, one: Subscription) -> tuple[str, str | None]:
    if one.product_id is not None:
        product = desk.configuration.products.get(one.product_id)
        return f"Product: {product.display_name if product else one.product_id}", PRODUCTS.path_of(one.product_id)
    if one.api_id is not None:
        api = desk.configuration.apis.get(one.api_id)
        return f"API: {api.display_name if api else one.api_id}", APIS.path_of(one.api_id)
    return "All APIs", None


async def _owner(desk: Desk, owner_id: str | None) -> str:
    if owner_id is None:
        return ""
    user = await desk.here.store.find_user(desk.place.tenant_id, UserId(owner_id))
    return user.user_principal_name if user else owner_id


async def start(desk: Desk, problem: Problem | None = None, entered: Form | None = None) -> Response:
    asked = desk.visitor.query("scope")
    return show(
        desk,
        "subscription_new.html",
        title="Add a subscription",
        crumbs=[SUBSCRIPTIONS.crumb],
        problem=problem,
        entered=entered,
        scopes=_scopes(desk),
        asked=asked,
    )


def _scopes(desk: Desk) -> list[tuple[str, str]]:
    return [
        *((f"/products/{one.id}", f"Product: {one.display_name}") for one in PRODUCTS.all(desk)),
        *((f"/apis/{one.id}", f"API: {one.display_name}") for one in APIS.all(desk)),
        (ALL_APIS, "All APIs"),
    ]


async def create(desk: Desk, form: Form) -> Response:
    owner = await _named(desk, form)
    if isinstance(owner, Problem):
        return await start(desk, owner, form)
    new = NewSubscription(
        id=form.text("name") or "",
        display_name=form.get("displayName").strip(),
        scope=form.get("scope"),
        owner_id=owner,
    )
    made = await create_subscription(desk.here, desk.actor, new)
    if isinstance(made, Problem):
        return await start(desk, made, form)
    return finished(desk, SUBSCRIPTIONS.path_of(made.noun.id), "The subscription is added, with two keys.")


async def _named(desk: Desk, form: Form) -> str | Problem | None:
    """The id of the owner, whom the form names by user name or id; None: nobody in particular."""
    name = form.text("ownerId")
    if name is None:
        return None
    user = await find_user(desk.here, desk.actor, name)
    return evolve(user, target="ownerId") if isinstance(user, Problem) else user.id


async def overview(desk: Desk, one: Subscription) -> Response:
    return await _overview(desk, one)


async def _overview(
    desk: Desk, one: Subscription, *, keys: SubscriptionKeys | None = None, problem: Problem | None = None
) -> Response:
    row = await row_of(desk, one)
    return SUBSCRIPTIONS.page(
        desk,
        one,
        "subscription.html",
        problem=problem,
        row=row,
        keys=keys,
        deeds=[(word, each) for word, each in _STANDINGS.items() if one.state in each.offered],
        reads_owners=desk.visitor.may(Operation.READ_USERS),
        names=_key_names(desk, one),
    )


def _key_names(desk: Desk, one: Subscription) -> tuple[str, str]:
    """Where callers put a key: as the API says, where the subscription is of one."""
    api = desk.configuration.apis.get(one.api_id) if one.api_id is not None else None
    names = api.subscription_key_parameter_names if api else None
    return (names.header, names.query) if names else ("Ocp-Apim-Subscription-Key", "subscription-key")


async def show_keys(desk: Desk, one: Subscription, form: Form) -> Response:
    """The answer itself shows them: no address leads to it, and no list holds them."""
    keys = await subscription_keys(desk.here, desk.actor, one.id)
    if isinstance(keys, Problem):
        return await _overview(desk, one, problem=keys)
    return await _overview(desk, one, keys=keys)


_KEYS: Final = {
    "primary": ("Regenerate the primary key", regenerate_primary_key),
    "secondary": ("Regenerate the secondary key", regenerate_secondary_key),
}


async def ask_to_regenerate(desk: Desk, one: Subscription, problem: Problem | None = None) -> Response:
    which = "secondary" if desk.visitor.query("key") == "secondary" else "primary"
    other = "primary" if which == "secondary" else "secondary"
    asked = Question(
        title=f"{_KEYS[which][0]}?",
        question=f"Whoever calls with the {which} key of {one.display_name} is refused from then on.",
        consequences=[f"The {other} key goes on working: let callers change over to it first, and nobody notices."],
        label="Regenerate",
        back=SUBSCRIPTIONS.path_of(one.id),
        crumbs=[SUBSCRIPTIONS.crumb, (one.display_name, SUBSCRIPTIONS.path_of(one.id))],
        seen=SUBSCRIPTIONS.seen(desk, one),
        fields={"do": which},
    )
    return ask(desk, asked, problem)


async def regenerate(desk: Desk, one: Subscription, form: Form) -> Response:
    found = deed_of(form, _KEYS)
    if isinstance(found, Problem):
        return await ask_to_regenerate(desk, one, found)
    answer = await found[1](desk.here, desk.actor, one.id, form.seen)
    if isinstance(answer, Problem):
        return await ask_to_regenerate(desk, one, answer)
    which = form.get("do")
    said = f"The {which} key is regenerated: the one before it opens nothing any more."
    return finished(desk, SUBSCRIPTIONS.path_of(one.id), said)


@frozen
class Standing:
    """A button: what it is called, in which states it stands there, and what it leads to."""

    label: str
    offered: tuple[State, ...]
    leads_to: State
    said: str
    danger: bool = False


_WORKS: Final = "Its keys work now."
_OPENS_NOTHING: Final = "Its keys open nothing now."
_STANDINGS: Final = {
    "approve": Standing("Approve", (State.SUBMITTED,), State.ACTIVE, f"It is approved. {_WORKS}"),
    "reject": Standing("Reject", (State.SUBMITTED,), State.REJECTED, f"It is rejected. {_OPENS_NOTHING}", danger=True),
    "activate": Standing("Activate", _ENDED, State.ACTIVE, f"It is active. {_WORKS}"),
    "suspend": Standing("Suspend", (State.ACTIVE,), State.SUSPENDED, f"It is suspended. {_OPENS_NOTHING}", danger=True),
    "cancel": Standing(
        "Cancel it",
        (State.ACTIVE, State.SUSPENDED),
        State.CANCELLED,
        f"It is cancelled. {_OPENS_NOTHING}",
        danger=True,
    ),
}


async def switch(desk: Desk, one: Subscription, form: Form) -> Response:
    deed = deed_of(form, _STANDINGS)
    if isinstance(deed, Problem):
        return await _overview(desk, one, problem=deed)
    comment = form.get("comment").strip()
    answer = await set_state(desk.here, desk.actor, one.id, deed.leads_to, comment, form.seen)
    if isinstance(answer, Problem):
        return await _overview(desk, one, problem=answer)
    return finished(desk, SUBSCRIPTIONS.path_of(one.id), deed.said)


async def settings(
    desk: Desk, one: Subscription, problem: Problem | None = None, entered: Form | None = None
) -> Response:
    return SUBSCRIPTIONS.page(
        desk,
        one,
        "subscription_settings.html",
        "Settings",
        problem=problem,
        entered=entered,
        owner=await _owner(desk, one.owner_id),
        scopes=_scopes(desk),
    )


async def save_settings(desk: Desk, one: Subscription, form: Form) -> Response:
    owner = await _named(desk, form)
    if isinstance(owner, Problem):
        return await settings(desk, one, owner, form)

    def changed(kept: Subscription) -> Subscription:
        name, scope = form.get("displayName").strip(), form.get("scope")
        return evolve(kept, display_name=name, scope=scope, owner_id=owner)

    answer = await change_subscription(desk.here, desk.actor, one.id, changed, form.seen)
    if isinstance(answer, Problem):
        return await settings(desk, one, answer, form)
    return finished(desk, SUBSCRIPTIONS.path_of(one.id, "/settings"), "The settings are saved.")


async def ask_to_delete(desk: Desk, one: Subscription, problem: Problem | None = None) -> Response:
    asked = Question(
        title=f"Delete {one.display_name}",
        question="Delete this subscription? Its keys open nothing any more.",
        consequences=["It cannot be brought back. To stop its keys for a while only, suspend it."],
        back=SUBSCRIPTIONS.path_of(one.id),
        crumbs=[SUBSCRIPTIONS.crumb, (one.display_name, SUBSCRIPTIONS.path_of(one.id))],
        seen=SUBSCRIPTIONS.seen(desk, one),
    )
    return ask(desk, asked, problem)


async def delete(desk: Desk, one: Subscription, form: Form) -> Response:
    answer = await delete_subscription(desk.here, desk.actor, one.id, form.seen)
    if isinstance(answer, Problem):
        stale = answer.status == STALE
        return await ask_to_delete(desk, one, answer) if stale else refused(desk, answer, [SUBSCRIPTIONS.crumb])
    return finished(desk, SUBSCRIPTIONS.crumb[1], f"The subscription {one.display_name} is deleted.")

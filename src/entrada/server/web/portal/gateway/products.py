"""The products: all of them, a new one, the APIs in one, whether it is published, who is subscribed, and its end."""

from typing import Final

from attrs import evolve
from starlette.responses import Response

from entrada.core.directory.administration.problem import Problem, bad
from entrada.core.gateway.entities.ids import ApiId, ProductId
from entrada.core.gateway.entities.product import Product, State
from entrada.core.gateway.entities.subscription import Subscription
from entrada.server.usecases.gateway.products import change_product, create_product, delete_product
from entrada.server.web.portal.gateway.apis import APIS, some_of
from entrada.server.web.portal.gateway.desk import STALE, Desk, Question, ask, finished, refused, room, show
from entrada.server.web.portal.gateway.naming import id_of
from entrada.server.web.portal.gateway.shelf import Shelf, listed
from entrada.server.web.signed_in.form import Form

PRODUCTS: Final = Shelf[Product](
    word="product",
    title="Products",
    path="products",
    kind=Product,
    pages=(("APIs", "/apis"), ("Subscriptions", "/subscriptions"), ("Settings", "/settings")),
    scope="products",
)


async def show_all(desk: Desk) -> Response:
    part = listed(desk, PRODUCTS.all(desk))
    rows = [(one, len(_subscribed(desk, one))) for one in part.rows]
    return room(desk, "products.html", PRODUCTS.title, part=part, rows=rows)


def _subscribed(desk: Desk, product: Product) -> list[Subscription]:
    return [one for one in desk.configuration.subscriptions.values() if one.product_id == product.id]


async def start(desk: Desk, problem: Problem | None = None, entered: Form | None = None) -> Response:
    return show(
        desk,
        "product_new.html",
        title="Add a product",
        crumbs=[PRODUCTS.crumb],
        problem=problem,
        entered=entered,
        apis=APIS.all(desk),
    )


async def create(desk: Desk, form: Form) -> Response:
    name = form.get("displayName").strip()
    blank = Product(id=ProductId(form.text("name") or id_of(name, "product")), display_name=name)
    product = _with_settings(blank, form)
    if not isinstance(product, Problem):
        state = State.PUBLISHED if form.has("published") else State.NOT_PUBLISHED
        apis = frozenset(map(ApiId, form.all("apis")))
        made = await create_product(desk.here, desk.actor, evolve(product, state=state, api_ids=apis))
        if not isinstance(made, Problem):
            return finished(desk, PRODUCTS.path_of(blank.id), f"The product {name} is added.")
        product = made
    return await start(desk, product, form)


def _with_settings(product: Product, form: Form) -> Product | Problem:
    limit = form.text("subscriptionsLimit")
    if limit is not None and not (limit.isascii() and limit.isdigit() and len(limit) < 9):
        return bad("The number of subscriptions of a person is 1 or more, or not limited.", "subscriptionsLimit")
    return evolve(
        product,
        display_name=form.get("displayName").strip(),
        description=form.get("description").strip(),
        terms=form.get("terms").strip(),
        subscription_required=form.has("subscriptionRequired"),
        approval_required=form.has("approvalRequired"),
        subscriptions_limit=int(limit) if limit is not None else None,
    )


async def overview(desk: Desk, product: Product) -> Response:
    apis = [one for one in APIS.all(desk) if one.id in product.api_ids]
    return PRODUCTS.page(desk, product, "product.html", apis=apis, subscribed=len(_subscribed(desk, product)))


async def settings(
    desk: Desk, product: Product, problem: Problem | None = None, entered: Form | None = None
) -> Response:
    return PRODUCTS.page(desk, product, "product_settings.html", "Settings", problem=problem, entered=entered)


async def save_settings(desk: Desk, product: Product, form: Form) -> Response:
    answer = await change_product(desk.here, desk.actor, product.id, lambda kept: _with_settings(kept, form), form.seen)
    if isinstance(answer, Problem):
        return await settings(desk, product, answer, form)
    return finished(desk, PRODUCTS.path_of(product.id, "/settings"), "The settings are saved.")


async def apis(desk: Desk, product: Product, problem: Problem | None = None, entered: Form | None = None) -> Response:
    known = APIS.all(desk)
    return PRODUCTS.page(desk, product, "product_apis.html", "APIs", problem=problem, entered=entered, apis=known)


async def save_apis(desk: Desk, product: Product, form: Form) -> Response:
    chosen = frozenset(map(ApiId, form.all("apis")))
    answer = await change_product(
        desk.here, desk.actor, product.id, lambda kept: evolve(kept, api_ids=chosen), form.seen
    )
    if isinstance(answer, Problem):
        return await apis(desk, product, answer, form)
    return finished(desk, PRODUCTS.path_of(product.id, "/apis"), "The APIs of the product are saved.")


async def switch(desk: Desk, product: Product, form: Form) -> Response:
    state = State.PUBLISHED if form.get("state") == State.PUBLISHED else State.NOT_PUBLISHED
    answer = await change_product(desk.here, desk.actor, product.id, lambda kept: evolve(kept, state=state), form.seen)
    if isinstance(answer, Problem):
        apis = [one for one in APIS.all(desk) if one.id in product.api_ids]
        subscribed = len(_subscribed(desk, product))
        return PRODUCTS.page(desk, product, "product.html", problem=answer, apis=apis, subscribed=subscribed)
    published = "The product is published: developers find it in the console."
    hidden = "The product is hidden from developers. Keys that they have go on working."
    return finished(desk, PRODUCTS.path_of(product.id), published if state is State.PUBLISHED else hidden)


async def ask_to_delete(desk: Desk, product: Product, problem: Problem | None = None) -> Response:
    subscribed = [one.display_name for one in _subscribed(desk, product)]
    along = f"Deleted with it: the subscriptions {some_of(subscribed)}, whose keys open nothing any more."
    asked = Question(
        title=f"Delete {product.display_name}",
        question="Delete this product? Its APIs stay.",
        consequences=[*([along] if subscribed else []), "Deleted with it: its policy document, if it has one."],
        back=PRODUCTS.path_of(product.id),
        crumbs=[PRODUCTS.crumb, (product.display_name, PRODUCTS.path_of(product.id))],
        seen=PRODUCTS.seen(desk, product),
        fields={"deleteSubscriptions": "true"} if subscribed else {},
    )
    return ask(desk, asked, problem)


async def delete(desk: Desk, product: Product, form: Form) -> Response:
    answer = await delete_product(
        desk.here, desk.actor, product.id, form.seen, with_subscriptions=form.has("deleteSubscriptions")
    )
    if isinstance(answer, Problem):
        again = answer.status in (STALE, 400)
        return await ask_to_delete(desk, product, answer) if again else refused(desk, answer, [PRODUCTS.crumb])
    return finished(desk, PRODUCTS.crumb[1], f"The product {product.display_name} is deleted.")

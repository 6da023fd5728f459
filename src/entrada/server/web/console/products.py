"""Products, and asking for a subscription to one.  Gateway reference sections 13.3, 13.4."""

from urllib.parse import quote

from starlette.responses import Response

from entrada.core.directory.administration.problem import Problem, not_found
from entrada.core.directory.portal import CONSOLE
from entrada.core.gateway.console.visible import published_products
from entrada.core.gateway.entities.product import Product
from entrada.core.gateway.entities.subscription import State
from entrada.server.usecases.gateway.own_subscriptions import request_subscription
from entrada.server.web.console.catalogue import path_of
from entrada.server.web.console.door import MENU, Developer, done, page, problem_page
from entrada.server.web.signed_in.form import Form

PRODUCTS, SUBSCRIPTIONS = MENU[1][2], MENU[2][2]


async def show_products(developer: Developer) -> Response:
    products = published_products(developer.configuration)
    return page(
        developer.visitor,
        "console/products.html",
        title="Products",
        at="products",
        products=products,
        of=path_of_product,
    )


async def show_product(developer: Developer) -> Response:
    return _shown(developer, None)


async def subscribe(developer: Developer, form: Form) -> Response:
    visitor, product = developer.visitor, _asked(developer)
    if isinstance(product, Problem):
        return problem_page(visitor, product, at="products")
    name = form.text("displayName") or product.display_name
    answer = await request_subscription(developer.here, visitor.actor, product.id, name)
    if isinstance(answer, Problem):
        return _shown(developer, answer)
    waits = answer.noun.state is State.SUBMITTED
    said = "An administrator has to approve it." if waits else "Its keys work at once."
    return done(visitor, SUBSCRIPTIONS, f"You asked for a subscription to {product.display_name}. {said}")


def path_of_product(product: Product) -> str:
    return f"{CONSOLE}/products/{quote(product.id, safe='')}"


def _asked(developer: Developer) -> Product | Problem:
    name = developer.visitor.param("product")
    found = (one for one in published_products(developer.configuration) if one.id == name)
    return next(found, None) or not_found("product", name)


def _shown(developer: Developer, problem: Problem | None) -> Response:
    product = _asked(developer)
    if isinstance(product, Problem):
        return problem_page(developer.visitor, product, at="products")
    apis = developer.configuration.apis
    return page(
        developer.visitor,
        "console/product.html",
        title=product.display_name,
        at="products",
        crumbs=(("Products", PRODUCTS),),
        problem=problem,
        product=product,
        action=f"{path_of_product(product)}/subscribe",
        apis=[apis[one] for one in sorted(product.api_ids) if one in apis],
        of=path_of,
    )

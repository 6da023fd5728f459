"""`/products`, and which APIs are in them."""

from typing import Final

from entrada.core.directory.administration.operations import Operation as Permission
from entrada.core.directory.administration.problem import Problem
from entrada.core.gateway.entities.product import Product
from entrada.server.usecases.gateway.apis import list_apis
from entrada.server.usecases.gateway.products import (
    add_to_product,
    change_product,
    create_product,
    delete_product,
    find_product,
    list_products,
    take_from_product,
)
from entrada.server.web.gateway_admin.apis import APIS
from entrada.server.web.gateway_admin.nouns import Noun
from entrada.server.web.gateway_admin.row import Call, Done, Reply, Row, Some

PRODUCTS: Final = Noun(
    kind=Product,
    path="/products",
    word="a product",
    words="The products",
    list=lambda call: list_products(call.here, call.actor),
    find=lambda call: find_product(call.here, call.actor, call.id),
    create=lambda call, one: create_product(call.here, call.actor, one),
    change=lambda call, changed: change_product(call.here, call.actor, call.id, changed, call.seen),
    delete=lambda call: delete_product(
        call.here,
        call.actor,
        call.id,
        call.seen,
        with_subscriptions=call.query.get("deleteSubscriptions") == "true",
    ),
    query={"deleteSubscriptions": "true: its subscriptions go with it."},
)


async def _apis(call: Call) -> Reply:
    product = await find_product(call.here, call.actor, call.id)
    if isinstance(product, Problem):
        return product
    found = await list_apis(call.here, call.actor)
    if isinstance(found, Problem):
        return found
    return Some(tuple(APIS.json(one) for one in found if one.noun.id in product.noun.api_ids))


async def _add(call: Call) -> Reply:
    return _done(await add_to_product(call.here, call.actor, call.id, call.keys["api"]))


async def _take(call: Call) -> Reply:
    return _done(await take_from_product(call.here, call.actor, call.id, call.keys["api"]))


def _done(found: object) -> Reply:
    return found if isinstance(found, Problem) else Done()


# fmt: off
_READ, _CHANGE = Permission.READ_GATEWAY, Permission.CHANGE_GATEWAY
ROWS: Final = (
    *PRODUCTS.rows,
    Row(method="GET", path="/products/{id}/apis", permission=_READ, words="The APIs in it.", handle=_apis),
    Row(method="PUT", path="/products/{id}/apis/{api}", permission=_CHANGE, words="Adds one.", handle=_add),
    Row(method="DELETE", path="/products/{id}/apis/{api}", permission=_CHANGE, words="Takes one out.", handle=_take),
)
# fmt: on

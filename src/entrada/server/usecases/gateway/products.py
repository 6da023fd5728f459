"""Products: list, find, create, change, delete.  Gateway reference section 13.3."""

from attrs import evolve

from entrada.core.directory.administration import gateway_activities as did
from entrada.core.directory.administration.actor import Actor
from entrada.core.directory.administration.problem import Problem, bad
from entrada.core.directory.gateway_record import RecordKind
from entrada.core.gateway.entities.ids import ApiId
from entrada.core.gateway.entities.product import Product
from entrada.server.usecases.gateway.kept import Kept
from entrada.server.usecases.gateway.nouns import (
    Changed,
    change_noun,
    create_noun,
    delete_noun,
    find_noun,
    list_nouns,
    places,
)
from entrada.server.usecases.gateway.outcome import Wanted
from entrada.server.usecases.gateway.state import State
from entrada.server.usecases.installation import Installation


async def list_products(here: Installation, actor: Actor) -> tuple[Kept[Product], ...] | Problem:
    return await list_nouns(here, actor, Product)


async def find_product(here: Installation, actor: Actor, name: str) -> Kept[Product] | Problem:
    return await find_noun(here, actor, Product, name)


async def create_product(here: Installation, actor: Actor, product: Product) -> Kept[Product] | Problem:
    return await create_noun(here, actor, product)


async def change_product(
    here: Installation, actor: Actor, name: str, changed: Changed[Product], seen: int | None = None
) -> Kept[Product] | Problem:
    return await change_noun(here, actor, Product, name, changed, seen)


async def delete_product(
    here: Installation, actor: Actor, name: str, seen: int | None = None, *, with_subscriptions: bool = False
) -> Problem | None:
    """With its policies; the keys of its subscriptions stop working, so that these are named when it is asked for."""

    def along(state: State) -> Wanted | Problem:
        subscribed = [one.id for one in state.configuration.subscriptions.values() if one.product_id == name]
        if subscribed and not with_subscriptions:
            said = f"{len(subscribed)} subscriptions, {subscribed[0]} among them, are to the product {name}"
            return bad(f"{said}: delete them before, or say that they shall go along.", "deleteSubscriptions")
        gone = tuple((RecordKind.SUBSCRIPTION, one) for one in subscribed)
        policies = places(state, RecordKind.POLICY, f"products/{name}")
        return Wanted(activity=did.deleting(RecordKind.PRODUCT), gone=(*gone, *policies))

    return await delete_noun(here, actor, RecordKind.PRODUCT, name, seen, along)


async def add_to_product(here: Installation, actor: Actor, name: str, api_id: str) -> Kept[Product] | Problem:
    return await change_product(here, actor, name, lambda one: evolve(one, api_ids=one.api_ids | {ApiId(api_id)}))


async def take_from_product(here: Installation, actor: Actor, name: str, api_id: str) -> Kept[Product] | Problem:
    return await change_product(here, actor, name, lambda one: evolve(one, api_ids=one.api_ids - {ApiId(api_id)}))

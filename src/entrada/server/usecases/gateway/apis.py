"""APIs of the gateway: list, find, create, change, delete.  Gateway reference section 13.1."""

from attrs import evolve

from entrada.core.directory.administration import gateway_activities as did
from entrada.core.directory.administration.actor import Actor
from entrada.core.directory.administration.problem import Problem
from entrada.core.directory.gateway_record import RecordKind
from entrada.core.gateway.entities.api import Api
from entrada.core.gateway.entities.ids import ApiId
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


async def list_apis(here: Installation, actor: Actor) -> tuple[Kept[Api], ...] | Problem:
    return await list_nouns(here, actor, Api)


async def find_api(here: Installation, actor: Actor, name: str) -> Kept[Api] | Problem:
    return await find_noun(here, actor, Api, name)


async def create_api(here: Installation, actor: Actor, api: Api) -> Kept[Api] | Problem:
    return await create_noun(here, actor, api)


async def change_api(
    here: Installation, actor: Actor, name: str, changed: Changed[Api], seen: int | None = None
) -> Kept[Api] | Problem:
    return await change_noun(here, actor, Api, name, changed, seen)


async def delete_api(here: Installation, actor: Actor, name: str, seen: int | None = None) -> Problem | None:
    """With its operations, its policies and its subscriptions; products go on without it."""
    return await delete_noun(here, actor, RecordKind.API, name, seen, lambda state: _along(state, ApiId(name)))


def _along(state: State, name: ApiId) -> Wanted:
    subscriptions = state.configuration.subscriptions.values()
    products = state.configuration.products.values()
    return Wanted(
        activity=did.deleting(RecordKind.API),
        put=tuple(evolve(one, api_ids=one.api_ids - {name}) for one in products if name in one.api_ids),
        gone=(
            *places(state, RecordKind.OPERATION, name),
            *places(state, RecordKind.POLICY, f"apis/{name}"),
            *((RecordKind.SUBSCRIPTION, one.id) for one in subscriptions if one.api_id == name),
        ),
    )

"""Operations of an API: list, find, create, change, delete.  Gateway reference section 13.2."""

from entrada.core.directory.administration import gateway_activities as did
from entrada.core.directory.administration.actor import Actor
from entrada.core.directory.administration.problem import Problem
from entrada.core.directory.gateway_record import RecordKind
from entrada.core.gateway.entities.api import Api
from entrada.core.gateway.entities.ids import ApiId
from entrada.core.gateway.entities.operation import Operation
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
from entrada.server.usecases.gateway.records import OperationOfApi
from entrada.server.usecases.gateway.state import State
from entrada.server.usecases.installation import Installation


async def list_operations(here: Installation, actor: Actor, api_id: str) -> tuple[Kept[Operation], ...] | Problem:
    api = await find_noun(here, actor, Api, api_id)
    found = api if isinstance(api, Problem) else await list_nouns(here, actor, OperationOfApi)
    if isinstance(found, Problem):
        return found
    return tuple(_alone(one) for one in found if one.noun.api_id == api_id)


async def find_operation(here: Installation, actor: Actor, api_id: str, name: str) -> Kept[Operation] | Problem:
    return _answer(await find_noun(here, actor, OperationOfApi, f"{api_id}/{name}"))


async def create_operation(
    here: Installation, actor: Actor, api_id: str, operation: Operation
) -> Kept[Operation] | Problem:
    api = await find_noun(here, actor, Api, api_id)
    if isinstance(api, Problem):
        return api
    return _answer(await create_noun(here, actor, OperationOfApi(api_id=ApiId(api_id), operation=operation)))


async def change_operation(
    here: Installation,
    actor: Actor,
    api_id: str,
    name: str,
    changed: Changed[Operation],
    seen: int | None = None,
) -> Kept[Operation] | Problem:
    def of_api(before: OperationOfApi) -> OperationOfApi | Problem:
        after = changed(before.operation)
        return after if isinstance(after, Problem) else OperationOfApi(api_id=before.api_id, operation=after)

    return _answer(await change_noun(here, actor, OperationOfApi, f"{api_id}/{name}", of_api, seen))


async def delete_operation(
    here: Installation, actor: Actor, api_id: str, name: str, seen: int | None = None
) -> Problem | None:
    """With its policies."""

    def along(state: State) -> Wanted:
        policies = places(state, RecordKind.POLICY, f"apis/{api_id}/operations/{name}")
        return Wanted(activity=did.deleting(RecordKind.OPERATION), gone=tuple(policies))

    return await delete_noun(here, actor, RecordKind.OPERATION, f"{api_id}/{name}", seen, along)


def _answer(found: Kept[OperationOfApi] | Problem) -> Kept[Operation] | Problem:
    return found if isinstance(found, Problem) else _alone(found)


def _alone(kept: Kept[OperationOfApi]) -> Kept[Operation]:
    return Kept(kept.noun.operation, kept.version)

"""What `$expand` fetches: the first of what hangs on an object, as many as Graph tells.  Reference section 38."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Final, TypeVar

from entrada.core.directory.administration.actor import Actor
from entrada.core.directory.administration.problem import Problem
from entrada.core.directory.administration.sight import Seen
from entrada.core.directory.graph.service_principal_json import Installed
from entrada.core.directory.query.query import Query
from entrada.core.directory.user import User
from entrada.server.usecases.installation import Installation
from entrada.server.web.graph.directory_objects import seen_json
from entrada.server.web.graph.endpoint import Call, Expand
from entrada.server.web.graph.replies import Json
from entrada.server.web.graph.replying import ListOfOne

T = TypeVar("T", bound=Seen)
EXPANDED: Final = 20
_Owners = Callable[[Installation, Actor, str], Awaitable[Sequence[User | Installed] | Problem]]


def expanding(listed: ListOfOne[T]) -> Expand:
    async def expand(call: Call, object_id: str) -> tuple[Json, ...] | Problem:
        found = await listed(call.here, call.actor, object_id, Query(top=EXPANDED))
        return found if isinstance(found, Problem) else tuple(map(seen_json(call), found.items))

    return expand


def expanding_owners(listed: _Owners) -> Expand:
    async def expand(call: Call, object_id: str) -> tuple[Json, ...] | Problem:
        found = await listed(call.here, call.actor, object_id)
        return found if isinstance(found, Problem) else tuple(map(seen_json(call), found[:EXPANDED]))

    return expand

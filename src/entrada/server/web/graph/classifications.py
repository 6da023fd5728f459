"""`/servicePrincipals/{id}/delegatedPermissionClassifications`.  Reference section 28."""

from typing import Final

from entrada.core.directory.administration.operations import Operation
from entrada.core.directory.administration.problem import Problem
from entrada.core.directory.graph.classification_json import classification_json
from entrada.server.usecases.administer.permission_classifications import (
    add_classification,
    list_classifications,
    remove_classification,
)
from entrada.server.web.graph import shapes
from entrada.server.web.graph.endpoint import Call, Endpoint, Resource
from entrada.server.web.graph.replies import Done, One, Reply
from entrada.server.web.graph.replying import sliced
from entrada.server.web.graph.row import deletes, lists, makes
from entrada.server.web.graph.service_principals import principal_id

CLASSIFICATIONS: Final = Resource(
    set="servicePrincipals/delegatedPermissionClassifications", entity=shapes.PERMISSION_CLASSIFICATION
)


async def _list(call: Call) -> Reply:
    found = await list_classifications(call.here, call.actor, await principal_id(call))
    return found if isinstance(found, Problem) else sliced(found, call, classification_json)


async def _add(call: Call) -> Reply:
    added = await add_classification(call.here, call.actor, await principal_id(call), call.members)
    return added if isinstance(added, Problem) else One(members=classification_json(added), made=True)


async def _remove(call: Call) -> Reply:
    named = call.keys["classification"]
    removed = await remove_classification(call.here, call.actor, await principal_id(call), named)
    return removed if isinstance(removed, Problem) else Done()


_PATH: Final = "/servicePrincipals/{id}/delegatedPermissionClassifications"
ROWS: Final[tuple[Endpoint, ...]] = (
    lists(
        _PATH,
        Operation.READ_SERVICE_PRINCIPALS,
        "The permissions of an API that are of low impact.",
        CLASSIFICATIONS,
        _list,
    ),
    makes(_PATH, Operation.CHANGE_GRANTS, "Calls a permission one of low impact.", CLASSIFICATIONS, _add),
    deletes(f"{_PATH}/{{classification}}", Operation.CHANGE_GRANTS, "Calls it one of low impact no more.", _remove),
)

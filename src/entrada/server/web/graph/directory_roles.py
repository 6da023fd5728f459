"""`/directoryRoles`: who holds which.  Reference section 38."""

from typing import Final

from entrada.core.directory.administration.operations import Operation
from entrada.core.directory.administration.problem import Problem
from entrada.core.directory.graph.directory_role_json import directory_role_json
from entrada.server.usecases.administer.directory_roles import (
    add_role_member,
    find_role,
    list_role_members,
    list_roles,
    remove_role_member,
)
from entrada.server.web.graph import shapes
from entrada.server.web.graph.directory_objects import DIRECTORY_OBJECTS, seen_json
from entrada.server.web.graph.endpoint import Call, Endpoint, Resource
from entrada.server.web.graph.expanding import expanding
from entrada.server.web.graph.find_endpoint import named
from entrada.server.web.graph.replies import One, Reply
from entrada.server.web.graph.replying import done, listing_of, reference_of, sliced, whichever_version
from entrada.server.web.graph.row import deletes, does, lists, shows

ROLES: Final = Resource(
    set="directoryRoles",
    entity=shapes.DIRECTORY_ROLE,
    expands={"members": expanding(list_role_members)},
)


async def _role(call: Call) -> str:
    """Its id is its template's."""
    return named(call.id)


async def _list(call: Call) -> Reply:
    found = await list_roles(call.here, call.actor)
    return found if isinstance(found, Problem) else sliced(found, call, directory_role_json)


async def _show(call: Call) -> Reply:
    found = await find_role(call.here, call.actor, await _role(call))
    return found if isinstance(found, Problem) else One(members=directory_role_json(found))


@whichever_version
async def _add(call: Call) -> Reply:
    whom = reference_of(call)
    if isinstance(whom, Problem):
        return whom
    return done(await add_role_member(call.here, call.actor, await _role(call), whom))


@whichever_version
async def _remove(call: Call) -> Reply:
    return done(await remove_role_member(call.here, call.actor, await _role(call), call.keys["member"]))


# fmt: off
ROWS: Final[tuple[Endpoint, ...]] = (
    lists("/directoryRoles", Operation.READ_ROLES, "The directory roles; none has to be activated.", ROLES, _list),
    shows("/directoryRoles/{id}", Operation.READ_ROLES, "One of them.", ROLES, _show),
    lists("/directoryRoles/{id}/members", Operation.READ_ROLES, "Who holds it.", DIRECTORY_OBJECTS,
          listing_of(list_role_members, seen_json, _role)),
    does("/directoryRoles/{id}/members/$ref", Operation.ASSIGN_ROLES, "Gives it to a user.", _add, shapes.REFERENCE),
    deletes("/directoryRoles/{id}/members/{member}/$ref", Operation.ASSIGN_ROLES, "Takes it away.", _remove),
)
# fmt: on

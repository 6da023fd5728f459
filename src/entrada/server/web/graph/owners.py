"""Who answers for applications and service principals.  Reference section 38."""

from collections.abc import Awaitable, Callable
from typing import Final

from entrada.core.directory.administration.actor import Actor
from entrada.core.directory.administration.operations import Operation
from entrada.core.directory.administration.problem import Problem
from entrada.core.directory.graph.service_principal_json import Installed
from entrada.core.directory.user import User
from entrada.server.usecases.administer.owned_objects import list_owned
from entrada.server.usecases.administer.owners import add_owner, list_owners, remove_owner
from entrada.server.usecases.administer.service_principal_owners import (
    add_service_principal_owner,
    list_service_principal_owners,
    remove_service_principal_owner,
)
from entrada.server.usecases.installation import Installation
from entrada.server.web.graph import shapes
from entrada.server.web.graph.directory_objects import DIRECTORY_OBJECTS, seen_json
from entrada.server.web.graph.endpoint import Call, Endpoint, Handle
from entrada.server.web.graph.find_endpoint import named
from entrada.server.web.graph.replies import Reply
from entrada.server.web.graph.replying import done, reference_of, sliced
from entrada.server.web.graph.row import deletes, does, lists, own
from entrada.server.web.graph.service_principals import principal_id
from entrada.server.web.graph.users import whom

Key = Callable[[Call], Awaitable[str]]
_List = Callable[[Installation, Actor, str], Awaitable[tuple[User | Installed, ...] | Problem]]
_Change = Callable[[Installation, Actor, str, str, int | None], Awaitable[Problem | None]]


def _listing(listed: _List, key: Key) -> Handle:
    async def handle(call: Call) -> Reply:
        found = await listed(call.here, call.actor, await key(call))
        return found if isinstance(found, Problem) else sliced(found, call, seen_json(call))

    return handle


def _adding(add: _Change, key: Key) -> Handle:
    async def handle(call: Call) -> Reply:
        whom = reference_of(call)
        if isinstance(whom, Problem):
            return whom
        return done(await add(call.here, call.actor, await key(call), whom, call.seen))

    return handle


def _removing(remove: _Change, key: Key) -> Handle:
    async def handle(call: Call) -> Reply:
        return done(await remove(call.here, call.actor, await key(call), call.keys["owner"], call.seen))

    return handle


async def _owned(call: Call) -> Reply:
    found = await list_owned(call.here, call.actor, whom(call))
    return found if isinstance(found, Problem) else sliced(found, call, seen_json(call))


async def _application(call: Call) -> str:
    return named(call.id)


# fmt: off
ROWS: Final[tuple[Endpoint, ...]] = (
    lists("/applications/{id}/owners", Operation.READ_APPLICATIONS, "Who answers for it.", DIRECTORY_OBJECTS,
          _listing(list_owners, _application)),
    does("/applications/{id}/owners/$ref", Operation.CHANGE_APPLICATION, "Adds an owner.",
         _adding(add_owner, _application), shapes.REFERENCE),
    deletes("/applications/{id}/owners/{owner}/$ref", Operation.CHANGE_APPLICATION, "Removes an owner.",
            _removing(remove_owner, _application)),
    lists("/servicePrincipals/{id}/owners", Operation.READ_SERVICE_PRINCIPALS, "Who answers for it here.",
          DIRECTORY_OBJECTS, _listing(list_service_principal_owners, principal_id)),
    does("/servicePrincipals/{id}/owners/$ref", Operation.CHANGE_SERVICE_PRINCIPAL, "Adds an owner.",
         _adding(add_service_principal_owner, principal_id), shapes.REFERENCE),
    deletes("/servicePrincipals/{id}/owners/{owner}/$ref", Operation.CHANGE_SERVICE_PRINCIPAL, "Removes an owner.",
            _removing(remove_service_principal_owner, principal_id)),
    own(lists("/me/ownedObjects", Operation.READ_OWN_PROFILE,
              "What one owns oneself, as far as one may read it: applications, service principals, groups.",
              DIRECTORY_OBJECTS, _owned)),
    lists("/users/{id}/ownedObjects", Operation.READ_USERS, "What the user owns, as far as the caller may read it.",
          DIRECTORY_OBJECTS, _owned),
)
# fmt: on

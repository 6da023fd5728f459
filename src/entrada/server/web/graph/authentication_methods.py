"""By what somebody proves who they are: `authentication/methods`.  Reference sections 35 and 38."""

from typing import Final

from entrada.core.directory.administration.operations import Operation
from entrada.core.directory.administration.problem import Problem
from entrada.core.directory.graph.authentication_method_json import AUTHENTICATOR_TYPE, PASSWORD_TYPE
from entrada.server.usecases.administer.user_methods import delete_method, find_method, list_methods
from entrada.server.web.graph import shapes
from entrada.server.web.graph.endpoint import Call, Endpoint, Handle, Resource
from entrada.server.web.graph.replies import Json, One, Reply
from entrada.server.web.graph.replying import done, sliced
from entrada.server.web.graph.row import deletes, lists, own, shows
from entrada.server.web.graph.users import whom

METHODS: Final = Resource(
    set="authenticationMethods",
    entity=shapes.AUTHENTICATION_METHOD,
    more=frozenset({"password", "secretKey"}),
)


def _list(kind: str | None = None) -> Handle:
    async def handle(call: Call) -> Reply:
        found = await list_methods(call.here, call.actor, whom(call))
        if isinstance(found, Problem):
            return found
        return sliced([one for one in found if kind in {None, one["@odata.type"]}], call, _as_it_is)

    return handle


async def _show(call: Call) -> Reply:
    found = await find_method(call.here, call.actor, whom(call), call.keys["method"])
    return found if isinstance(found, Problem) else One(members=found)


async def _delete(call: Call) -> Reply:
    return done(await delete_method(call.here, call.actor, call.id, call.keys["method"]))


def _as_it_is(method: Json) -> Json:
    return method


# fmt: off
_READ: Final = Operation.READ_METHODS
ROWS: Final[tuple[Endpoint, ...]] = (
    lists("/users/{id}/authentication/methods", _READ, "Password and authenticator, nothing of what they hold.",
          METHODS, _list()),
    shows("/users/{id}/authentication/methods/{method}", _READ, "One of them.", METHODS, _show),
    lists("/users/{id}/authentication/passwordMethods", _READ, "The password alone.", METHODS, _list(PASSWORD_TYPE)),
    lists("/users/{id}/authentication/softwareOathMethods", _READ, "The authenticator alone.", METHODS,
          _list(AUTHENTICATOR_TYPE)),
    deletes("/users/{id}/authentication/softwareOathMethods/{method}", Operation.CHANGE_METHODS,
            "Removes a lost authenticator, and signs the user out.", _delete),
    own(lists("/me/authentication/methods", Operation.READ_OWN_METHODS, "One's own.", METHODS, _list())),
)
# fmt: on

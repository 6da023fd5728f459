"""Objects of any kind, each with its `@odata.type`: members, owners, what somebody is a member of."""

from collections.abc import Callable, Mapping
from typing import Final

from entrada.core.directory.administration.sight import Seen, Sight, sight_of
from entrada.core.directory.application import Application
from entrada.core.directory.graph.application import application_json
from entrada.core.directory.graph.directory_role_json import directory_role_json
from entrada.core.directory.graph.group_json import group_json
from entrada.core.directory.graph.service_principal_json import Installed, service_principal_json
from entrada.core.directory.graph.user_json import BASIC_MEMBERS, default_user_json
from entrada.core.directory.group import Group
from entrada.core.directory.service_principal import ServicePrincipal
from entrada.core.directory.user import User
from entrada.server.web.graph import shapes
from entrada.server.web.graph.endpoint import Call, Resource
from entrada.server.web.graph.replies import Json

_TYPE: Final = "@odata.type"
_SPACE: Final = "#microsoft.graph."
_KINDS: Final = (shapes.APPLICATION, shapes.SERVICE_PRINCIPAL, shapes.USER, shapes.GROUP, shapes.DIRECTORY_ROLE)

DIRECTORY_OBJECTS: Final = Resource(
    set="directoryObjects",
    entity=shapes.DIRECTORY_OBJECT,
    more=frozenset(name for kind in _KINDS for name in kind.members),
)


def seen_json(call: Call) -> Callable[[Seen], Json]:
    """Each as far as the caller may read its kind."""

    def write(one: Seen) -> Json:
        match sight_of(call.actor, one):
            case Sight.ALL:
                return typed_json(one)
            case Sight.BASICS:
                return _kept(typed_json(one), BASIC_MEMBERS)
            case Sight.EXISTENCE:
                return _kept(typed_json(one), frozenset({"id"}))

    return write


def _kept(members: Json, names: frozenset[str]) -> Json:
    """As Graph: what is not shown is left empty, and so is not told from what is."""
    return {name: value if name in names or name == _TYPE else None for name, value in members.items()}


def typed_json(one: Seen) -> Json:
    """A text is a directory role's template id."""
    match one:
        case User():
            return _typed("user", default_user_json(one))
        case Group():
            return _typed("group", group_json(one))
        case Application():
            return _typed("application", application_json(one))
        case Installed():
            return _typed("servicePrincipal", service_principal_json(one))
        case ServicePrincipal():
            return _typed("servicePrincipal", service_principal_json(Installed(one, None)))
        case str():
            return _typed("directoryRole", directory_role_json(one))


def _typed(kind: str, members: Mapping[str, object]) -> Json:
    return {_TYPE: f"{_SPACE}{kind}", **members}

"""What of an object somebody sees who came upon it: all of it, of a user the name, or that it is there.

Lists of members and owners hold objects of several kinds: who may read the list need not be one who may read each kind.
"""

from collections.abc import Mapping
from enum import Enum, auto
from typing import Final

from entrada.core.directory.administration.actor import Actor
from entrada.core.directory.administration.may import may, sees_basics_only
from entrada.core.directory.administration.operations import Operation
from entrada.core.directory.application import Application
from entrada.core.directory.graph.service_principal_json import Installed
from entrada.core.directory.group import Group
from entrada.core.directory.service_principal import ServicePrincipal
from entrada.core.directory.user import User

Seen = User | Group | Application | Installed | ServicePrincipal | str  # a text is a directory role's template id

_READ: Final[Mapping[type[Seen], Operation]] = {
    Group: Operation.READ_GROUPS,
    Application: Operation.READ_APPLICATIONS,
    Installed: Operation.READ_SERVICE_PRINCIPALS,
    ServicePrincipal: Operation.READ_SERVICE_PRINCIPALS,
    str: Operation.READ_ROLES,
}


class Sight(Enum):
    ALL = auto()
    BASICS = auto()  # of a user
    EXISTENCE = auto()  # its id and its kind


def sight_of(actor: Actor, one: Seen) -> Sight:
    """An application is in no list of several kinds but the owner's, or for whoever may read it: so it is all seen."""
    if isinstance(one, User):
        return sight_of_user(actor, one)
    return Sight.EXISTENCE if may(actor, _READ[type(one)], owns=isinstance(one, Application)) else Sight.ALL


def sight_of_user(actor: Actor, user: User) -> Sight:
    itself = user.id == actor.id
    readable = may(actor, Operation.READ_USERS, itself=itself) is None
    readable = readable or (itself and may(actor, Operation.READ_OWN_PROFILE, itself=True) is None)
    if not readable:
        return Sight.EXISTENCE
    return Sight.BASICS if sees_basics_only(actor, itself=itself) else Sight.ALL

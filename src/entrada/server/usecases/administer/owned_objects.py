"""What somebody owns, as far as whoever asks may read it.  Graph: ownedObjects."""

from typing import Final

from entrada.core.directory.administration.actor import Actor
from entrada.core.directory.administration.may import may
from entrada.core.directory.administration.operations import Operation
from entrada.core.directory.administration.problem import Problem
from entrada.core.directory.owner import Owner
from entrada.core.directory.query.condition import Compare, Op
from entrada.server.usecases.administer.directory_objects import DirectoryObject, find_objects
from entrada.server.usecases.administer.user_lookup import look_up, names_oneself
from entrada.server.usecases.administer.whole_list import whole_list
from entrada.server.usecases.installation import Installation

_OWNED: Final = ("application", "servicePrincipal", "group")
_AT_ONCE: Final = 1000


async def list_owned(here: Installation, actor: Actor, name: str) -> tuple[DirectoryObject, ...] | Problem:
    """Of the user *name*: applications, then service principals, then groups."""
    itself = names_oneself(actor, name)
    refused = may(actor, Operation.READ_OWN_PROFILE, itself=True) if itself else may(actor, Operation.READ_USERS)
    user = refused or await look_up(here, actor, name)
    if isinstance(user, Problem):
        return user
    links = await whole_list(here.store, Owner, actor.tenant_id, Compare("owner_id", Op.EQ, user.id))
    found: list[DirectoryObject] = []
    for start in range(0, len(links), _AT_ONCE):
        some = await find_objects(here, actor, [one.object_id for one in links[start : start + _AT_ONCE]], _OWNED)
        if isinstance(some, Problem):
            return some
        found += some
    return tuple(found)

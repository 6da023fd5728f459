"""Objects of whichever kind, by their ids.  Graph: directoryObjects, getByIds; reference section 38.

Of kinds that the actor may not read there are none: so nobody learns what an id stands for who may not read it.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, Final

from entrada.core.directory.administration.actor import Actor
from entrada.core.directory.administration.problem import Problem, bad, not_found
from entrada.core.directory.application import Application
from entrada.core.directory.graph.service_principal_json import Installed
from entrada.core.directory.group import Group
from entrada.core.directory.ids import parse_guid
from entrada.core.directory.query.condition import Compare, Either, Op
from entrada.core.directory.query.query import Page, Query
from entrada.core.directory.user import User
from entrada.server.usecases.administer.applications import list_applications
from entrada.server.usecases.administer.directory_roles import list_roles
from entrada.server.usecases.administer.groups import list_groups
from entrada.server.usecases.administer.service_principals import list_service_principals
from entrada.server.usecases.administer.users import list_users
from entrada.server.usecases.installation import Installation

DirectoryObject = User | Group | Application | Installed | str  # a text is a directory role's template id
_MOST: Final = 1000
_AT_ONCE: Final = 100
_WHAT: Final = "directory object"
_List = Callable[[Installation, Actor, Query], Awaitable[Page[Any] | Problem]]
_LISTS: Final[Mapping[str, _List]] = {
    "user": list_users,
    "group": list_groups,
    "application": list_applications,
    "servicePrincipal": list_service_principals,
}
_ROLE: Final = "directoryRole"
KINDS: Final = (*_LISTS, _ROLE)


async def find_object(here: Installation, actor: Actor, object_id: str) -> DirectoryObject | Problem:
    if parse_guid(object_id) is None:
        return not_found(_WHAT, object_id)
    found = await find_objects(here, actor, [object_id])
    if isinstance(found, Problem):
        return found
    return found[0] if found else not_found(_WHAT, object_id)


async def find_objects(
    here: Installation, actor: Actor, ids: Sequence[str], kinds: Sequence[str] = KINDS
) -> tuple[DirectoryObject, ...] | Problem:
    """Those that there are, kind by kind."""
    guids = list(dict.fromkeys(map(parse_guid, ids)))
    if not guids or len(ids) > _MOST or None in guids:
        return bad(f"ids is a list of 1 to {_MOST} GUIDs.", "ids")
    wanted = [guid for guid in guids if guid is not None]
    answers = [await _of_kind(here, actor, kind, wanted) for kind in kinds]
    read = [one for one in answers if not isinstance(one, Problem)]
    refused = next((one for one in answers if isinstance(one, Problem)), None)
    if not read and refused is not None:
        return refused
    return tuple(one for of_kind in read for one in of_kind)


async def _of_kind(
    here: Installation, actor: Actor, kind: str, guids: Sequence[str]
) -> list[DirectoryObject] | Problem:
    if kind == _ROLE:
        roles = await list_roles(here, actor)
        return roles if isinstance(roles, Problem) else [one for one in roles if one in guids]
    found: list[DirectoryObject] = []
    for start in range(0, len(guids), _AT_ONCE):
        asked = guids[start : start + _AT_ONCE]
        where = Either(tuple(Compare("id", Op.EQ, one) for one in asked))
        page = await _LISTS[kind](here, actor, Query(where=where, top=_AT_ONCE))
        if isinstance(page, Problem):
            return page
        found += page.items
    return found

"""How many applications somebody without a directory role may own: or one account could fill the directory.

As Entra's quota of directory objects; what was deleted and can be restored counts, too.
"""

from typing import Final

from entrada.core.directory.administration.actor import Actor
from entrada.core.directory.administration.problem import Problem, over_quota
from entrada.core.directory.application import Application
from entrada.core.directory.deleted_item import KEPT, DeletedItem
from entrada.core.directory.owner import Owner
from entrada.core.directory.query.condition import Both, Compare, Op
from entrada.server.usecases.administer.by_id import by_id
from entrada.server.usecases.administer.whole_list import whole_list
from entrada.server.usecases.installation import Installation

MOST_OWNED: Final = 250


async def refuse_another(here: Installation, actor: Actor) -> Problem | None:
    """One more application, that is."""
    if actor.operator or actor.user is None or actor.user.directory_roles:
        return None
    if await _owned(here, actor, actor.user.id) < MOST_OWNED:
        return None
    return over_quota(
        f"You own {MOST_OWNED} applications, those included that were deleted and can be restored: more than that "
        "takes a directory role, such as Application Developer. Delete for good what is no longer needed."
    )


async def _owned(here: Installation, actor: Actor, user_id: str) -> int:
    links = await whole_list(here.store, Owner, actor.tenant_id, Compare("owner_id", Op.EQ, user_id))
    there = await by_id(here.store, Application, actor.tenant_id, [one.object_id for one in links])
    kept = Both((Compare("kind", Op.EQ, "application"), Compare("deleted_at", Op.GT, here.clock() - KEPT)))
    gone = await whole_list(here.store, DeletedItem, actor.tenant_id, kept)
    return len(there) + sum(_was_owned(one, user_id) for one in gone)


def _was_owned(item: DeletedItem, user_id: str) -> bool:
    return any(one.object_id == item.id and one.owner_id == user_id for one in item.owners)

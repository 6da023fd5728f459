"""Is the actor among the owners of an object?"""

from entrada.core.directory.administration.actor import Actor
from entrada.core.directory.owner import Owner
from entrada.server.usecases.installation import Installation


async def owns(here: Installation, actor: Actor, object_id: str) -> bool:
    """*object_id* is of the actor's own tenant."""
    if actor.id is None:
        return False
    return await here.store.find_entity(Owner, (actor.tenant_id, object_id, actor.id)) is not None

"""Find the application that a request names, and say whether the actor may do with it what is asked."""

from entrada.core.directory.administration.actor import Actor
from entrada.core.directory.administration.may import may
from entrada.core.directory.administration.operations import Operation
from entrada.core.directory.administration.problem import Problem, not_found
from entrada.core.directory.application import Application
from entrada.core.directory.ids import ClientId, parse_guid
from entrada.server.usecases.administer.owns import owns
from entrada.server.usecases.administer.stale import refuse_stale
from entrada.server.usecases.installation import Installation


async def allowed(
    here: Installation, actor: Actor, operation: Operation, name: str, seen: int | None = None, *, itself: bool = False
) -> Application | Problem:
    """*name* is an object id or an appId.  Who may do it to no application does not learn which there are.

    *itself*: an application may do it to itself.
    """
    found = await _named(here, actor, name)
    if found is None:
        return may(actor, operation) or not_found("application", name)
    if not (itself and is_itself(actor, found)):
        refused = may(actor, operation, owns=await owns(here, actor, found.id))
        if refused is not None:
            return refused
    return await refuse_stale(here, found, seen) or found


def is_itself(actor: Actor, application: Application) -> bool:
    return actor.user is None and actor.client_id == application.app_id


async def _named(here: Installation, actor: Actor, name: str) -> Application | None:
    guid = parse_guid(name)
    if guid is None:
        return None
    by_id = await here.store.find_entity(Application, (actor.tenant_id, guid))
    found = by_id or await here.store.find_application(ClientId(guid))
    return found if found is not None and found.tenant_id == actor.tenant_id else None

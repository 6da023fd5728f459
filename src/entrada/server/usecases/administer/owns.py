"""Is the actor among the owners of an object, or its first one?"""

from attrs import frozen

from entrada.core.directory.administration.actor import Actor
from entrada.core.directory.administration.change import Change
from entrada.core.directory.administration.may import may
from entrada.core.directory.administration.operations import Operation
from entrada.core.directory.application import Application
from entrada.core.directory.ids import ServicePrincipalId, UserId
from entrada.core.directory.owner import Owner
from entrada.core.directory.service_principal import ServicePrincipal
from entrada.core.directory.user import User
from entrada.server.usecases.installation import Installation


async def owns(here: Installation, actor: Actor, object_id: str) -> bool:
    """*object_id* is of the actor's own tenant."""
    if actor.id is None:
        return False
    return await here.store.find_entity(Owner, (actor.tenant_id, object_id, actor.id)) is not None


@frozen
class FirstOwner:
    """Of what somebody made who could not go on with it otherwise."""

    link: tuple[Change, ...] = ()
    owner: tuple[User | ServicePrincipal, ...] = ()


async def first_owner(
    here: Installation, actor: Actor, made: Application | ServicePrincipal, change: Operation
) -> FirstOwner:
    """None where the actor may *change* it all the same."""
    if actor.id is None or may(actor, change) is None:
        return FirstOwner()
    owner = await _itself(here, actor, actor.id)
    if owner is None and actor.user is not None:
        return FirstOwner()  # deleted this moment
    # An application may be there, at home, without a stored service principal.
    owner_id = owner.id if owner is not None else ServicePrincipalId(actor.id)
    link = Owner(tenant_id=made.tenant_id, object_id=made.id, owner_id=owner_id)
    return FirstOwner((Change(None, link),), (owner,) if owner is not None else ())


async def _itself(here: Installation, actor: Actor, own_id: str) -> User | ServicePrincipal | None:
    if actor.user is not None:
        return await here.store.find_user(actor.tenant_id, UserId(own_id))
    return await here.store.find_service_principal_by_id(actor.tenant_id, ServicePrincipalId(own_id))

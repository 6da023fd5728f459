"""Find the group a request names, and whom it names beside it."""

from entrada.core.directory.administration.actor import Actor
from entrada.core.directory.administration.may import may
from entrada.core.directory.administration.operations import Operation
from entrada.core.directory.administration.problem import Problem, not_found
from entrada.core.directory.group import Group
from entrada.core.directory.ids import TenantId, UserId, parse_guid
from entrada.core.directory.user import User
from entrada.server.usecases.administer.owns import owns
from entrada.server.usecases.installation import Installation


async def look_up_group(here: Installation, actor: Actor, group_id: str) -> Group | Problem:
    """Who may know, the caller has asked already."""
    guid = parse_guid(group_id)
    found = await here.store.find_entity(Group, (actor.tenant_id, guid)) if guid is not None else None
    return found or not_found("group", group_id)


async def group_to_change(here: Installation, actor: Actor, operation: Operation, group_id: str) -> Group | Problem:
    """Its owners may, and administrators."""
    owned = await owns(here, actor, parse_guid(group_id) or "")
    return may(actor, operation, owns=owned) or await look_up_group(here, actor, group_id)


async def find_member(here: Installation, tenant_id: TenantId, object_id: str) -> User | Group | None:
    """By its id in canonical form."""
    user = await here.store.find_user(tenant_id, UserId(object_id))
    return user or await here.store.find_entity(Group, (tenant_id, object_id))

"""Is there an object of the kind and id that a path names?  What hangs on it is asked for next.

Who may not ask for that learns nothing of what is there.
"""

from typing import Final

from entrada.core.directory.administration.actor import Actor
from entrada.core.directory.administration.may import may
from entrada.core.directory.administration.operations import Operation
from entrada.core.directory.administration.problem import Problem, not_found
from entrada.core.directory.group import Group
from entrada.core.directory.ids import ServicePrincipalId, TenantId, UserId, parse_guid
from entrada.core.directory.service_principal import ServicePrincipal
from entrada.core.directory.user import User
from entrada.server.store.port import Store
from entrada.server.usecases.installation import Installation

Kind = type[User] | type[Group] | type[ServicePrincipal]
_WHAT: Final[dict[Kind, str]] = {User: "user", Group: "group", ServicePrincipal: "service principal"}


async def refuse_absent(
    here: Installation, actor: Actor, operation: Operation, kind: Kind, object_id: str
) -> Problem | None:
    guid = parse_guid(object_id)
    if guid is not None and await _is_there(here.store, kind, actor.tenant_id, guid):
        return None
    return may(actor, operation) or not_found(_WHAT[kind], object_id)


async def _is_there(store: Store, kind: Kind, tenant_id: TenantId, guid: str) -> bool:
    if kind is User:
        return await store.find_user(tenant_id, UserId(guid)) is not None
    if kind is Group:
        return await store.find_entity(Group, (tenant_id, guid)) is not None
    return await store.find_service_principal_by_id(tenant_id, ServicePrincipalId(guid)) is not None

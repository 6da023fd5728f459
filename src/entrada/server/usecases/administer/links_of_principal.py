"""What hangs on a service principal: what was granted to it and on it, who holds its roles, who owns it."""

from attrs import frozen

from entrada.core.directory.entity import Entity
from entrada.core.directory.owner import Owner
from entrada.core.directory.query.condition import Compare, Condition, Either, Op
from entrada.core.directory.service_principal import AppRoleAssignment, PermissionGrant, ServicePrincipal
from entrada.server.store.port import Store
from entrada.server.usecases.administer.whole_list import whole_list


@frozen(kw_only=True)
class PrincipalLinks:
    grants: tuple[PermissionGrant, ...]
    assignments: tuple[AppRoleAssignment, ...]
    owners: tuple[Owner, ...]  # of it, and of what it owns

    @property
    def all(self) -> tuple[Entity, ...]:
        return (*self.grants, *self.assignments, *self.owners)


async def links_of_principal(store: Store, principal: ServicePrincipal) -> PrincipalLinks:
    """Nothing of this makes sense without it: whoever removes it removes all of this, too."""
    tenant_id, own = principal.tenant_id, principal.id
    return PrincipalLinks(
        grants=await whole_list(store, PermissionGrant, tenant_id, _either("client_id", "resource_id", own)),
        assignments=await whole_list(store, AppRoleAssignment, tenant_id, _either("principal_id", "resource_id", own)),
        owners=await whole_list(store, Owner, tenant_id, _either("object_id", "owner_id", own)),
    )


def _either(one: str, other: str, value: str) -> Condition:
    return Either((Compare(one, Op.EQ, value), Compare(other, Op.EQ, value)))

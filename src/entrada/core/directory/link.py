"""What joins two objects of a tenant, and makes no sense without either of them."""

from entrada.core.directory.group import GroupMember
from entrada.core.directory.owner import Owner
from entrada.core.directory.service_principal import AppRoleAssignment, PermissionGrant

Link = PermissionGrant | AppRoleAssignment | GroupMember | Owner


def ends_of(link: Link) -> tuple[str, ...]:
    """The ids of what it joins."""
    match link:
        case PermissionGrant():
            user = (link.principal_id,) if link.principal_id else ()
            return (link.client_id, link.resource_id, *user)
        case AppRoleAssignment():
            return link.principal_id, link.resource_id
        case GroupMember():
            return link.group_id, link.member_id
        case Owner():
            return link.object_id, link.owner_id

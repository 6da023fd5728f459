"""What identifies each entity among those of its kind: the tenant first, always."""

from entrada.core.directory.application import Application
from entrada.core.directory.deleted_item import DeletedItem
from entrada.core.directory.entity import Entity
from entrada.core.directory.gateway_record import GatewayRecord
from entrada.core.directory.group import Group, GroupMember
from entrada.core.directory.ids import UserId
from entrada.core.directory.message import Message
from entrada.core.directory.owner import Owner
from entrada.core.directory.service_principal import AppRoleAssignment, PermissionGrant, ServicePrincipal
from entrada.core.directory.tenant import Tenant
from entrada.core.directory.user import User

Key = tuple[str, ...]

ALL_PRINCIPALS = ""
"""Stands in a key for a grant's missing principal: a key holds no NULL."""


def principal_key(principal_id: UserId | None) -> str:
    return principal_id or ALL_PRINCIPALS


def key_of(entity: Entity) -> Key:
    match entity:
        case Tenant():
            return (entity.id,)
        case GroupMember():
            return entity.tenant_id, entity.group_id, entity.member_id
        case PermissionGrant():
            return entity.tenant_id, entity.client_id, principal_key(entity.principal_id), entity.resource_id
        case AppRoleAssignment():
            return entity.tenant_id, entity.principal_id, entity.resource_id, entity.app_role_id
        case Owner():
            return entity.tenant_id, entity.object_id, entity.owner_id
        case GatewayRecord():
            return entity.tenant_id, entity.kind, entity.id
        case User() | Group() | Application() | ServicePrincipal() | DeletedItem() | Message():
            return entity.tenant_id, entity.id

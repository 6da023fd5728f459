"""Which nouns of the directory are kept, versioned, as documents."""

from entrada.core.directory.application import Application
from entrada.core.directory.deleted_item import DeletedItem
from entrada.core.directory.gateway_record import GatewayRecord
from entrada.core.directory.group import Group, GroupMember
from entrada.core.directory.message import Message
from entrada.core.directory.owner import Owner
from entrada.core.directory.service_principal import AppRoleAssignment, PermissionGrant, ServicePrincipal
from entrada.core.directory.tenant import Tenant
from entrada.core.directory.user import User

Entity = (
    Tenant
    | User
    | Group
    | GroupMember
    | Application
    | ServicePrincipal
    | PermissionGrant
    | AppRoleAssignment
    | Owner
    | DeletedItem
    | Message
    | GatewayRecord
)

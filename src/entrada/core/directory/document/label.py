"""An entity in words, for people who read a diff."""

from entrada.core.directory.application import Application
from entrada.core.directory.deleted_item import DeletedItem
from entrada.core.directory.document.index import Index
from entrada.core.directory.entity import Entity
from entrada.core.directory.gateway_record import GatewayRecord
from entrada.core.directory.group import Group, GroupMember
from entrada.core.directory.ids import TenantId
from entrada.core.directory.message import Message
from entrada.core.directory.owner import Owner
from entrada.core.directory.service_principal import AppRoleAssignment, PermissionGrant, ServicePrincipal
from entrada.core.directory.tenant import Tenant
from entrada.core.directory.user import User


def label(entity: Entity, names: Index) -> str:
    match entity:
        case Tenant():
            return f"tenant {entity.display_name}"
        case User():
            return f"user {entity.user_principal_name}"
        case Group():
            return f"group {entity.display_name}"
        case Application():
            return f"application {entity.display_name} ({entity.app_id})"
        case Message():
            return f"message to {_name(entity.tenant_id, entity.user_id, names)}: {entity.subject}"
        case GatewayRecord():
            return f"{entity.kind} {entity.display_name}"
        case DeletedItem():
            return f"deleted {entity.display_name}"
        case GroupMember() | ServicePrincipal() | PermissionGrant() | AppRoleAssignment() | Owner():
            return _link(entity, names)


def _link(entity: GroupMember | ServicePrincipal | PermissionGrant | AppRoleAssignment | Owner, names: Index) -> str:
    tenant_id = entity.tenant_id
    match entity:
        case GroupMember():
            return f"member {_name(tenant_id, entity.member_id, names)} of {_name(tenant_id, entity.group_id, names)}"
        case Owner():
            return f"owner {_name(tenant_id, entity.owner_id, names)} of {_object(entity.object_id, names, tenant_id)}"
        case ServicePrincipal():
            return f"service principal {_name(tenant_id, entity.id, names)} in {_tenant_name(tenant_id, names)}"
        case PermissionGrant():
            who = _name(tenant_id, entity.principal_id, names) if entity.principal_id else "everybody"
            client, resource = _name(tenant_id, entity.client_id, names), _name(tenant_id, entity.resource_id, names)
            return f"permission grant to {client} on {resource} for {who}"
        case AppRoleAssignment():
            holder, resource = _name(tenant_id, entity.principal_id, names), _name(tenant_id, entity.resource_id, names)
            return f"app role {_role(entity, names)} on {resource} for {holder}"


def _name(tenant_id: TenantId, object_id: str, names: Index) -> str:
    if user := names.user(tenant_id, object_id):
        return user.user_principal_name
    if group := names.group(tenant_id, object_id):
        return group.display_name
    principal = names.principal(tenant_id, object_id)
    application = names.application(principal.app_id) if principal else None
    return application.display_name if application else object_id


def _object(object_id: str, names: Index, tenant_id: TenantId) -> str:
    owned = (app.display_name for app in names.applications.values() if app.id == object_id)
    return next(owned, None) or _name(tenant_id, object_id, names)


def _role(assignment: AppRoleAssignment, names: Index) -> str:
    principal = names.principal(assignment.tenant_id, assignment.resource_id)
    application = names.application(principal.app_id) if principal else None
    roles = application.app_roles if application else ()
    return next((role.value for role in roles if role.id == assignment.app_role_id), "Default Access")


def _tenant_name(tenant_id: TenantId, names: Index) -> str:
    tenant = names.tenants.get(tenant_id)
    return tenant.display_name if tenant else tenant_id

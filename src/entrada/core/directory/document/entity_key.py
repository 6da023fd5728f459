"""By what an entity is known, and what no other may have as well."""

from collections.abc import Iterator

from entrada.core.directory import entity_key
from entrada.core.directory.application import Application
from entrada.core.directory.deleted_item import DeletedItem
from entrada.core.directory.entity import Entity
from entrada.core.directory.entity_key import Key
from entrada.core.directory.gateway_record import GatewayRecord
from entrada.core.directory.group import Group, GroupMember
from entrada.core.directory.message import Message
from entrada.core.directory.owner import Owner
from entrada.core.directory.service_principal import AppRoleAssignment, PermissionGrant, ServicePrincipal
from entrada.core.directory.tenant import Tenant
from entrada.core.directory.user import User


def key_of(entity: Entity) -> Key:
    """The same before and after a change, and of no other entity."""
    return type(entity).__name__, *entity_key.key_of(entity)


def claims(entity: Entity) -> Iterator[tuple[str, Key]]:  # noqa: C901, PLR0912  (the table of kinds)
    """What belongs to one entity alone, in words and as a key."""
    match entity:
        case Tenant():
            yield f"The tenant id {entity.id}", ("tenant", entity.id)
            for domain in entity.domains:
                yield f"The domain {domain}", ("domain", domain)
        case User():
            name = entity.user_principal_name
            yield f"The object id {entity.id}", ("object", entity.tenant_id, entity.id)
            yield f"The user principal name {name}", ("upn", entity.tenant_id, name.lower())
            if entity.home:
                yield f"The home account of {name}", ("home", entity.tenant_id, entity.home.user_id)
        case Group():
            yield f"The object id {entity.id}", ("object", entity.tenant_id, entity.id)
        case ServicePrincipal():
            yield f"The object id {entity.id}", ("object", entity.tenant_id, entity.id)
            yield f"The service principal of {entity.app_id}", ("principal of", entity.tenant_id, entity.app_id)
        case Application():
            yield f"The appId {entity.app_id}", ("appId", entity.app_id)
            yield f"The application id {entity.id}", ("application", entity.id)
            for uri in entity.identifier_uris:
                yield f"The identifier URI {uri}", ("identifier", entity.tenant_id, uri)
        case GroupMember():
            yield "This membership", key_of(entity)
        case PermissionGrant():
            yield "This grant (client, resource and principal)", key_of(entity)
        case AppRoleAssignment():
            yield "This app role assignment", key_of(entity)
        case Owner():
            yield "This ownership", key_of(entity)
        case DeletedItem():
            yield f"The deleted object {entity.id}", key_of(entity)
        case Message():
            yield f"The message id {entity.id}", key_of(entity)
        case GatewayRecord():
            yield f"The {entity.kind} {entity.id}", key_of(entity)

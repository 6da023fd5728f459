"""What the audit log calls an object: people by name, links by what they join; ids only where nobody knows a name."""

from collections.abc import Iterable, Mapping

from entrada.core.directory.application import Application
from entrada.core.directory.entity import Entity
from entrada.core.directory.gateway_record import GatewayRecord
from entrada.core.directory.group import Group, GroupMember
from entrada.core.directory.link import Link
from entrada.core.directory.message import Message
from entrada.core.directory.microsoft_graph import MICROSOFT_GRAPH
from entrada.core.directory.owner import Owner
from entrada.core.directory.service_principal import AppRoleAssignment, PermissionGrant, ServicePrincipal
from entrada.core.directory.tenant import Tenant
from entrada.core.directory.user import User

Names = Mapping[str, str]
"""By id: of users, groups, applications and their `appId`, service principals, app roles."""


def names_among(entities: Iterable[Entity]) -> dict[str, str]:
    among, names = list(entities), dict[str, str]()
    for one in (MICROSOFT_GRAPH, *among):
        if isinstance(one, User | Group | Application):
            names[one.id] = one.display_name
        if isinstance(one, Application):
            names[one.app_id] = one.display_name
            names.update((role.id, role.display_name) for role in one.app_roles)
    principals = (one for one in among if isinstance(one, ServicePrincipal) and one.app_id in names)
    return names | {one.id: names[one.app_id] for one in principals}


def name_of(entity: Entity, names: Names) -> str:
    match entity:
        case User() | Application() | Group() | Tenant() | GatewayRecord():
            return entity.display_name
        case ServicePrincipal():
            return names.get(entity.app_id, entity.app_id)
        case GroupMember() | Owner() | PermissionGrant() | AppRoleAssignment():
            return _joined(entity, names)
        case Message():
            return entity.subject
        case _:
            return type(entity).__name__


def _joined(link: Link, names: Names) -> str:
    match link:
        case GroupMember():
            return f"{names.get(link.member_id, link.member_id)} in {names.get(link.group_id, link.group_id)}"
        case Owner():
            return f"{names.get(link.owner_id, link.owner_id)} for {names.get(link.object_id, link.object_id)}"
        case PermissionGrant():
            client, resource = (names.get(one, one) for one in (link.client_id, link.resource_id))
            whom = names.get(link.principal_id, link.principal_id) if link.principal_id else "everybody"
            return f"{client} on {resource} for {whom}"
        case AppRoleAssignment():
            holder, resource = (names.get(one, one) for one in (link.principal_id, link.resource_id))
            return f"{names.get(link.app_role_id, 'Default Access')} on {resource} for {holder}"

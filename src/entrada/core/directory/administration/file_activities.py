"""How the audit log words what a file does to one object, by the kind of the object."""

from collections.abc import Mapping
from typing import Any, Final

from entrada.core.directory.administration.change import Activity, Change
from entrada.core.directory.application import Application
from entrada.core.directory.deleted_item import DeletedItem
from entrada.core.directory.directory_audit import OperationType as Op
from entrada.core.directory.gateway_record import GatewayRecord
from entrada.core.directory.group import Group, GroupMember
from entrada.core.directory.message import Message
from entrada.core.directory.owner import Owner
from entrada.core.directory.service_principal import AppRoleAssignment, PermissionGrant, ServicePrincipal
from entrada.core.directory.tenant import Tenant
from entrada.core.directory.user import User

# fmt: off
_WORDS: Final[Mapping[type[Any], tuple[str, str]]] = {  # what it is called, and its category
    Tenant:            ("company",                    "DirectoryManagement"),
    User:              ("user",                       "UserManagement"),
    Group:             ("group",                      "GroupManagement"),
    GroupMember:       ("member of group",            "GroupManagement"),
    Application:       ("application",                "ApplicationManagement"),
    ServicePrincipal:  ("service principal",          "ApplicationManagement"),
    PermissionGrant:   ("delegated permission grant", "ApplicationManagement"),
    AppRoleAssignment: ("app role assignment",        "ApplicationManagement"),
    Owner:             ("owner",                      "ApplicationManagement"),
    DeletedItem:       ("deleted item",               "DirectoryManagement"),
    Message:           ("message",                    "UserManagement"),
    GatewayRecord:     ("part of the gateway",        "GatewayManagement"),
}
# fmt: on


def activity_of(change: Change) -> Activity:
    noun, category = _WORDS[type(change.after if change.after is not None else change.before)]
    if change.after is None:
        return Activity(name=f"Delete {noun}", category=category, operation=Op.DELETE)
    if change.before is None:
        return Activity(name=f"Add {noun}", category=category, operation=Op.ADD)
    return Activity(name=f"Update {noun}", category=category, operation=Op.UPDATE)

"""The scopes and app roles an application of the file offers.  Graph: permissionScope, appRole."""

from collections.abc import Iterable

from entrada.core.directory.application import Application
from entrada.core.directory.derived_id import permission_id
from entrada.core.directory.document.fault import FaultFound
from entrada.core.directory.document.fields import Fields, each
from entrada.core.directory.document.scalars import boolean, guid, line, permission_value, text
from entrada.core.directory.document.tree import Node, Position
from entrada.core.directory.ids import ClientId, PermissionId
from entrada.core.directory.permission import AppRole, PermissionScope


def read_scope(app_id: ClientId, node: Node) -> PermissionScope:
    fields = Fields(node, "A scope")
    value, given_id = fields.required("value", permission_value), fields.optional("id", guid)
    scope = PermissionScope(
        id=PermissionId(given_id) if given_id else permission_id(app_id, "scope", value),
        value=value,
        admin_only=fields.given("type", _is_for_admins, default=False),
        is_enabled=fields.given("isEnabled", boolean, default=True),
        admin_consent_display_name=fields.required("adminConsentDisplayName", text),
        admin_consent_description=fields.required("adminConsentDescription", text),
        user_consent_display_name=fields.optional("userConsentDisplayName", line),
        user_consent_description=fields.optional("userConsentDescription", line),
    )
    fields.finish()
    return scope


def _is_for_admins(node: Node) -> bool:
    said = text(node)
    if said not in {"User", "Admin"}:
        raise FaultFound(node.at, f"A scope's type is User or Admin, not {said!r}.")
    return said == "Admin"


def read_role(app_id: ClientId, node: Node) -> AppRole:
    fields = Fields(node, "An app role")
    value, given_id = fields.required("value", permission_value), fields.optional("id", guid)
    role = AppRole(
        id=PermissionId(given_id) if given_id else permission_id(app_id, "role", value),
        value=value,
        display_name=fields.required("displayName", text),
        description=fields.required("description", text),
        allowed_member_types=frozenset(fields.required("allowedMemberTypes", each(_member_type))),
        is_enabled=fields.given("isEnabled", boolean, default=True),
    )
    fields.finish()
    return role


def _member_type(node: Node) -> str:
    said = text(node)
    if said not in {"User", "Application"}:
        raise FaultFound(node.at, f"Members are of type User or Application, not {said!r}.")
    return said


def refuse_doubles(application: Application, at: Position) -> None:
    """Values are unique among scopes and among roles; ids are unique among both."""
    scopes, roles = application.scopes, application.app_roles
    _refuse_double("scope", (scope.value for scope in scopes), at)
    _refuse_double("app role", (role.value for role in roles), at)
    _refuse_double("permission id", [*(scope.id for scope in scopes), *(role.id for role in roles)], at)
    _refuse_double("identifier URI", application.identifier_uris, at)


def _refuse_double(what: str, words: Iterable[str], at: Position) -> None:
    seen = set[str]()
    for word in words:
        if word.lower() in seen:
            raise FaultFound(at, f"The {what} {word!r} is listed twice.")
        seen.add(word.lower())

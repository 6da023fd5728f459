"""Scopes, app roles and required permissions as Graph writes them.  permissionScope, appRole, requiredResourceAccess.

Reference section 37.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Final

from entrada.core.directory.graph.json_members import (
    MemberFault,
    Members,
    Read,
    boolean,
    choice,
    each,
    guid,
    line,
    objects,
    said,
    text,
    without_doubles,
)
from entrada.core.directory.ids import ClientId, PermissionId
from entrada.core.directory.permission import VALUE, AppRole, PermissionScope, RequiredResourceAccess

NewId = Callable[[], str]
_TITLE: Final = line(100)  # of display names shown where somebody consents
_WORDS: Final = line(1000)
_MEMBER_TYPES: Final = ("User", "Application")


def scope_json(scope: PermissionScope) -> dict[str, object]:
    return {
        "adminConsentDescription": scope.admin_consent_description,
        "adminConsentDisplayName": scope.admin_consent_display_name,
        "id": scope.id,
        "isEnabled": scope.is_enabled,
        "type": "Admin" if scope.admin_only else "User",
        "userConsentDescription": scope.user_consent_description,
        "userConsentDisplayName": scope.user_consent_display_name,
        "value": scope.value,
    }


def role_json(role: AppRole) -> dict[str, object]:
    return {
        "allowedMemberTypes": [kind for kind in _MEMBER_TYPES if kind in role.allowed_member_types],
        "description": role.description,
        "displayName": role.display_name,
        "id": role.id,
        "isEnabled": role.is_enabled,
        "origin": "Application",
        "value": role.value,
    }


def required_json(access: RequiredResourceAccess) -> dict[str, object]:
    scopes = [{"id": one, "type": "Scope"} for one in access.scopes]
    roles = [{"id": one, "type": "Role"} for one in access.roles]
    return {"resourceAppId": access.resource_app_id, "resourceAccess": [*scopes, *roles]}


def scopes_reader(stored: Iterable[PermissionScope], new_id: NewId) -> Read[tuple[PermissionScope, ...]]:
    """Scopes written without an id keep that of the stored scope of the same value, or get a new one."""
    ids = {one.value.lower(): one.id for one in stored}
    return objects(lambda members: _scope(members, ids, new_id), "scope")


def roles_reader(stored: Iterable[AppRole], new_id: NewId) -> Read[tuple[AppRole, ...]]:
    """As `scopes_reader`."""
    ids = {one.value.lower(): one.id for one in stored}
    return objects(lambda members: _role(members, ids, new_id), "app role")


def _scope(members: Members, ids: Mapping[str, PermissionId], new_id: NewId) -> PermissionScope:
    value = members.required("value", _value)
    scope = PermissionScope(
        id=_id(members, value, ids, new_id),
        value=value,
        admin_only=members.given("type", choice("User", "Admin"), "User") == "Admin",
        is_enabled=members.given("isEnabled", boolean, stored=True),
        admin_consent_display_name=members.required("adminConsentDisplayName", _TITLE),
        admin_consent_description=members.required("adminConsentDescription", _WORDS),
        user_consent_display_name=members.nullable("userConsentDisplayName", line(100, empty=True), None) or None,
        user_consent_description=members.nullable("userConsentDescription", line(1000, empty=True), None) or None,
    )
    members.only("origin", "Application", why="The origin of a scope is always Application: leave it out.")
    return scope


def _role(members: Members, ids: Mapping[str, PermissionId], new_id: NewId) -> AppRole:
    value = members.required("value", _value)
    role = AppRole(
        id=_id(members, value, ids, new_id),
        value=value,
        display_name=members.required("displayName", line(250)),
        description=members.required("description", _WORDS),
        allowed_member_types=members.required("allowedMemberTypes", _member_types),
        is_enabled=members.given("isEnabled", boolean, stored=True),
    )
    members.only("origin", "Application", why="The origin of an app role is always Application: leave it out.")
    return role


def _id(members: Members, value: str, ids: Mapping[str, PermissionId], new_id: NewId) -> PermissionId:
    given = members.nullable("id", guid, None)
    return PermissionId(given or ids.get(value.lower()) or new_id())


def _value(value: object, path: str) -> str:
    found = text(value, path)
    if not VALUE.fullmatch(found):
        raise MemberFault(
            f"{path} is 1 to 120 letters, digits and punctuation without blanks, not {said(found)}.", path
        )
    return found


def _member_types(value: object, path: str) -> frozenset[str]:
    found = each(choice(*_MEMBER_TYPES))(value, path)
    if not found:
        raise MemberFault(f"{path} names who may hold the role: {', '.join(_MEMBER_TYPES)}, or both.", path)
    return frozenset(found)


def required_access(value: object, path: str) -> tuple[RequiredResourceAccess, ...]:
    found = objects(_required, "required resource")(value, path)
    without_doubles([one.resource_app_id for one in found], "resource", path)
    return found


def _required(members: Members) -> RequiredResourceAccess:
    path = members.path_of("resourceAccess")
    resource = ClientId(members.required("resourceAppId", guid))
    permissions = members.required("resourceAccess", objects(_permission, "required permission"))
    without_doubles([permission_id for permission_id, _ in permissions], "permission", path)
    return RequiredResourceAccess(
        resource_app_id=resource,
        scopes=tuple(PermissionId(one) for one, kind in permissions if kind == "Scope"),
        roles=tuple(PermissionId(one) for one, kind in permissions if kind == "Role"),
    )


def _permission(members: Members) -> tuple[str, str]:
    return members.required("id", guid), members.required("type", choice("Scope", "Role"))

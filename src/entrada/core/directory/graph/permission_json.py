"""Scopes and app roles as Graph writes them.  Graph: permissionScope, appRole; reference section 37."""

from entrada.core.directory.permission import AppRole, PermissionScope


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


def app_role_json(role: AppRole) -> dict[str, object]:
    return {
        "allowedMemberTypes": sorted(role.allowed_member_types),
        "description": role.description,
        "displayName": role.display_name,
        "id": role.id,
        "isEnabled": role.is_enabled,
        "origin": "Application",
        "value": role.value,
    }

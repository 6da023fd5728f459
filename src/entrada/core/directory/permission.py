"""What an API offers: delegated scopes and app roles.  Graph: permissionScope, appRole, requiredResourceAccess."""

import re
from typing import Final

from attrs import frozen

from entrada.core.directory.ids import ClientId, PermissionId

VALUE: Final = re.compile(r"[!#-\[\]-~]{1,120}")
"""Of a scope's or an app role's value: reference section 37: no space, no double quote, ours: no backslash."""


@frozen(kw_only=True)
class PermissionScope:
    id: PermissionId
    value: str
    admin_only: bool = False  # Graph: type "Admin"
    is_enabled: bool = True
    admin_consent_display_name: str
    admin_consent_description: str
    user_consent_display_name: str | None = None
    user_consent_description: str | None = None


@frozen(kw_only=True)
class AppRole:
    id: PermissionId
    value: str
    display_name: str
    description: str
    allowed_member_types: frozenset[str]  # "User", "Application"
    is_enabled: bool = True


@frozen(kw_only=True)
class RequiredResourceAccess:
    """The static permissions of a registration, all that `.default` stands for."""

    resource_app_id: ClientId
    scopes: tuple[PermissionId, ...] = ()
    roles: tuple[PermissionId, ...] = ()

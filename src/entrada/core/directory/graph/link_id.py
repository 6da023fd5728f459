"""The ids that Graph gives to permission grants and app role assignments.  Reference section 38.

Both are known by what they join, so the id is that: the bytes of the three GUIDs in base64url, opaque to clients.
"""

from typing import Final
from uuid import UUID

from entrada.core.directory.entity_key import ALL_PRINCIPALS, Key, principal_key
from entrada.core.directory.ids import TenantId
from entrada.core.directory.service_principal import AppRoleAssignment, PermissionGrant
from entrada.core.jose import base64url

_GUIDS: Final = 3
_GUID_BYTES: Final = 16
_NOBODY: Final = str(UUID(int=0))


def grant_id(grant: PermissionGrant) -> str:
    return _packed(grant.client_id, grant.resource_id, principal_key(grant.principal_id) or _NOBODY)


def grant_key(tenant_id: TenantId, text: str) -> Key | None:
    """The key of the grant with this id; None where *text* is no id."""
    guids = _unpacked(text)
    if guids is None:
        return None
    client_id, resource_id, principal_id = guids
    return tenant_id, client_id, ALL_PRINCIPALS if principal_id == _NOBODY else principal_id, resource_id


def assignment_id(assignment: AppRoleAssignment) -> str:
    return _packed(assignment.principal_id, assignment.resource_id, assignment.app_role_id)


def assignment_key(tenant_id: TenantId, text: str) -> Key | None:
    """The key of the assignment with this id; None where *text* is no id."""
    guids = _unpacked(text)
    return None if guids is None else (tenant_id, *guids)


def _packed(*guids: str) -> str:
    return base64url.encode(b"".join(UUID(one).bytes for one in guids))


def _unpacked(text: str) -> tuple[str, ...] | None:
    """One spelling alone is an id, so that two texts never mean the same object."""
    try:
        data = base64url.decode(text)
    except ValueError:
        return None
    if len(data) != _GUIDS * _GUID_BYTES:
        return None
    return tuple(str(UUID(bytes=data[at : at + _GUID_BYTES])) for at in range(0, len(data), _GUID_BYTES))

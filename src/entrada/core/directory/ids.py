"""The identifiers of the directory, each a GUID in its canonical lower-case text.  Graph's `id` and `appId`."""

import re
from typing import Final, NewType

TenantId = NewType("TenantId", str)
UserId = NewType("UserId", str)
GroupId = NewType("GroupId", str)
ClientId = NewType("ClientId", str)  # Entra: application (client) ID, `appId`
ApplicationId = NewType(
    "ApplicationId", str
)  # Graph: the `id` of the application object, never seen on the wire of OAuth
ServicePrincipalId = NewType("ServicePrincipalId", str)
PermissionId = NewType("PermissionId", str)  # a scope's or an app role's `id`: one namespace per application
SessionId = NewType("SessionId", str)
FamilyId = NewType("FamilyId", str)

ANY_TENANT = TenantId("00000000-0000-0000-0000-000000000000")
"""Stands where an artefact belongs to a browser or to the installation, not to one tenant."""


_GUID: Final = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")


def parse_guid(text: str) -> str | None:
    """*text* as a canonical GUID, or None when it is none; braces and URN forms are refused, unlike `uuid.UUID`."""
    return text.lower() if _GUID.fullmatch(text) else None

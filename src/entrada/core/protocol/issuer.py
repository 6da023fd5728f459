"""Who signs, as text.  Reference section 2, with our origin in place of Microsoft's two hosts."""

from entrada.core.directory.ids import TenantId
from entrada.core.protocol.version import Version

TEMPLATE = "{tenantid}"  # stands in metadata of /common and /organizations, braces included


def issuer(origin: str, tenant: TenantId | str, version: Version) -> str:
    # Entra's v1 issuer lives on another host; ours lives on the one origin and keeps the trailing slash.
    return f"{origin}/{tenant}/v2.0" if version is Version.V2 else f"{origin}/{tenant}/"

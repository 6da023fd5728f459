"""Whether the gateway holds a secret that stands in our documentation: production does not start with one."""

from entrada.core.credentials.documented import DOCUMENTED
from entrada.server.usecases.gateway.load import load_configuration
from entrada.server.usecases.installation import Installation


async def find_documented(here: Installation) -> str | None:
    """A name for one, or None."""
    if here.gateway is None:
        return None
    found = await load_configuration(here, here.gateway.tenant_id)
    for server in found.authorization_servers.values():
        if {server.client_secret, server.resource_owner_password} & DOCUMENTED:
            return f"A secret of the gateway's authorization server {server.id}"
    for provider in found.openid_providers.values():
        if provider.client_secret in DOCUMENTED:
            return f"The client secret of the gateway's OpenID Connect provider {provider.id}"
    return None

"""How long tokens live, and whose policy says so.  Reference section 33."""

from typing import Final

from entrada.core.directory.application import Application
from entrada.core.directory.service_principal import ServicePrincipal
from entrada.core.directory.tenant import Tenant
from entrada.core.jose.numeric_date import Seconds

ID_TOKEN_LIFETIME: Final = Seconds(3600)
LONGEST_ACCESS_TOKEN: Final = Seconds(24 * 60 * 60)  # that a policy may ask for
_LEAST: Final = 3600
_SPREAD: Final = 1800  # Entra: random, 60 to 90 minutes, so that refreshes do not come in waves


def nearest_policy(tenant: Tenant, resource: Application, principal: ServicePrincipal | None) -> Seconds | None:
    """The API decides, not the client: its service principal in the tenant, then its registration, then the tenant."""
    here = principal.access_token_lifetime if principal else None
    return here or resource.access_token_lifetime or tenant.policies.access_token_lifetime


def access_token_lifetime(policy: Seconds | None, random_byte: int) -> Seconds:
    return policy or Seconds(_LEAST + _SPREAD * random_byte // 255)

"""May this client be used at this authority at all?  Reference section 1.2."""

from entrada.core.directory.application import Application
from entrada.core.directory.service_principal import ServicePrincipal
from entrada.core.errors import catalogue as why
from entrada.core.errors.reason import Refusal
from entrada.core.protocol.audience import Authority


def refuse_client(
    client_id: str, client: Application | None, principal: ServicePrincipal | None, authority: Authority
) -> Refusal | None:
    """*principal* is the client's service principal in the authority's tenant, if there is one."""
    facts = {"client_id": client_id, "tenant": authority.name}
    # Unknown and not-for-this-tenant answer alike: a refusal never says what we know of other tenants.
    if client is None:
        return Refusal(why.CLIENT_NOT_FOUND, facts)
    if authority.tenant is None:
        refused = None if client.is_multi_tenant else Refusal(why.NOT_MULTI_TENANT, facts)
    else:
        usable = client.may_be_used_in(authority.tenant.id)
        refused = None if usable else Refusal(why.CLIENT_NOT_FOUND, facts)
    if refused is None and not (client.enabled and (principal is None or principal.account_enabled)):
        return Refusal(why.CLIENT_DISABLED, facts)
    return refused

"""Record a consent: the grants it makes, and the service principals it installs.  Reference section 27."""

from entrada.core.directory.derived_id import service_principal_id
from entrada.core.directory.ids import ClientId, TenantId
from entrada.core.directory.service_principal import ServicePrincipal
from entrada.core.protocol.consent.decide import Ask
from entrada.core.protocol.consent.give import give, install
from entrada.core.protocol.effects import Effect, PutEntity
from entrada.server.store.port import StoreContended
from entrada.server.usecases import holdings
from entrada.server.usecases.authorize import Consenting
from entrada.server.usecases.installation import Installation


async def give_consent(here: Installation, consenting: Consenting, *, for_all: bool) -> bool:
    """Whether it was given for all: *for_all* counts only for whoever may.  Raises StoreContended."""
    ask, user, client = consenting.ask, consenting.account.member, consenting.request.client
    if not isinstance(ask, Ask):
        raise TypeError("only what was asked can be consented to")
    principal_id = None if for_all and ask.may_consent_for_all else user.id
    has = consenting.held
    for _ in range(3):
        principals, installed = _principals(user.tenant_id, client.app_id, ask, has)
        grants = give(ask.permissions, principals[client.app_id], principals, has.grants, principal_id)
        if await here.store.commit((*installed, *grants)):
            return principal_id is None
        # Another tab or replica consented between our look and our commit: look again.
        has = await holdings.gather(here.store, consenting.request.scopes, client, user)
    raise StoreContended


def _principals(
    tenant_id: TenantId, client_id: ClientId, ask: Ask, has: holdings.Holdings
) -> tuple[dict[ClientId, ServicePrincipal], tuple[Effect, ...]]:
    principals = dict(has.principals)
    installed: list[Effect] = []
    for app_id in (client_id, *(permission.resource.app_id for permission in ask.permissions)):
        if app_id not in principals:
            principals[app_id] = install(tenant_id, app_id, service_principal_id)
            installed.append(PutEntity(principals[app_id]))
    return principals, tuple(installed)

"""The sign-in behind an access token of ours, and whether it still stands: read out of the token's `aio`."""

from collections.abc import Iterable

from entrada.core.directory.application import Application
from entrada.core.directory.ids import ClientId, TenantId
from entrada.core.directory.user import User
from entrada.core.protocol import lifetimes
from entrada.core.protocol.artefacts import purposes
from entrada.core.protocol.artefacts.origin import Origin, unpack_origin
from entrada.core.protocol.audience import Authority
from entrada.core.protocol.client_authentication.client_at_authority import refuse_client
from entrada.core.sealing.envelope import NotSealed
from entrada.server.store.port import DirectoryReader
from entrada.server.usecases.installation import Installation
from entrada.server.usecases.lookup import find_application


def open_origin(here: Installation, aio: str) -> Origin | None:
    try:
        opened = here.open(aio, purpose=purposes.ORIGIN, lifetime=lifetimes.FAMILY)
        return unpack_origin(opened.tenant, opened.payload)
    except NotSealed:
        return None


async def still_stands(here: Installation, aio: str, account: User, audience: ClientId) -> bool:
    """It is for *audience*, and neither its refresh tokens nor its *account*'s sessions have been revoked since."""
    origin = open_origin(here, aio)
    if origin is None or origin.audience != audience or account.sign_in_sessions_valid_from > origin.authenticated_at:
        return False
    family = await here.store.find_family(origin.key)
    return family is not None and family.revoked_at is None


async def find_welcome(store: DirectoryReader, tenant_id: TenantId, client_id: ClientId) -> Application | None:
    """The application, as long as it may be used in the tenant."""
    tenant = await store.find_tenant(tenant_id)
    if tenant is None or not tenant.enabled:
        return None
    client = await find_application(store, client_id)
    principal = await store.find_service_principal(tenant_id, client_id)
    return client if refuse_client(client_id, client, principal, Authority(tenant.id, tenant)) is None else None


async def first_switched_off(
    store: DirectoryReader, tenant_id: TenantId, client_ids: Iterable[ClientId]
) -> ClientId | None:
    for client_id in dict.fromkeys(client_ids):
        if await find_welcome(store, tenant_id, client_id) is None:
            return client_id
    return None

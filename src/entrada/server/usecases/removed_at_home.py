"""Was an application's service principal deleted in its own tenant?  Then nobody signs in with it there, as at Entra.

One that was never stored there is present all the same (`core/directory/presence.py`).  A deletion leaves an item that
can be restored, and that is what tells the two apart; where it was deleted for good, the application counts as one
that was never stored.
"""

from entrada.core.directory.application import Application
from entrada.core.directory.deleted_item import DeletedItem
from entrada.core.directory.derived_id import service_principal_id
from entrada.core.directory.ids import TenantId
from entrada.core.directory.service_principal import ServicePrincipal
from entrada.server.store.port import Store


async def is_removed(
    store: Store, application: Application, stored: ServicePrincipal | None, tenant_id: TenantId
) -> bool:
    """*stored* is its service principal in the tenant."""
    if stored is not None or application.tenant_id != tenant_id:
        return False
    own_id = service_principal_id(tenant_id, application.app_id)
    return await store.find_entity(DeletedItem, (tenant_id, own_id)) is not None

"""Is an application present in a tenant?  Reference section 37.

Its service principal there says so.  At home it is present from the start, stored or not, and so is Microsoft Graph
everywhere: the id follows from the names, so that it is the same before and after somebody stores it.
"""

from entrada.core.directory.application import Application
from entrada.core.directory.derived_id import service_principal_id
from entrada.core.directory.ids import TenantId
from entrada.core.directory.microsoft_graph import MICROSOFT_GRAPH
from entrada.core.directory.service_principal import ServicePrincipal


def presence(application: Application, stored: ServicePrincipal | None, tenant_id: TenantId) -> ServicePrincipal | None:
    if stored is not None:
        return stored
    if tenant_id != application.tenant_id and application is not MICROSOFT_GRAPH:
        return None
    app_id = application.app_id
    return ServicePrincipal(id=service_principal_id(tenant_id, app_id), tenant_id=tenant_id, app_id=app_id)

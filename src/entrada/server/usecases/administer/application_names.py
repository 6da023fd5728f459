"""What an application would be known by, and somebody else is known by already.  Reference section 37.

Identifier URIs are unique in their tenant.  A multi-tenant application's are its own everywhere, for every tenant
issues tokens for it; what may stand in them leaves little room for this: domains that lie below another tenant's, or
have moved.
"""

from typing import Final

from entrada.core.directory.administration.problem import Problem, taken
from entrada.core.directory.application import Application
from entrada.core.directory.deleted_item import DeletedItem
from entrada.core.directory.ids import ClientId, TenantId
from entrada.core.directory.microsoft_graph import MICROSOFT_GRAPH
from entrada.core.directory.my_account import MY_ACCOUNT
from entrada.core.directory.portal import APP_ID as PORTAL
from entrada.core.directory.query.condition import Compare, Op
from entrada.core.directory.query.query import Query
from entrada.server.store.port import Store

_BUILT_IN: Final = frozenset({MICROSOFT_GRAPH.app_id, MY_ACCOUNT.app_id, PORTAL})


async def refuse_taken(store: Store, before: Application | None, after: Application) -> Problem | None:
    """*before* is what is stored: a name that it holds already is not looked for again, unless it reaches further."""
    for uri in after.identifier_uris:
        if before is None or uri not in before.identifier_uris:
            holder = await store.find_application_by_uri(after.tenant_id, uri)
            if holder is not None and holder.id != after.id:
                return _taken(uri, f"the application '{holder.display_name}'")
    if before is None or _reach(before) != _reach(after):
        return await _refuse_elsewhere(store, after)
    return None


def _reach(application: Application) -> tuple[object, ...]:
    return application.identifier_uris, application.is_multi_tenant


async def _refuse_elsewhere(store: Store, application: Application) -> Problem | None:
    if not application.identifier_uris:
        return None
    for tenant in await store.list_tenants():
        for uri in application.identifier_uris if tenant.id != application.tenant_id else ():
            holder = await store.find_application_by_uri(tenant.id, uri)
            if holder is not None and (holder.is_multi_tenant or application.is_multi_tenant):
                return _taken(uri, "an application of another tenant")
    return None


def _taken(uri: str, by: str) -> Problem:
    return taken(f"The identifier URI {uri} is already taken by {by}: choose another one.", "identifierUris")


async def refuse_app_id(store: Store, app_id: ClientId) -> Problem | None:
    """An appId that is kept from elsewhere must be nobody's, now or before.

    Where a service principal of it is left in some tenant, a new application of this appId would inherit what people
    there granted to the old one; and so it would where one can still be restored.
    """
    if app_id not in _BUILT_IN and await store.find_application(app_id) is None:
        known = [await _knew(store, tenant.id, app_id) for tenant in await store.list_tenants()]
        if not any(known):
            return None
    return taken(
        f"The appId {app_id} is already taken, by an application that is here or was deleted and can be restored: "
        "leave it out, and the new one gets an appId of its own.",
        "appId",
    )


async def _knew(store: Store, tenant_id: TenantId, app_id: ClientId) -> bool:
    if await store.find_service_principal(tenant_id, app_id) is not None:
        return True
    deleted = await store.list_page(DeletedItem, tenant_id, Query(where=Compare("app_id", Op.EQ, app_id), top=1))
    return bool(deleted.items)

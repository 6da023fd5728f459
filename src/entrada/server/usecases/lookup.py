"""Find tenants, applications and resources by the names that requests use."""

import re
from collections.abc import Iterable
from typing import Final

from entrada.core.directory.application import Application
from entrada.core.directory.ids import ClientId, TenantId, parse_guid
from entrada.core.directory.microsoft_graph import APP_ID, IDENTIFIER_URIS, MICROSOFT_GRAPH
from entrada.core.directory.tenant import Tenant
from entrada.core.protocol.audience import Authority, Global
from entrada.server.store.port import DirectoryReader

_SEGMENT: Final = re.compile(r"[a-z0-9.\-]{1,253}")


async def find_authority(store: DirectoryReader, segment: str) -> Authority | None:
    """The tenant segment of a path: a GUID, a verified domain, `common` or `organizations`, in any case."""
    folded = segment.lower()
    if folded in (Global.COMMON, Global.ORGANIZATIONS):
        return Authority(folded, None)
    # Nothing else is looked up: a database may choke on what strangers put into a path.
    tenant = await _find_tenant(store, folded) if _SEGMENT.fullmatch(folded) else None
    return Authority(tenant.id, tenant) if tenant is not None and tenant.enabled else None


async def find_application(store: DirectoryReader, client_id: str) -> Application | None:
    app_id = parse_guid(client_id)
    if app_id is None:
        return None
    return MICROSOFT_GRAPH if app_id == APP_ID else await store.find_application(ClientId(app_id))


async def find_resources(
    store: DirectoryReader, identifiers: Iterable[str], tenants: Iterable[TenantId], *, origin: str
) -> dict[str, Application]:
    """By identifier as spelled, those that one of *tenants* knows: the request's own first, then the client's home.

    *origin* is ours, where Graph answers.  A cloud's Graph is named by its address there: az knows one word for both.
    """
    among = tuple(dict.fromkeys(tenants))
    graph = (origin, f"{origin}/")
    found = {one: MICROSOFT_GRAPH if one in graph else await _find_by_name(store, one, among) for one in identifiers}
    return {identifier: resource for identifier, resource in found.items() if resource is not None}


async def _find_tenant(store: DirectoryReader, folded: str) -> Tenant | None:
    guid = parse_guid(folded)
    return await (store.find_tenant(TenantId(guid)) if guid else store.find_tenant_by_domain(folded))


async def _find_by_name(store: DirectoryReader, identifier: str, tenants: tuple[TenantId, ...]) -> Application | None:
    # A client doubles the slash for an identifier that ends in one (reference section 26), and ours never do.
    bare = identifier.removesuffix("/")
    found = await _find_resource(store, identifier, tenants)
    return await _find_resource(store, bare, tenants) if found is None and bare != identifier else found


async def _find_resource(store: DirectoryReader, identifier: str, tenants: tuple[TenantId, ...]) -> Application | None:
    if identifier in IDENTIFIER_URIS:
        return MICROSOFT_GRAPH
    by_id = await find_application(store, identifier)
    if by_id is not None:
        known = any(by_id.may_be_used_in(tenant_id) for tenant_id in tenants)
        return by_id if known and by_id.enabled else None
    for tenant_id in tenants:
        resource = await store.find_application_by_uri(tenant_id, identifier)
        if resource is not None and resource.may_be_used_in(tenants[0]):
            return resource if resource.enabled else None
    return None

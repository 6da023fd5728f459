"""Gather what a client holds for a user: grants, service principals, resources.  Everything consent decides by."""

from attrs import frozen

from entrada.core.directory.application import Application
from entrada.core.directory.ids import ClientId, TenantId
from entrada.core.directory.microsoft_graph import MICROSOFT_GRAPH
from entrada.core.directory.service_principal import PermissionGrant, ServicePrincipal
from entrada.core.directory.user import User
from entrada.core.protocol.consent.held import Held, held
from entrada.core.protocol.scope import ScopeRequest
from entrada.server.store.port import DirectoryReader
from entrada.server.usecases.lookup import find_application


@frozen(kw_only=True)
class Holdings:
    resources: dict[ClientId, Application]
    principals: dict[ClientId, ServicePrincipal]  # of the resources and the client, in the user's tenant
    grants: tuple[PermissionGrant, ...]
    held: Held


async def gather(
    store: DirectoryReader, scopes: ScopeRequest, client: Application, user: User, *, whole: bool = False
) -> Holdings:
    """On what *scopes* name, and on all that the registration lists where they stand for it, or *whole* says so."""
    resources = await _resources(store, scopes, client, user.tenant_id, whole=whole)
    principals: dict[ClientId, ServicePrincipal] = {}
    for app_id in (client.app_id, *resources):
        principal = await store.find_service_principal(user.tenant_id, app_id)
        if principal is not None:
            principals[app_id] = principal
    own = principals.get(client.app_id)
    grants = await store.find_grants(user.tenant_id, own.id, user.id) if own else ()
    pairs = [(resource, principals.get(app_id)) for app_id, resource in resources.items()]
    return Holdings(resources=resources, principals=principals, grants=grants, held=held(client, pairs, grants))


async def _resources(
    store: DirectoryReader, scopes: ScopeRequest, client: Application, tenant_id: TenantId, *, whole: bool
) -> dict[ClientId, Application]:
    """Only what may be used in the user's tenant: another tenant's own API is neither consented to nor granted."""
    found = {MICROSOFT_GRAPH.app_id: MICROSOFT_GRAPH}
    named = (part.resource for part in scopes.resources)
    found |= {resource.app_id: resource for resource in named if resource.may_be_used_in(tenant_id)}
    if whole or any(part.default for part in scopes.resources):
        for access in client.required_resource_access:
            resource = found.get(access.resource_app_id) or await find_application(store, access.resource_app_id)
            if resource is not None and resource.enabled and resource.may_be_used_in(tenant_id):
                found[resource.app_id] = resource
    return found

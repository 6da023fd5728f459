"""Who may change what an application is trusted by, where the application could make its own administrators.

Whoever holds such an application's credentials holds its permissions.  So they are changed by those alone who could
have given it these permissions; Entra leaves that gap open.  Delegated permissions do not count: with them an
application does no more than whoever is signed in.
"""

from typing import Final

from entrada.core.directory.administration.actor import Actor
from entrada.core.directory.administration.problem import Problem, denied
from entrada.core.directory.application import Application
from entrada.core.directory.deleted_item import DeletedItem
from entrada.core.directory.derived_id import service_principal_id
from entrada.core.directory.directory_role import GRAPH_ROLE_CONSENTING
from entrada.core.directory.ids import ServicePrincipalId, TenantId
from entrada.core.directory.microsoft_graph import APP_ID, MICROSOFT_GRAPH
from entrada.core.directory.presence import presence
from entrada.core.directory.service_principal import AppRoleAssignment
from entrada.server.store.port import Store
from entrada.server.usecases.installation import Installation

_GIVING: Final = frozenset({"AppRoleAssignment.ReadWrite.All", "RoleManagement.ReadWrite.Directory"})
_TRUSTED_BY: Final = (
    "client_secrets",
    "certificates",
    "federated_credentials",
    "redirect_uris",
    "identifier_uris",
    "is_fallback_public_client",
)


async def refuse_trusting(
    here: Installation, actor: Actor, before: Application, after: Application | None = None
) -> Problem | None:
    """*after*: the same with what it is trusted by from now on; None where that is its owners."""
    touched = after is None or any(getattr(before, name) != getattr(after, name) for name in _TRUSTED_BY)
    if not touched or _may_give(actor) or not await _holds_graph_roles(here.store, before):
        return None
    return _refusal(before.display_name)


async def refuse_bringing_back(here: Installation, actor: Actor, item: DeletedItem) -> Problem | None:
    """What was deleted may have got other credentials meanwhile, or an owner with them."""
    if _may_give(actor):
        return None
    graph = await _graph_in(here.store, item.tenant_id)
    principal, application = item.service_principal, item.application
    own_id = principal.id if principal else application and service_principal_id(item.tenant_id, application.app_id)
    held = any(one.principal_id == own_id and one.resource_id == graph for one in item.assignments)
    if held or (application is not None and await _holds_graph_roles(here.store, application)):
        return _refusal(item.display_name)
    return None


def _may_give(actor: Actor) -> bool:
    """Permissions of Microsoft Graph, to an application: and so use another's."""
    if actor.operator:
        return True
    if actor.user is not None:
        return not actor.user.directory_roles.isdisjoint(GRAPH_ROLE_CONSENTING)
    return not actor.permissions.isdisjoint(_GIVING)


def _refusal(name: str) -> Problem:
    return denied(
        f"Insufficient privileges: {name} holds application permissions of Microsoft Graph, which whoever changes what "
        "it is trusted by could use, so it takes a Global Administrator, a Privileged Role Administrator, or an "
        f"application with {' or '.join(sorted(_GIVING))}."
    )


async def _holds_graph_roles(store: Store, application: Application) -> bool:
    """In any tenant: what it proves itself by is the same in all of them."""
    return any([await _holds_in(store, application, tenant.id) for tenant in await store.list_tenants()])


async def _holds_in(store: Store, application: Application, tenant_id: TenantId) -> bool:
    stored = await store.find_service_principal(tenant_id, application.app_id)
    principal = presence(application, stored, tenant_id)
    if principal is None:
        return False
    held: tuple[AppRoleAssignment, ...] = await store.find_app_role_assignments(tenant_id, principal.id)
    graph = await _graph_in(store, tenant_id) if held else None
    return any(one.resource_id == graph for one in held)


async def _graph_in(store: Store, tenant_id: TenantId) -> ServicePrincipalId:
    stored = await store.find_service_principal(tenant_id, APP_ID)
    principal = presence(MICROSOFT_GRAPH, stored, tenant_id)
    return principal.id if principal else service_principal_id(tenant_id, APP_ID)

"""Consent for a whole organization: what is asked, whether whoever signed in may give it, and writing it down.

Reference section 28.
"""

from attrs import frozen

from entrada.core.directory.administration import own_activities as did
from entrada.core.directory.administration.actor import Actor
from entrada.core.directory.application import Application
from entrada.core.directory.entity import Entity
from entrada.core.directory.microsoft_graph import MICROSOFT_GRAPH
from entrada.core.directory.service_principal import AppRoleAssignment, ServicePrincipal
from entrada.core.directory.user import User
from entrada.core.errors.reason import Refusal
from entrada.core.protocol.authorize.request import AuthorizeRequest
from entrada.core.protocol.consent.for_organization import OrganizationAsk, refuse_user, stand_for
from entrada.core.protocol.consent.permission import ApplicationPermission
from entrada.core.protocol.effects import Effect, PutEntity
from entrada.core.protocol.version import Version
from entrada.server.store.port import StoreContended
from entrada.server.usecases import holdings
from entrada.server.usecases.ask_consent import Around, gather_apis
from entrada.server.usecases.audited import audited
from entrada.server.usecases.give_consent import delegated, existing_grants, settle_in
from entrada.server.usecases.installation import Installation
from entrada.server.usecases.link_ends import still_there

_ATTEMPTS = 3


@frozen
class Proposal:
    """What the page shows.  With a *refusal* it says why whoever signed in may not accept."""

    ask: OrganizationAsk
    refusal: Refusal | None


async def propose(here: Installation, request: AuthorizeRequest, user: User) -> Proposal | Refusal:
    """*user* is the account as the organization knows it.  A refusal concerns the request, whoever signs in."""
    around = await _gather(here, request, user)
    ask = stand_for(request.scopes, request.client, MICROSOFT_GRAPH, around.known, request.version)
    return ask if isinstance(ask, Refusal) else Proposal(ask, refuse_user(ask, user, MICROSOFT_GRAPH))


async def accept(here: Installation, by: Actor, request: AuthorizeRequest, user: User, ask: OrganizationAsk) -> None:
    """Grant what was shown to an administrator who may grant it.  Raises StoreContended."""
    client = request.client
    for _ in range(_ATTEMPTS):
        around = await _gather(here, request, user)
        principals, installed = settle_in(user.tenant_id, client.app_id, ask.named, around.principals)
        grants = delegated(ask.permissions, client, principals, around, None)
        roles = [
            await _assign(here, one, principals[(one.through or client).app_id], principals[one.resource.app_id])
            for one in ask.roles
        ]
        given = (*installed, *grants, *(effect for of in roles for effect in of))
        there, holder = existing_grants(around), principals[client.app_id]
        named: tuple[Entity, ...] = (client, user, *(one.resource for one in ask.roles), *principals.values())
        effects = audited(here, by, did.CONSENT, given, *there, about=holder, at_hand=named)
        if await here.store.commit((*still_there(effects, around.principals.values()), *effects)):
            return
    raise StoreContended


async def _gather(here: Installation, request: AuthorizeRequest, user: User) -> Around:
    whole = request.version is Version.V1
    own = await holdings.gather(here.store, request.scopes, request.client, user, whole=whole)
    by_default = [part.resource for part in request.scopes.resources if part.default]
    return Around(
        own, await gather_apis(here.store, _listed(own, request.client) if whole else by_default, request.client, user)
    )


def _listed(own: holdings.Holdings, client: Application) -> list[Application]:
    ids = [access.resource_app_id for access in client.required_resource_access]
    return [own.resources[app_id] for app_id in ids if app_id in own.resources]


async def _assign(
    here: Installation, one: ApplicationPermission, holder: ServicePrincipal, resource: ServicePrincipal
) -> tuple[Effect, ...]:
    """The app role, unless the holder has it."""
    there = await here.store.find_app_role_assignments(holder.tenant_id, holder.id)
    if any((other.resource_id, other.app_role_id) == (resource.id, one.role.id) for other in there):
        return ()
    assignment = AppRoleAssignment(
        tenant_id=holder.tenant_id, principal_id=holder.id, resource_id=resource.id, app_role_id=one.role.id
    )
    return (PutEntity(assignment),)

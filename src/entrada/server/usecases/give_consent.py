"""Write down what somebody consented to, with the service principals it brings into the tenant."""

from collections.abc import Iterable

from entrada.core.directory.administration import own_activities as did
from entrada.core.directory.administration.actor import Actor
from entrada.core.directory.application import Application
from entrada.core.directory.derived_id import service_principal_id
from entrada.core.directory.entity import Entity
from entrada.core.directory.ids import ClientId, TenantId, UserId
from entrada.core.directory.service_principal import PermissionGrant, ServicePrincipal
from entrada.core.directory.user import User
from entrada.core.protocol.consent.decide import Ask
from entrada.core.protocol.consent.give import give, install
from entrada.core.protocol.consent.permission import Grantable, Permission
from entrada.core.protocol.effects import Effect, PutEntity
from entrada.server.store.port import StoreContended
from entrada.server.usecases.ask_consent import Around, gather
from entrada.server.usecases.audited import audited
from entrada.server.usecases.authorize import Consenting
from entrada.server.usecases.installation import Installation
from entrada.server.usecases.link_ends import still_there

_ATTEMPTS = 3


async def give_consent(here: Installation, by: Actor, consenting: Consenting, *, for_all: bool) -> bool:
    """Whether it was given for all: *for_all* counts only for whoever may.  Raises StoreContended."""
    ask, user, request = consenting.ask, consenting.account.member, consenting.request
    if not isinstance(ask, Ask):
        raise TypeError("only what was asked can be consented to")
    principal_id = None if for_all and ask.may_consent_for_all else user.id
    # For oneself only what is missing: what an administrator gave stays the administrator's, to be taken back.
    permissions = ask.missing if principal_id else ask.permissions
    for _ in range(_ATTEMPTS):
        around = await gather(here.store, request.scopes, request.client, user)
        principals, installed = settle_in(user.tenant_id, request.client.app_id, permissions, around.principals)
        grants = delegated(permissions, request.client, principals, around, principal_id)
        there, client = existing_grants(around), principals[request.client.app_id]
        named: tuple[Entity, ...] = (request.client, user, *around.principals.values(), *principals.values())
        effects = audited(here, by, did.CONSENT, (*installed, *grants), *there, about=client, at_hand=named)
        there_still = still_there(effects, [*around.principals.values(), await _now(here, user)])
        if await here.store.commit((*there_still, *effects)):
            return principal_id is None
        # Another tab or replica consented between our look and our commit: look again.
    raise StoreContended


async def _now(here: Installation, user: User) -> User:
    """As it was looked at before, where it is gone: then nothing is written for it."""
    return await here.store.find_user(user.tenant_id, user.id) or user


def settle_in(
    tenant_id: TenantId,
    client_id: ClientId,
    permissions: Iterable[Grantable],
    there: dict[ClientId, ServicePrincipal],
) -> tuple[dict[ClientId, ServicePrincipal], tuple[PutEntity, ...]]:
    """The service principals of everybody concerned, and the effects that make those that are not *there* yet."""
    principals = dict(there)
    installed: list[PutEntity] = []
    named = [app for one in permissions for app in (one.resource, one.through) if app is not None]
    for app_id in (client_id, *(app.app_id for app in named)):
        if app_id not in principals:
            principals[app_id] = install(tenant_id, app_id, service_principal_id)
            installed.append(PutEntity(principals[app_id]))
    return principals, tuple(installed)


def existing_grants(around: Around) -> tuple[PermissionGrant, ...]:
    return (*around.own.grants, *(grant for api in around.apis.values() for grant in api.grants))


def delegated(
    permissions: Iterable[Permission],
    client: Application,
    principals: dict[ClientId, ServicePrincipal],
    around: Around,
    principal_id: UserId | None,
) -> tuple[Effect, ...]:
    """The grants of the client, and of the APIs whose own permissions were on the page."""
    by_holder: dict[ClientId, list[Permission]] = {}
    for one in permissions:
        by_holder.setdefault((one.through or client).app_id, []).append(one)
    effects: list[Effect] = []
    for app_id, theirs in by_holder.items():
        existing: tuple[PermissionGrant, ...] = (around.apis.get(app_id) or around.own).grants
        effects += give(theirs, principals[app_id], principals, existing, principal_id)
    return tuple(effects)

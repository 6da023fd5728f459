"""What a person has consented to, and how it is taken back."""

from attrs import frozen

from entrada.core.directory.administration import own_activities as did
from entrada.core.directory.administration.actor import Actor
from entrada.core.directory.application import Application
from entrada.core.directory.ids import ServicePrincipalId, TenantId
from entrada.core.directory.permission import PermissionScope
from entrada.core.directory.service_principal import PermissionGrant
from entrada.core.directory.user import User
from entrada.core.protocol.effects import RemoveEntity
from entrada.server.store.port import DirectoryReader, StoreContended
from entrada.server.usecases.audited import audited
from entrada.server.usecases.installation import Installation
from entrada.server.usecases.lookup import find_application

_ATTEMPTS = 3


@frozen(kw_only=True)
class ConsentRow:
    """One grant: what a client may do on one API, in the person's name."""

    client: Application
    client_principal_id: ServicePrincipalId
    resource: Application
    scopes: tuple[PermissionScope, ...]  # their words are on the consent page, too
    for_all: bool  # given for everybody by an administrator, who alone can take it back


async def list_consents(here: Installation, user: User) -> tuple[ConsentRow, ...]:
    """By client and API, of the clients that *user* has consented to, with what everybody consented them there.

    What administrators alone have granted to a client is theirs, and not listed.
    """
    own = await here.store.list_user_grants(user.tenant_id, user.id)
    clients = dict.fromkeys(grant.client_id for grant in own)
    grants = [one for client in clients for one in await here.store.find_grants(user.tenant_id, client, user.id)]
    rows = [await _row(here.store, grant) for grant in grants]
    return tuple(sorted((row for row in rows if row is not None), key=_in_order))


async def revoke_consent(here: Installation, by: Actor, user: User, client_principal_id: ServicePrincipalId) -> bool:
    """Take back everything *user* granted to the client, if anything; the next refresh already gets 65001.

    Grants for everybody stay: they are not one person's to take back.  Raises StoreContended.
    """
    for _ in range(_ATTEMPTS):
        grants = await here.store.find_grants(user.tenant_id, client_principal_id, user.id)
        own = [grant for grant in grants if grant.principal_id == user.id]
        if await here.store.commit(audited(here, by, did.TAKE_BACK_CONSENT, map(RemoveEntity, own))):
            return bool(own)
    raise StoreContended


async def _row(store: DirectoryReader, grant: PermissionGrant) -> ConsentRow | None:
    """None where the client or the API exists no more: nothing can be done with such a grant."""
    client = await _application(store, grant.tenant_id, grant.client_id)
    resource = await _application(store, grant.tenant_id, grant.resource_id)
    if client is None or resource is None:
        return None
    return ConsentRow(
        client=client,
        client_principal_id=grant.client_id,
        resource=resource,
        scopes=tuple(scope for scope in resource.scopes if scope.value in grant.scopes),
        for_all=grant.principal_id is None,
    )


async def _application(
    store: DirectoryReader, tenant_id: TenantId, principal_id: ServicePrincipalId
) -> Application | None:
    principal = await store.find_service_principal_by_id(tenant_id, principal_id)
    return await find_application(store, principal.app_id) if principal else None


def _in_order(row: ConsentRow) -> tuple[str, str, str, bool]:
    return row.client.display_name.casefold(), row.client.app_id, row.resource.display_name.casefold(), row.for_all

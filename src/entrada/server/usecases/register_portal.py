"""Keep the portal's own registration as this installation needs it: its redirect URIs, its secret.

It is looked at whenever somebody begins to sign in to the portal, so that a new origin or a restored database mends
itself, on whichever replica, and nothing has to be done when a server starts.
"""

from typing import Final

from attrs import evolve

from entrada.core.directory.application import Application
from entrada.core.directory.ids import ANY_TENANT
from entrada.core.directory.portal import APP_ID, is_the_portal, portal_application
from entrada.core.jose import base64url
from entrada.core.protocol.artefacts import purposes
from entrada.core.protocol.client_authentication.authenticate import secret_digest
from entrada.core.protocol.effects import Effect, PutEntity, RemoveEntity
from entrada.server.store.port import StoreContended
from entrada.server.usecases.installation import Installation

_ATTEMPTS: Final = 3


def portal_secret(here: Installation) -> str:
    """The same on every replica, since all have the master key."""
    return base64url.encode(here.keyring.lasting_key(purpose=purposes.PORTAL_SECRET, tenant=ANY_TENANT))


async def register_portal(here: Installation) -> None:
    wanted = portal_application(here.origin, secret_digest(portal_secret(here)))
    for _ in range(_ATTEMPTS):
        stored = await here.store.find_application(APP_ID)
        if stored == wanted:
            return
        if await here.store.commit(_replacing(stored, wanted)):
            return
    raise StoreContended


def _replacing(stored: Application | None, wanted: Application) -> tuple[Effect, ...]:
    if stored is not None and not is_the_portal(stored):
        # Data folders of before have it among a tenant's applications; the id is the portal's.
        return (RemoveEntity(stored), PutEntity(wanted))
    return (PutEntity(evolve(wanted, version=stored.version if stored is not None else 0)),)

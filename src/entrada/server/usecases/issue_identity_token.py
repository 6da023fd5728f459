"""A managed identity: a token for whatever runs on this machine, which proves nothing but that it runs here."""

from collections.abc import Sequence

from entrada.core.directory.ids import ClientId
from entrada.core.directory.presence import presence
from entrada.core.errors import catalogue as why
from entrada.core.errors.reason import Refusal
from entrada.core.protocol.claims_request import ClaimsRequest
from entrada.core.protocol.client_authentication.client_at_authority import refuse_client
from entrada.core.protocol.grants.client_credentials import decide
from entrada.core.protocol.managed_identity import PROOF, Identity, choose
from entrada.core.protocol.parameters import Parameters
from entrada.server.store.port import DirectoryReader
from entrada.server.usecases.asking import Issued
from entrada.server.usecases.installation import Installation
from entrada.server.usecases.issue_client_token import gather_facts, sign_app_token
from entrada.server.usecases.lookup import find_authority


async def issue_identity_token(
    here: Installation, served: Sequence[ClientId], parameters: Parameters
) -> Issued | Refusal:
    """*served* are the applications that this machine was given, the first of them as its own."""
    identifier = parameters.get("resource")
    if identifier is None:
        return Refusal(why.MISSING_PARAMETER, {"parameter": "resource"})
    found = [await _find(here.store, one) for one in served]
    chosen = choose(parameters, [one for one in found if one is not None])
    return chosen if isinstance(chosen, Refusal) else await _issue(here, chosen, identifier)


async def _find(store: DirectoryReader, app_id: ClientId) -> Identity | None:
    application = await store.find_application(app_id)
    if application is None:
        return None
    home = application.tenant_id
    principal = presence(application, await store.find_service_principal(home, app_id), home)
    return Identity(application, principal) if principal is not None else None


async def _issue(here: Installation, chosen: Identity, identifier: str) -> Issued | Refusal:
    client = chosen.application
    authority = await find_authority(here.store, client.tenant_id)
    if authority is None or authority.tenant is None:
        return Refusal(why.TENANT_NOT_FOUND, {"tenant": client.tenant_id})
    refusal = refuse_client(client.app_id, client, chosen.principal, authority)
    if refusal is not None:
        return refusal
    grant = decide(identifier, await gather_facts(here, client, authority.tenant, identifier))
    return grant if isinstance(grant, Refusal) else await sign_app_token(here, grant, ClaimsRequest(), PROOF)

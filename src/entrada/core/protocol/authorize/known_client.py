"""Is there such a client, may it be used at this tenant, and is it enabled?  Shown on a page when not."""

from entrada.core.directory.ids import ANY_TENANT, parse_guid
from entrada.core.errors import catalogue as why
from entrada.core.errors.reason import Refusal
from entrada.core.protocol.authorize.context import Context
from entrada.core.protocol.client_authentication.client_at_authority import refuse_client


def known_client(context: Context) -> Refusal | None:
    client_id = context.parameters.get("client_id")
    if client_id is None:
        return Refusal(why.MISSING_PARAMETER, {"parameter": "client_id"})
    if parse_guid(client_id) == ANY_TENANT:
        return Refusal(why.ZERO_CLIENT_ID, {"client_id": client_id})
    return refuse_client(client_id, context.client, context.service_principal, context.authority)

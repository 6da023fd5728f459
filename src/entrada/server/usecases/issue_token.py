"""Answer a token request: find who asks, then let the grant open what was presented, decide, commit and sign."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Final

from attrs import evolve

from entrada.core.directory.ids import ANY_TENANT, parse_guid
from entrada.core.directory.story import Use
from entrada.core.errors import catalogue as why
from entrada.core.errors.reason import Refusal
from entrada.core.protocol.claims_request import parse_claims_request
from entrada.core.protocol.client_authentication.client_at_authority import refuse_client
from entrada.core.protocol.client_authentication.weighed_secrets import weighed_secrets
from entrada.core.protocol.client_authentication.which_credential import which_credential
from entrada.core.protocol.version import Version
from entrada.server.usecases.act_on_behalf import act_on_behalf
from entrada.server.usecases.asking import Asking, Issued
from entrada.server.usecases.gather_assertion import gather_assertion
from entrada.server.usecases.installation import Installation
from entrada.server.usecases.issue_client_token import issue_client_token
from entrada.server.usecases.lookup import find_application, find_authority
from entrada.server.usecases.redeem_code import redeem_code
from entrada.server.usecases.redeem_device_code import redeem_device_code
from entrada.server.usecases.redeem_password import redeem_password
from entrada.server.usecases.redeem_refresh_token import redeem_refresh_token
from entrada.server.usecases.removed_at_home import is_removed
from entrada.server.usecases.token_request import TokenRequest, read_credentials

Grant = Callable[[Installation, Asking], Awaitable[Issued | Refusal]]

GRANTS: Final[Mapping[str, Grant]] = {
    "authorization_code": redeem_code,
    "refresh_token": redeem_refresh_token,
    "client_credentials": issue_client_token,
    "urn:ietf:params:oauth:grant-type:jwt-bearer": act_on_behalf,
    "urn:ietf:params:oauth:grant-type:device_code": redeem_device_code,
    "password": redeem_password,
    "device_code": redeem_device_code,  # MSAL Node, Go, Java and .NET
}
_WRONG: Final = (why.WRONG_SECRET, why.SECRET_EXPIRED)


async def issue_token(here: Installation, request: TokenRequest) -> Issued | Refusal:
    grant_type = request.parameters.get("grant_type")
    if grant_type is None:
        return Refusal(why.MISSING_PARAMETER, {"parameter": "grant_type"})
    grant = GRANTS.get(grant_type)
    if grant is None:
        return Refusal(why.UNSUPPORTED_GRANT_TYPE, {"grant_type": grant_type})
    if request.version is Version.V2 and request.parameters.sent("resource"):
        return Refusal(why.RESOURCE_ON_V2)
    asking = await _who_asks(here, request)
    if isinstance(asking, Refusal):
        return asking
    answer = await grant(here, asking)
    if isinstance(answer, Issued):
        _note_use(here, asking)
        return answer
    return _with_secrets(here, asking, answer)


def _with_secrets(here: Installation, asking: Asking, refusal: Refusal) -> Refusal:
    """What a wrong secret was compared with, told at home alone: another tenant's log is not its owners'."""
    at_home = asking.authority.tenant is not None and asking.authority.tenant.id == asking.client.tenant_id
    if not at_home or refusal.reason not in _WRONG:
        return refusal
    return evolve(refusal, weighed={**refusal.weighed, **weighed_secrets(asking.client, here.clock())})


def _note_use(here: Installation, asking: Asking) -> None:
    client = asking.client
    key_id = which_credential(client, asking.credentials.presented)
    if key_id is not None:
        here.journal.used(Use(tenant_id=client.tenant_id, object_id=client.app_id, key_id=key_id, at=here.clock()))


async def _who_asks(here: Installation, request: TokenRequest) -> Asking | Refusal:
    authority = await find_authority(here.store, request.segment)
    if authority is None:
        return Refusal(why.TENANT_NOT_FOUND, {"tenant": request.segment})
    credentials = read_credentials(request)
    if isinstance(credentials, Refusal):
        return credentials
    if parse_guid(credentials.client_id) == ANY_TENANT:
        return Refusal(why.ZERO_CLIENT_ID, {"client_id": credentials.client_id})
    client = await find_application(here.store, credentials.client_id)
    principal = None
    if client is not None and authority.tenant is not None:
        principal = await here.store.find_service_principal(authority.tenant.id, client.app_id)
        if await is_removed(here.store, client, principal, authority.tenant.id):
            client = None
    refusal = refuse_client(credentials.client_id, client, principal, authority)
    if refusal is not None or client is None:
        return refusal or Refusal(why.CLIENT_NOT_FOUND)
    claims = parse_claims_request(request.parameters.get("claims"))
    if isinstance(claims, Refusal):
        return claims
    known = await gather_assertion(here, credentials, client, authority, request.segment)
    return Asking(request=request, authority=authority, client=client, credentials=known, claims=claims)

"""The device code grant: open the code, look whether somebody has let the device in, and then as any code.

A poll that must wait costs one read and no write; a redemption, one write.
"""

from typing import Final

from entrada.core.errors import catalogue as why
from entrada.core.errors.reason import Refusal
from entrada.core.jose.numeric_date import NumericDate, Seconds
from entrada.core.protocol import device_flow
from entrada.core.protocol.artefacts import purposes
from entrada.core.protocol.artefacts.device_code import DeviceCode, unpack_device_code
from entrada.core.protocol.claims_request import ClaimsRequest, parse_claims_request
from entrada.core.protocol.client_authentication.authenticate import (
    AuthenticatedClient,
    authenticate_without_redirect,
    platform_without_redirect,
)
from entrada.core.protocol.grants.authorization_code import Seen
from entrada.core.protocol.grants.device_code import Approved, Request, approval_of, decide, refuse_code
from entrada.core.protocol.parameters import Parameters
from entrada.core.sealing.envelope import NotSealed
from entrada.server.store.port import StoreContended
from entrada.server.usecases import sign_tokens, user_facts
from entrada.server.usecases.asking import Asking, Issued
from entrada.server.usecases.installation import Installation
from entrada.server.usecases.redeem_code import look

# MSAL Node gives up at slow_down, so nobody hears it who keeps to the interval, or to a fifth of it.
_WINDOW: Final = Seconds(30)
_POLLS: Final = 5 * _WINDOW // device_flow.INTERVAL


async def redeem_device_code(here: Installation, asking: Asking) -> Issued | Refusal:
    presented = _presented(asking.request.parameters)
    if isinstance(presented, Refusal):
        return presented
    now = here.clock()
    client = authenticate_without_redirect(asking.client, asking.credentials.presented, now)
    if isinstance(client, Refusal):
        return client
    code = _open(here, presented)
    if code is None:
        return Refusal(why.BAD_DEVICE_CODE)
    request = Request(authority=asking.authority, client=client.application)
    refusal = refuse_code(request, code, now) or _refuse_haste(here, code, now)
    if refusal is not None:
        return refusal
    approved = approval_of(request, await here.store.find_device_flow(code.key))
    return approved if isinstance(approved, Refusal) else await _redeem(here, asking, client, request, approved)


def _presented(parameters: Parameters) -> str | Refusal:
    """MSAL Python sends it twice, v1.0 clients call it `code`."""
    presented = parameters.get("device_code") or parameters.get("code")
    return presented or Refusal(why.MISSING_PARAMETER, {"parameter": "device_code"})


def _open(here: Installation, presented: str) -> DeviceCode | None:
    try:
        opened = here.open(presented, purpose=purposes.DEVICE_CODE, lifetime=Seconds(2 * device_flow.LIFETIME))
        return unpack_device_code(opened.tenant, opened.payload)
    except NotSealed:
        return None


def _refuse_haste(here: Installation, code: DeviceCode, now: NumericDate) -> Refusal | None:
    times = here.counted.device_polls.add((code.key.id,), now, _WINDOW)
    return Refusal(why.POLLING_TOO_OFTEN) if times > _POLLS else None


async def _redeem(
    here: Installation, asking: Asking, client: AuthenticatedClient, request: Request, approved: Approved
) -> Issued | Refusal:
    now, origin = here.clock(), approved.origin
    facts = await user_facts.gather(here, asking, approved.whose, approved.flow.scope)
    seen = Seen()  # most devices come once, so nothing is read before the one write
    for _ in range(3):
        decision = decide(request, approved, facts.standing, facts.granted, seen, now)
        if await here.store.commit(decision.effects):
            if isinstance(decision.answer, Refusal):
                return decision.answer
            ticket = sign_tokens.Ticket(
                origin=origin,
                platform=platform_without_redirect(client.application),
                session_id=approved.approval.session_id,
                claims=_claims(approved),
            )
            return await sign_tokens.sign_tokens(here, asking, client, facts, decision.answer, ticket)
        # Redeemed before, or the browser session it was approved in has ended: look, and decide again.
        seen = await look(here, origin.key, approved.approval.session_id, now)
    raise StoreContended


def _claims(approved: Approved) -> ClaimsRequest:
    """As the device asked; what cannot be read was refused when the flow began."""
    asked = parse_claims_request(approved.flow.claims or None)
    return ClaimsRequest() if isinstance(asked, Refusal) else asked

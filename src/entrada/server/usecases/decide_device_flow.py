"""Find the device that a person means by a code, and let it in or turn it away.  RFC 8628 §3.3."""

from typing import Final

from entrada.core.credentials.place import place_of
from entrada.core.directory.ids import ANY_TENANT
from entrada.core.directory.tenant import Tenant
from entrada.core.errors import catalogue as why
from entrada.core.errors.reason import Refusal
from entrada.core.jose.numeric_date import Seconds
from entrada.core.protocol.device_flow import Approval, DeviceFlow, DeviceFlowKey, parse_user_code
from entrada.core.protocol.effects import DecideDeviceFlow
from entrada.core.protocol.sign_in.account import Account
from entrada.server.usecases.browser import Browser
from entrada.server.usecases.installation import Installation
from entrada.server.usecases.lately import Key, Lately

# A code is short (39 bits), so guesses are few: nobody mistypes this often, and an office shares one address.
GUESSING: Final = Seconds(10 * 60)
_GUESSES_A_BROWSER: Final = 10
_GUESSES_A_PLACE: Final = 50


async def find_by_user_code(
    here: Installation, typed: str, browser: Browser, at: Tenant | None
) -> DeviceFlow | Refusal:
    """One that still waits; a late, a decided, an unknown and another tenant's code answer alike.

    *at*: whose page the code is typed on; None: everybody's.
    """
    if not typed.strip():
        return Refusal(why.NO_USER_CODE)
    counters = _counters(here, browser)
    if any(counter.count(key, here.clock(), GUESSING) >= limit for counter, key, limit in counters):
        return Refusal(why.TOO_MANY_USER_CODES, weighed=_weighed(here, browser))
    code = parse_user_code(typed)
    flow = await here.store.find_device_flow_by_user_code(code) if code else None
    if flow is not None and _waits_at(flow, at) and here.clock() < flow.ends_at:
        return flow
    for counter, key, _ in counters:
        counter.add(key, here.clock(), GUESSING)
    return Refusal(why.BAD_USER_CODE, weighed=_weighed(here, browser))


def _waits_at(flow: DeviceFlow, at: Tenant | None) -> bool:
    return flow.decided_at is None and (at is None or flow.key.tenant_id in (ANY_TENANT, at.id))


async def find_waiting(here: Installation, key: DeviceFlowKey) -> DeviceFlow | Refusal:
    flow = await here.store.find_device_flow(key)
    if flow is None or here.clock() >= flow.ends_at:
        return Refusal(why.USER_CODE_EXPIRED)
    return Refusal(why.DEVICE_FLOW_DECIDED) if flow.decided_at is not None else flow


async def approve(here: Installation, flow: DeviceFlow, account: Account) -> Refusal | None:
    return await _decide(here, flow, _approval(account))


async def decline(here: Installation, flow: DeviceFlow) -> Refusal | None:
    return await _decide(here, flow, None)


async def _decide(here: Installation, flow: DeviceFlow, approval: Approval | None) -> Refusal | None:
    if await here.store.commit((DecideDeviceFlow(flow.key, approval, here.clock()),)):
        return None
    # Somebody was quicker, or the time has run out.
    again = await find_waiting(here, flow.key)
    return again if isinstance(again, Refusal) else Refusal(why.DEVICE_FLOW_DECIDED)


def _approval(account: Account) -> Approval:
    session = account.session
    return Approval(
        tenant_id=account.user.tenant_id,
        user_id=account.user.id,
        issued_in=account.member.tenant_id,
        session_id=session.id,
        authenticated_at=session.authenticated_at,
        methods=session.methods,
    )


def _counters(here: Installation, browser: Browser) -> tuple[tuple[Lately, Key, int], ...]:
    return (
        (here.counted.user_codes_of_browsers, (browser.digest.hex(),), _GUESSES_A_BROWSER),
        (here.counted.user_codes_of_places, (place_of(browser.address),), _GUESSES_A_PLACE),
    )


def _weighed(here: Installation, browser: Browser) -> dict[str, str]:
    """For the log; never the code that was typed."""
    guesses = (str(counter.count(key, here.clock(), GUESSING)) for counter, key, _ in _counters(here, browser))
    return dict(zip(("guesses_of_browser", "guesses_of_place"), guesses, strict=True))

"""A second factor where no browser is, or not that one: devices, calls on behalf of, guests, My account."""

import asyncio
import json

import pytest

from entrada.core.directory.ids import TenantId
from entrada.core.directory.policies import Policies
from entrada.core.errors import catalogue as why
from entrada.core.protocol.effects import PutEntity
from tests.drivers.authenticator import set_up
from tests.plugins.platforms import InProcess
from tests.web.devices import Device, let_in, to_confirmation
from tests.web.seats import COLORS, PETALS, Seat, change, commit, expected, fields_of, reason_of
from tests.web.test_guests import GUEST_APP, VISITOR
from tests.web.test_on_behalf_of import MIDDLE_APP, consented, on_behalf, users_token
from tests.web.test_second_factor import STEP_UP, amr, require, to_code

pytestmark = pytest.mark.filterwarnings("ignore:.*cookies.*")


def security_defaults(there: InProcess, tenant: str) -> None:
    store = there.platform.here.store
    found = asyncio.run(store.find_tenant(TenantId(tenant)))
    change(store, found, policies=Policies(security_defaults=True))


@pytest.fixture
def device(in_process: InProcess) -> Device:
    return Device(in_process)


def test_a_device_is_let_in_with_the_factor_its_person_needs(device, in_process):
    require(in_process)
    device.start()
    browser = in_process.browser()
    page = to_confirmation(browser, device)
    _, _, page = set_up(browser, page, in_process.clock())
    browser.submit(page, "decision", decision="approve")
    assert device.poll().status_code == 200


def test_a_device_asks_for_more_than_a_password(device, in_process):
    device.start(STEP_UP)
    page = to_confirmation(in_process.browser(), device)
    assert 'class="setup-key"' in page.text


def test_a_device_let_in_by_password_is_refused_when_a_factor_became_necessary(device, in_process):
    device.start()
    let_in(in_process.browser(), device)
    require(in_process)
    assert reason_of(device.poll()) == expected(why.AUTHENTICATOR_NEEDED)
    require(in_process, wanted=False)
    assert device.poll().status_code == 200  # nothing was spent


def test_acting_on_behalf_is_refused_with_a_challenge_for_the_client_in_front(in_process):
    consented(in_process)
    tier = Seat(in_process, MIDDLE_APP)
    token = users_token(in_process)["access_token"]
    require(in_process)
    answer = on_behalf(tier, token)
    assert reason_of(answer) == expected(why.AUTHENTICATOR_NEEDED)
    assert "capolids" in json.loads(answer.json()["claims"])["access_token"]


@pytest.mark.parametrize("tenant", [COLORS, PETALS], ids=["where the account is a guest", "at the guest's home"])
def test_security_defaults_bind_guests(in_process, tenant):
    commit(in_process.platform.here.store, PutEntity(VISITOR))
    seat = Seat(in_process, GUEST_APP)
    tokens = seat.tokens()
    security_defaults(in_process, tenant)
    assert reason_of(seat.refresh(tokens["refresh_token"])) == expected(why.AUTHENTICATOR_NEEDED)
    set_up(seat.browser, seat.open(), in_process.clock())
    assert amr(seat) == ["pwd", "otp", "mfa"]


def test_security_defaults_of_another_tenant_bind_nobody_here(in_process):
    security_defaults(in_process, PETALS)
    assert Seat(in_process).sign_in()["code"]


def test_whoever_is_no_guest_needs_no_factor_to_be_told_so(in_process):
    security_defaults(in_process, COLORS)
    seat = Seat(in_process, GUEST_APP)
    page = to_code(seat)
    assert why.ACCOUNT_NOT_IN_TENANT.aadsts in page.text
    assert fields_of(seat.browser.left_to) == {}

"""The lockout holds at every side door: what fails at one locks the others, and a locked door says one thing.

ASVS 6.3.1; design section 14, invariant 8.
"""

import asyncio
import re
from collections.abc import Callable, Mapping
from typing import Final

import pytest
from attrs import evolve

from entrada.core.directory.administration.actor import Via
from entrada.core.directory.ids import TenantId
from entrada.core.errors import catalogue as why
from entrada.core.errors.reason import Reason, Refusal
from entrada.server.usecases.audited import in_person
from entrada.server.usecases.change_password import change_password
from entrada.server.usecases.new_credential import NewPassword
from tests.drivers.form_browser import PASSWORD
from tests.plugins.platforms import InProcess
from tests.web.devices import Device, type_code
from tests.web.seats import BEN, CLI, COLORS, Seat, change, sent

NAME: Final = "ben@colors.example"
NOBODY: Final = "bob@colors.example"
THRESHOLD: Final = 10
REASONS: Final = (why.WRONG_PASSWORD, why.ACCOUNT_LOCKED, why.CURRENT_PASSWORD_WRONG)
Said = tuple[int, str]  # the status, and the answer without the ids of this very request
Door = Callable[[InProcess, str, str], Said]


def plain(status: int, text: str, username: str) -> Said:
    without = re.sub(r'name="ctx" value="[^"]*"|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}', "", text)
    return status, without.replace(username, NAME)


def sign_in_page(there: InProcess, username: str, password: str) -> Said:
    seat = Seat(there)
    page = seat.browser.submit(seat.open(), "username", username=username)
    page = seat.browser.submit(page, "passwd", passwd=password)
    return plain(page.status, page.text, username)


def device_page(there: InProcess, username: str, password: str) -> Said:
    browser, device = there.browser(), Device(there)
    page = type_code(browser, device.start()["user_code"])
    page = browser.submit(page, "username", username=username)
    page = browser.submit(page, "passwd", passwd=password)
    return plain(page.status, page.text, username)


def password_grant(there: InProcess, username: str, password: str, path: str = "oauth2/v2.0") -> Said:
    asked = {"scope": "openid"} if path.endswith("v2.0") else {"resource": "https://graph.microsoft.com"}
    form = {"grant_type": "password", "client_id": CLI, "username": username, "password": password, **asked}
    answer = there.client.post(f"/{COLORS}/{path}/token", data=sent(form))
    return plain(answer.status_code, answer.text, username)


def password_grant_v1(there: InProcess, username: str, password: str) -> Said:
    return password_grant(there, username, password, "oauth2")


def change_of_password(there: InProcess, username: str, password: str) -> Said:
    """Behind a sign-in, so only the own name is tried here."""
    here = there.platform.here
    user = asyncio.run(here.store.find_user(TenantId(COLORS), BEN))
    assert user is not None
    new = NewPassword(once="four unrelated curtains", again="four unrelated curtains")
    by = in_person(user, Via.ACCOUNT, "of this form", address="testclient")
    answer = asyncio.run(change_password(here, by, user, password, new))
    return (400, answer.text) if isinstance(answer, Refusal) else (200, "")


FOR_ANYBODY: Final[Mapping[str, Door]] = {
    "the sign-in page": sign_in_page,
    "the page for devices": device_page,
    "the password grant": password_grant,
    "the password grant of v1.0": password_grant_v1,
}
DOORS: Final[Mapping[str, Door]] = {**FOR_ANYBODY, "the change of a password": change_of_password}


@pytest.fixture
def there(in_process: InProcess) -> InProcess:
    """A tenant whose doors are all open."""
    store = in_process.platform.here.store
    tenant = asyncio.run(store.find_tenant(TenantId(COLORS)))
    assert tenant is not None
    change(store, tenant, policies=evolve(tenant.policies, password_grant=True))
    return in_process


def reason_in(said: Said) -> Reason | None:
    return next((reason for reason in REASONS if reason.text in said[1]), None)


@pytest.mark.parametrize("tried", DOORS)
@pytest.mark.parametrize("failed", DOORS)
def test_what_fails_at_one_door_locks_every_other(there, failed, tried):
    for attempt in range(THRESHOLD):
        assert reason_in(DOORS[failed](there, NAME, f"wrong {attempt}")) in (
            why.WRONG_PASSWORD,
            why.CURRENT_PASSWORD_WRONG,
        )
    right, wrong = DOORS[tried](there, NAME, PASSWORD), DOORS[tried](there, NAME, "wrong again")
    assert right == wrong
    assert reason_in(right) is why.ACCOUNT_LOCKED


@pytest.mark.parametrize("name", DOORS)
def test_one_failure_fewer_locks_nothing(there, name):
    for attempt in range(THRESHOLD - 1):
        DOORS[name](there, NAME, f"wrong {attempt}")
    assert reason_in(DOORS[name](there, NAME, PASSWORD)) is None


@pytest.mark.parametrize("name", FOR_ANYBODY)
def test_no_door_tells_a_name_that_nobody_has_from_a_wrong_password(there, name):
    hasher, door = there.platform.here.hasher, FOR_ANYBODY[name]
    for attempt in range(THRESHOLD + 2):
        said, work = [], []
        for username in (NAME, NOBODY):
            before = hasher.verified
            said.append(door(there, username, f"wrong {attempt}"))
            work.append(hasher.verified - before)
        assert said[0] == said[1]
        assert work[0] == work[1]
        assert reason_in(said[0]) is (why.WRONG_PASSWORD if attempt < THRESHOLD else why.ACCOUNT_LOCKED)

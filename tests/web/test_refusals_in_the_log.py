"""What the log says of a refused sign-in: whose, if somebody's, from where, how it counts; nothing that was typed.

Design section 10; reference section 35.
"""

import asyncio
import io
import json
import logging
from collections.abc import Iterator
from typing import Any, Final

import pytest
import structlog
from starlette.testclient import TestClient

from entrada.core.directory.ids import TenantId
from entrada.core.directory.policies import Policies
from entrada.core.errors import catalogue as why
from entrada.core.errors.reason import Reason
from entrada.server import logs
from entrada.testing import ORIGIN
from tests.drivers.authenticator import set_up
from tests.drivers.form_browser import PASSWORD, FormBrowser
from tests.plugins.platforms import InProcess
from tests.web.seats import BEN, CLI, COLORS, Seat, change, disable_user
from tests.web.test_nothing_leaks import stories

ADDRESS: Final = "203.0.113.77"
TYPED: Final = "hunter2-of-somebody"
TOKEN: Final = f"/{COLORS}/oauth2/v2.0/token"


@pytest.fixture
def log(monkeypatch: pytest.MonkeyPatch) -> Iterator[io.StringIO]:
    """The log as the server writes it: JSON, everything from debug up."""
    written = io.StringIO()
    monkeypatch.setattr("sys.stderr", written)
    before = structlog.get_config()
    handlers, level = list(logging.getLogger().handlers), logging.getLogger().level
    logs.configure("debug", "json")
    yield written
    structlog.configure(**before)
    logging.getLogger().handlers[:] = handlers
    logging.getLogger().setLevel(level)


@pytest.fixture(autouse=True)
def with_password_grant(in_process: InProcess) -> None:
    store = in_process.platform.here.store
    tenant = asyncio.run(store.find_tenant(TenantId(COLORS)))
    change(store, tenant, policies=Policies(password_grant=True))


def client_of(there: InProcess) -> TestClient:
    return TestClient(there.platform.app, base_url=ORIGIN, follow_redirects=False, client=(ADDRESS, 4000))


def sign_in(there: InProcess, username: str, password: str) -> None:
    browser = FormBrowser(client_of(there), ORIGIN)
    page = browser.submit(browser.open(Seat(there).authorize_url()), "username", username=username)
    if 'name="passwd"' in page.text:
        browser.submit(page, "passwd", passwd=password)


def lines(log: io.StringIO, reason: Reason) -> list[dict[str, Any]]:
    written = [json.loads(line) for line in log.getvalue().splitlines() if line.startswith("{")]
    return [line for line in written if line.get("aadsts") == reason.code]


def test_a_wrong_password_is_told_with_whose_and_whence(in_process: InProcess, log: io.StringIO) -> None:
    sign_in(in_process, "ben@colors.example", "wrong one")
    sign_in(in_process, "ben@colors.example", "wrong two")
    first, second = lines(log, why.WRONG_PASSWORD)
    counted = {"user_id": BEN, "counter": "unfamiliar", "locks": "0"}
    assert [one["weighed"] for one in (first, second)] == [{**counted, "failures": n} for n in ("1", "2")]
    assert first["address"] == ADDRESS


def test_a_lock_is_told_with_its_end(in_process: InProcess, log: io.StringIO) -> None:
    for number in range(11):
        sign_in(in_process, "ben@colors.example", f"wrong {number}")
    (line,) = lines(log, why.ACCOUNT_LOCKED)
    assert (line["weighed"]["user_id"], line["weighed"]["locks"], line["address"]) == (BEN, "1", ADDRESS)
    assert int(line["weighed"]["locked_until"]) > in_process.clock()


def test_of_a_name_that_nobody_has_only_the_counter(in_process: InProcess, log: io.StringIO) -> None:
    sign_in(in_process, f"{TYPED}@colors.example", "wrong")
    (line,) = lines(log, why.WRONG_PASSWORD)
    assert line["weighed"] == {"counter": "unfamiliar", "failures": "1", "locks": "0"}
    assert line["address"] == ADDRESS


def test_a_disabled_account_is_told(in_process: InProcess, log: io.StringIO) -> None:
    disable_user(in_process)
    sign_in(in_process, "ben@colors.example", PASSWORD)
    (line,) = lines(log, why.USER_DISABLED)
    assert (line["weighed"]["user_id"], line["address"]) == (BEN, ADDRESS)


def test_a_wrong_code_and_a_missing_one_are_told_with_whose(in_process: InProcess, log: io.StringIO) -> None:
    store = in_process.platform.here.store
    there = Seat(in_process)
    change(store, asyncio.run(store.find_user(TenantId(COLORS), BEN)), second_factor_required=True)
    set_up(there.browser, there.browser.sign_in(there.open(), "ben@colors.example"), in_process.clock())
    browser = FormBrowser(client_of(in_process), ORIGIN)
    page = browser.sign_in(browser.open(there.authorize_url()), "ben@colors.example")
    browser.submit(page, "otc", otc=TYPED)
    (line,) = lines(log, why.WRONG_CODE)
    counted = {"counter": "secondFactor", "failures": "1", "locks": "0"}
    assert (line["weighed"], line["address"]) == ({"user_id": BEN, **counted}, ADDRESS)
    ask_with_password(in_process, "ben@colors.example", PASSWORD)
    (line,) = lines(log, why.SECOND_FACTOR_NEEDED)
    assert (line["weighed"]["user_id"], line["address"]) == (BEN, ADDRESS)
    assert TYPED not in log.getvalue()


def ask_with_password(there: InProcess, username: str, password: str) -> None:
    form = {"grant_type": "password", "client_id": CLI, "scope": "openid", "username": username, "password": password}
    client_of(there).post(TOKEN, data=form)


def guess_device(there: InProcess, typed: str) -> None:
    browser = FormBrowser(client_of(there), ORIGIN)
    browser.submit(browser.open("/common/oauth2/deviceauth"), "user_code", user_code=typed)


def test_device_guesses_are_told_with_their_count(in_process: InProcess, log: io.StringIO) -> None:
    for _ in range(2):
        guess_device(in_process, "BCDFGHJKL")
    found = lines(log, why.BAD_USER_CODE)
    assert [one["weighed"]["guesses_of_place"] for one in found] == ["1", "2"]
    assert {one["address"] for one in found} == {ADDRESS}


# fmt: off
NAMES = [
    pytest.param(TYPED,                     id="a password alone"),
    pytest.param(f"{TYPED}@colors.example", id="at a domain of ours"),
    pytest.param(f"ben@{TYPED}",            id="as a domain"),
    pytest.param(f"ben@{TYPED}.example",    id="in a domain"),
]
# fmt: on


@pytest.mark.parametrize("typed", NAMES)
def test_nothing_that_was_typed_is_in_the_log(in_process: InProcess, log: io.StringIO, typed: str) -> None:
    """People type passwords into the field for the name, and into any other."""
    sign_in(in_process, typed, "wrong")
    sign_in(in_process, "ben@colors.example", typed)
    ask_with_password(in_process, typed, "wrong")
    ask_with_password(in_process, "ben@colors.example", typed)
    guess_device(in_process, typed)
    Seat(in_process).open({"login_hint": typed, "prompt": "none"})
    assert log.getvalue().count('"decision":"refused"') >= 4
    assert TYPED not in log.getvalue()
    told = stories(in_process.platform.here)
    assert told.count("granted=False") >= 4
    assert TYPED not in told

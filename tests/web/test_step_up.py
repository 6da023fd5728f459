"""A session that a second factor makes stronger stays the session it is: for applications, for cookies, for sign-out."""

import asyncio
import json
import re
from collections.abc import Sequence

import jwt
import pytest
from attrs import define, evolve

from entrada.core.directory.ids import ClientId
from entrada.core.errors import catalogue as why
from entrada.core.protocol.effects import Effect, EndSession, StrengthenSession
from entrada.server.store.memory import MemoryStore
from entrada.testing import platform
from tests.drivers.authenticator import Authenticator, set_up
from tests.drivers.form_browser import Page
from tests.plugins.platforms import InProcess, new_client
from tests.web.seats import (
    CLI_APP,
    COLORS,
    REPSYS,
    Seat,
    change,
    contents,
    end_sessions,
    expected,
    fields_of,
    reason_of,
)
from tests.web.test_second_factor import (
    CHALLENGE,
    STEP_UP,
    amr,
    ben,
    choose,
    must_change,
    require,
    sessions,
    to_code,
)

pytestmark = pytest.mark.filterwarnings("ignore:.*cookies.*")
FRONT = "http://localhost:5000/auth/frontchannel-logout"
WITH_SID = {"claims": '{"id_token": {"sid": null}}'}
WITHOUT_CODE = {"response_type": "id_token", "scope": "openid profile"}


@pytest.fixture
def phone(in_process: InProcess) -> Authenticator:
    return phone_in(in_process)


def phone_in(there: InProcess) -> Authenticator:
    """Ben has an authenticator; nobody asks for it."""
    require(there)
    first = Seat(there)
    made, _, _ = set_up(first.browser, to_code(first), there.clock())
    require(there, wanted=False)
    end_sessions(there)
    there.clock.advance(60)
    return made


def step_up(seat: Seat, phone: Authenticator) -> Page:
    return seat.browser.enter_code(seat.open(STEP_UP), phone.code(seat.there.clock()))


def live(seat: Seat) -> list[tuple[str, ...]]:
    """The methods of each session that has not ended."""
    return [one.methods for one in sessions(seat).values() if one.revoked_at is None]


def sid_of(seat: Seat) -> str:
    seat.open({"prompt": "none", **WITH_SID})
    answer = seat.redeem(fields_of(seat.browser.left_to)["code"])
    sid: str = jwt.decode(answer.json()["id_token"], options={"verify_signature": False})["sid"]
    return sid


# ---- who knew the weaker one ----


def test_applications_know_it_by_the_same_sid(seat, phone):
    seat.sign_in()
    before = sid_of(seat)
    step_up(seat, phone)
    assert sid_of(seat) == before


def told(seat: Seat) -> list[str]:
    page = seat.browser.client.get(f"/{COLORS}/oauth2/v2.0/logout")
    return re.findall(r'<iframe[^>]*src="([^"?]*)', page.text)


@pytest.mark.parametrize("asked", [{}, WITHOUT_CODE], ids=["by a code", "by an ID token alone"])
def test_who_signed_in_before_hears_of_the_sign_out(seat, phone, in_process, asked):
    store = in_process.platform.here.store
    repsys = asyncio.run(store.find_application(ClientId(REPSYS)))
    change(store, repsys, enable_id_token_issuance=True, logout_url=FRONT)
    fields = seat.sign_in(asked)
    if "code" in fields:
        seat.redeem(fields["code"])
    other = Seat(in_process, CLI_APP)
    other.browser = seat.browser
    step_up(other, phone)
    assert fields_of(other.browser.left_to)["code"]
    assert told(seat) == [FRONT]
    assert live(seat) == []


def test_a_silent_sign_in_afterwards_says_so(seat, phone):
    seat.sign_in()
    step_up(seat, phone)
    seat.open({"prompt": "none"})
    assert amr(seat) == ["pwd", "otp", "mfa"]


def test_what_was_issued_before_stays_weak(seat, phone, in_process):
    before = seat.tokens()["refresh_token"]
    seat.open()
    code = fields_of(seat.browser.left_to)["code"]
    step_up(seat, phone)
    answer = seat.refresh(before, {"claims": json.dumps(CHALLENGE)})
    assert reason_of(answer) == expected(why.SECOND_FACTOR_NEEDED)
    require(in_process)
    assert reason_of(seat.refresh(before)) == reason_of(seat.redeem(code)) == expected(why.SECOND_FACTOR_NEEDED)
    seat.open({"prompt": "none"})
    after = seat.redeem(fields_of(seat.browser.left_to)["code"]).json()
    assert seat.refresh(after["refresh_token"], {"claims": json.dumps(CHALLENGE)}).status_code == 200


def test_it_leaves_a_row_of_its_own_in_the_log(seat, phone, in_process):
    seat.sign_in()
    in_process.clock.advance(3600)
    step_up(seat, phone)
    strong, weak, *_ = asyncio.run(in_process.platform.here.store.list_sign_ins(COLORS, top=10))
    assert (strong.session_id, strong.at - weak.at) == (weak.session_id, 3600)
    assert strong.id != weak.id


# ---- what it keeps ----


@pytest.mark.parametrize("values", [{}, {"keep": "1"}])
def test_it_lasts_as_long_as_before(seat, phone, values):
    seat.sign_in(**values)
    names = set(seat.browser.client.cookies)
    (before,) = [one for one in sessions(seat).values() if one.revoked_at is None]
    step_up(seat, phone)
    assert set(seat.browser.client.cookies) == names
    (after,) = [one for one in sessions(seat).values() if one.revoked_at is None]
    assert after == evolve(before, methods=("pwd", "otp", "mfa"))


def test_an_authenticator_set_up_on_the_way_makes_the_same_session_stronger(seat, in_process):
    seat.sign_in()
    before = sid_of(seat)
    set_up(seat.browser, seat.open(STEP_UP), in_process.clock())
    assert amr(seat) == ["pwd", "otp", "mfa"]
    assert sid_of(seat) == before
    assert live(seat) == [("pwd", "otp", "mfa")]


def test_a_password_entered_again_opens_another(seat, phone, in_process):
    seat.sign_in()
    before = sid_of(seat)
    page = seat.browser.sign_in(seat.open({"prompt": "login", **STEP_UP}), seat.app.username)
    seat.browser.enter_code(page, phone.code(in_process.clock()))
    assert amr(seat) == ["pwd", "otp", "mfa"]
    assert sid_of(seat) != before
    assert live(seat) == [("pwd", "otp", "mfa")]


def test_a_password_chosen_after_the_code_opens_another(seat, phone, in_process):
    seat.sign_in()
    before = sid_of(seat)
    must_change(in_process)
    choose(seat, step_up(seat, phone))
    assert amr(seat) == ["pwd", "otp", "mfa"]
    assert sid_of(seat) != before
    assert live(seat) == [("pwd", "otp", "mfa")]


# ---- who must not gain by it ----


def test_a_cookie_copied_before_stays_weak(seat, phone, in_process):
    seat.sign_in()
    thief = Seat(in_process)
    thief.browser.client.cookies.update(seat.browser.client.cookies)
    step_up(seat, phone)
    thief.open({"prompt": "none", **STEP_UP})
    assert fields_of(thief.browser.left_to)["error"] == "interaction_required"
    assert 'id="otc"' in thief.open(STEP_UP).text
    thief.open({"prompt": "none"})
    assert amr(thief) == ["pwd"]
    seat.open({"prompt": "none", **STEP_UP})
    assert amr(seat) == ["pwd", "otp", "mfa"]


def test_a_session_that_was_ended_before_the_code_becomes_no_stronger_and_spends_none(seat, phone, in_process):
    seat.sign_in()
    page = seat.open(STEP_UP)
    end_sessions(in_process)
    spent = contents(in_process.platform.here.store)["factor_steps"]
    page = seat.browser.enter_code(page, phone.code(in_process.clock()))
    assert 'id="username"' in page.text
    assert (seat.browser.left_to, live(seat)) == (None, [])
    assert contents(in_process.platform.here.store)["factor_steps"] == spent


def test_a_session_that_was_ended_after_the_code_opens_no_other(seat, phone, in_process):
    """The code was right, but the password has to change: between the two an administrator ends the session."""
    seat.sign_in()
    must_change(in_process)
    password = ben(in_process).password
    page = step_up(seat, phone)
    end_sessions(in_process)
    page = choose(seat, page)
    assert 'id="passwd"' in page.text
    assert why.PROOF_STALE.text in page.text
    assert (seat.browser.left_to, live(seat)) == (None, [])
    assert ben(in_process).password == password


@define(eq=False)
class EndsFirst(MemoryStore):
    """Another replica ends the session at the moment at which it would become stronger."""

    def __attrs_pre_init__(self) -> None:
        super().__init__()

    async def commit(self, effects: Sequence[Effect]) -> bool:
        for effect in effects:
            if isinstance(effect, StrengthenSession):
                assert await super().commit([EndSession(effect.tenant_id, effect.session_id, effect.sign_in.at)])
        return await super().commit(effects)


def test_who_is_signed_out_at_that_very_moment_enters_the_password(signing_keys):
    made = asyncio.run(platform(EndsFirst(), keys=signing_keys))
    there = InProcess(made, new_client(made))
    phone = phone_in(there)
    seat = Seat(there)
    seat.sign_in()
    page = step_up(seat, phone)
    assert 'id="passwd"' in page.text
    assert why.PROOF_STALE.text in page.text
    assert (seat.browser.left_to, live(seat)) == (None, [])
    there.clock.advance(30)
    page = seat.browser.submit(page, "passwd", passwd="Entrada-dev-2026")
    seat.browser.enter_code(page, phone.code(there.clock()))
    assert amr(seat) == ["pwd", "otp", "mfa"]

"""The second factor at a sign-in: nothing counts before it, and nothing that was proved counts for long or elsewhere."""

import asyncio
import html
import json
import re
from typing import Any

import jwt
import pytest
from attrs import evolve

from entrada.core.directory.graph.authentication_method_json import METHOD_OF_AUTHENTICATOR
from entrada.core.directory.ids import TenantId, UserId
from entrada.core.directory.policies import Policies
from entrada.core.directory.user import User
from entrada.core.errors import catalogue as why
from entrada.core.jose.numeric_date import NumericDate
from entrada.core.protocol.sign_in.second_factor import POLICY
from entrada.server.usecases.administer.user_methods import delete_method
from tests.drivers.authenticator import Authenticator, recovery_codes, set_up
from tests.drivers.form_browser import Page
from tests.plugins.platforms import InProcess
from tests.usecases.acting import OPERATOR
from tests.web.seats import BEN, COLORS, SPA_APP, Seat, change, code_of, contents, expected, fields_of, reason_of

pytestmark = pytest.mark.filterwarnings("ignore:.*cookies.*")
CHALLENGE = {"access_token": {"capolids": {"essential": True, "values": [POLICY]}}}
STEP_UP = {"claims": json.dumps({"access_token": {"acrs": {"essential": True, "value": "c1"}}})}


def ben(there: InProcess) -> User:
    found = asyncio.run(there.platform.here.store.find_user(TenantId(COLORS), UserId(BEN)))
    assert found is not None
    return found


def require(there: InProcess, *, wanted: bool = True) -> None:
    change(there.platform.here.store, ben(there), second_factor_required=wanted)


def require_of_all(there: InProcess) -> None:
    store = there.platform.here.store
    tenant = asyncio.run(store.find_tenant(TenantId(COLORS)))
    change(store, tenant, policies=Policies(security_defaults=True))


def to_code(seat: Seat, asked: dict[str, str] | None = None) -> Page:
    """As far as the page that asks for the code, or sets up the authenticator."""
    return seat.browser.sign_in(seat.open(asked), seat.app.username)


def amr(seat: Seat) -> list[str]:
    body = seat.redeem(fields_of(seat.browser.left_to)["code"]).json()
    claims: dict[str, Any] = jwt.decode(body["access_token"], options={"verify_signature": False})
    return claims["amr"]


def sessions(seat: Seat) -> dict[Any, Any]:
    return contents(seat.there.platform.here.store)["sessions"]


@pytest.fixture
def phone(in_process: InProcess) -> Authenticator:
    """Ben has to have a second factor, and has."""
    require(in_process)
    seat = Seat(in_process)
    made, _, _ = set_up(seat.browser, to_code(seat), in_process.clock())
    in_process.clock.advance(60)  # the code that confirmed it is spent
    return made


def codes_of(there: InProcess) -> list[str]:
    require(there)
    seat = Seat(there)
    _, codes, _ = set_up(seat.browser, to_code(seat), there.clock())
    there.clock.advance(60)
    return codes


# ---- setting it up ----


def test_a_password_alone_opens_nothing(seat, in_process):
    require(in_process)
    page = to_code(seat)
    assert 'class="setup-key"' in page.text
    assert sessions(seat) == {}
    seat.open({"prompt": "none"})
    assert fields_of(seat.browser.left_to)["error"] == "login_required"


def test_setting_up_an_authenticator_ends_signed_in(seat, in_process):
    require(in_process)
    phone, codes, _ = set_up(seat.browser, to_code(seat), in_process.clock())
    assert amr(seat) == ["pwd", "otp", "mfa"]
    assert len(set(codes)) == 10
    assert len(ben(in_process).recovery_codes) == 10
    assert phone.secret.encode() not in repr(contents(in_process.platform.here.store)).encode()
    assert not any(code in repr(contents(in_process.platform.here.store)) for code in codes)


def test_nothing_is_kept_before_the_recovery_codes_are_saved(seat, in_process):
    require(in_process)
    page = to_code(seat)
    phone = Authenticator.of(page.text)
    page = seat.browser.submit(page, "otc", otc=phone.wrong_code(in_process.clock()))
    assert why.WRONG_CODE.text in page.text
    assert Authenticator.of(page.text) == phone  # it may be in the phone already
    page = seat.browser.enter_code(page, phone.code(in_process.clock()))
    assert recovery_codes(page.text)
    assert ben(in_process).authenticator is None
    assert sessions(seat) == {}


def test_a_set_up_sent_twice_is_one_authenticator(seat, in_process):
    require(in_process)
    page = to_code(seat)
    confirmed = seat.browser.submit(page, "otc", otc=Authenticator.of(page.text).code(in_process.clock()))
    again = seat.browser.submit(page, "otc", otc=Authenticator.of(page.text).code(in_process.clock()))
    assert recovery_codes(again.text) == recovery_codes(confirmed.text)
    seat.browser.submit(confirmed, "saved", saved="1")
    kept = ben(in_process)
    page = seat.browser.submit(again, "saved", saved="1")
    assert 'id="passwd"' in page.text
    assert ben(in_process) == kept


def test_the_codes_cannot_be_saved_before_the_authenticator_was_tried(seat, in_process):
    require(in_process)
    page = to_code(seat)
    form = page.form_with("otc")
    seat.browser.client.post(form.action, data={"ctx": form.fields["ctx"], "saved": "1"})
    assert ben(in_process).authenticator is None


def test_the_page_shows_the_secret_as_picture_and_as_text(seat, in_process):
    require(in_process)
    page = to_code(seat)
    assert 'src="data:image/svg+xml' in page.text
    assert f"secret={Authenticator.of(page.text).secret}" in page.text
    assert page.headers["cache-control"] == "no-store"


# ---- the code ----


def test_the_code_opens_the_session(seat, phone, in_process):
    page = to_code(seat)
    seat.browser.enter_code(page, phone.code(in_process.clock()))
    assert amr(seat) == ["pwd", "otp", "mfa"]


def test_security_defaults_ask_everybody(seat, in_process):
    require_of_all(in_process)
    assert 'class="setup-key"' in to_code(seat).text


def test_a_code_is_used_once(seat, phone, in_process):
    code = phone.code(in_process.clock())
    seat.browser.enter_code(to_code(seat), code)
    other = Seat(in_process)
    page = other.browser.enter_code(to_code(other), code)
    assert why.WRONG_CODE.text in page.text
    assert other.browser.left_to is None


def test_a_code_of_the_step_before_the_last_used_is_spent_too(seat, phone, in_process):
    before = phone.code(in_process.clock() - 30)
    seat.browser.enter_code(to_code(seat), phone.code(in_process.clock()))
    other = Seat(in_process)
    assert why.WRONG_CODE.text in other.browser.enter_code(to_code(other), before).text


def test_a_recovery_code_is_used_once(seat, in_process):
    codes = codes_of(in_process)
    page = to_code(seat)
    seat.browser.consent(seat.browser.submit(page, "recovery_code", recovery_code=codes[3].lower()))
    assert amr(seat) == ["pwd", "otp", "mfa"]
    other = Seat(in_process)
    page = other.browser.submit(to_code(other), "recovery_code", recovery_code=codes[3])
    assert why.WRONG_RECOVERY_CODE.text in page.text
    other.browser.submit(page, "recovery_code", recovery_code=codes[4])
    assert fields_of(other.browser.left_to)["code"]
    assert len(ben(in_process).recovery_codes) == 8


def tag_of(page: Page, start: str) -> str:
    (tag,) = re.findall(rf"<{start}[^>]*>", page.text)
    return tag


def test_a_wrong_recovery_code_is_told_where_it_was_entered(seat, phone):
    page = to_code(seat)
    assert " open" not in tag_of(page, "details")
    page = seat.browser.submit(page, "recovery_code", recovery_code="AAAA-AAAA-AAAA-AAAA")
    assert " open" in tag_of(page, "details")
    recovery, otc = tag_of(page, 'input class="code" id="recovery_code"'), tag_of(page, 'input class="code" id="otc"')
    for told in ("autofocus", 'aria-invalid="true"', "problem"):
        assert told in recovery
        assert told not in otc
    said = page.text.partition("<details")[2]
    assert page.text.count('id="problem"') == said.count('id="problem"') == 1
    assert "phone's clock" not in html.unescape(page.text)


def test_a_wrong_code_after_a_wrong_recovery_code_is_told_at_the_code(seat, phone, in_process):
    page = seat.browser.submit(to_code(seat), "recovery_code", recovery_code="AAAA-AAAA-AAAA-AAAA")
    page = seat.browser.submit(page, "otc", otc=phone.wrong_code(in_process.clock()))
    assert why.WRONG_CODE.text in page.text
    assert " open" not in tag_of(page, "details")
    assert "autofocus" in tag_of(page, 'input class="code" id="otc"')


# ---- what was proved counts here, now, for these credentials ----


def test_not_in_another_browser(seat, phone, in_process):
    form = to_code(seat).form_with("otc")
    other = Seat(in_process)
    other.open()
    sent = {**form.fields, "otc": phone.code(in_process.clock())}
    answer = other.browser.client.post(form.action, data=sent)
    assert (answer.status_code, why.INTERACTION_STALE.aadsts in answer.text) == (400, True)
    assert len(sessions(seat)) == 1  # of the set-up


def test_not_after_ten_minutes(seat, phone, in_process):
    page = to_code(seat)
    in_process.clock.advance(601)
    page = seat.browser.enter_code(page, phone.code(in_process.clock()))
    assert 'id="passwd"' in page.text
    assert why.PROOF_STALE.text in page.text
    # The code was not looked at, so it is not spent.
    page = seat.browser.submit(page, "passwd", passwd="Entrada-dev-2026")
    seat.browser.enter_code(page, phone.code(in_process.clock()))
    assert fields_of(seat.browser.left_to)["code"]


def _change_password(user: User, now: int) -> dict[str, object]:
    assert user.password is not None
    return {"password": evolve(user.password, changed_at=NumericDate(now + 1))}


# fmt: off
CHANGES = [
    pytest.param(_change_password,                                                 id="the password"),
    pytest.param(lambda _, now: {"sign_in_sessions_valid_from": now + 1},          id="everything is signed out"),
    pytest.param(lambda _, __: {"authenticator": None, "recovery_codes": ()},      id="the authenticator"),
    pytest.param(lambda _, __: {"account_enabled": False},                         id="the account is disabled"),
]
# fmt: on


@pytest.mark.parametrize("changes", CHANGES)
def test_not_after_the_credentials_changed(seat, phone, in_process, changes):
    page = to_code(seat)
    user = ben(in_process)
    change(in_process.platform.here.store, user, **changes(user, in_process.clock()))
    before = sessions(seat)
    page = seat.browser.enter_code(page, phone.code(in_process.clock()))
    assert 'id="passwd"' in page.text
    assert (seat.browser.left_to, sessions(seat)) == (None, before)


def test_another_account_and_cancel(seat, phone, in_process):
    page = seat.browser.submit(to_code(seat), "other", other="1")
    assert 'id="username"' in page.text
    seat.browser.sign_in(page, "cai@colors.example")
    assert fields_of(seat.browser.left_to)["code"]
    other = Seat(in_process)
    form = to_code(other).form_with("otc")
    answer = other.browser.client.post(form.action, data={"ctx": form.fields["ctx"], "cancel": "1"})
    assert fields_of(answer.headers["location"])["error_subcode"] == "cancel"
    assert len(sessions(seat)) == 2


def test_a_proof_is_left_behind_when_another_name_is_typed(seat, phone, in_process):
    form = to_code(seat).form_with("otc")
    answer = seat.browser.client.post(form.action, data={"ctx": form.fields["ctx"], "username": "cai@colors.example"})
    assert 'id="passwd"' in answer.text
    assert "cai@colors.example" in answer.text


# ---- counting ----


def guess(seat: Seat, page: Page, phone: Authenticator, times: int) -> Page:
    for _ in range(times):
        seat.there.clock.advance(30)  # the same digits again in the same half minute would be no new guess
        page = seat.browser.submit(page, "otc", otc=phone.wrong_code(seat.there.clock()))
    return page


def test_wrong_codes_lock_whatever_is_restarted(seat, phone, in_process):
    page = guess(seat, to_code(seat), phone, 5)
    assert why.WRONG_CODE.text in page.text
    again = Seat(in_process)  # the password is right again, and forgets nothing
    page = guess(again, to_code(again), phone, 5)
    page = again.browser.enter_code(page, phone.code(in_process.clock()))
    assert why.ACCOUNT_LOCKED.text in page.text  # the right code says nothing different
    in_process.clock.advance(61)
    again.browser.enter_code(to_code(again), phone.code(in_process.clock()))
    assert fields_of(again.browser.left_to)["code"]


def test_a_right_code_clears_the_count(seat, phone, in_process):
    for _ in range(2):
        one = Seat(in_process)
        page = guess(one, to_code(one), phone, 9)
        in_process.clock.advance(60)
        one.browser.enter_code(page, phone.code(in_process.clock()))
        assert fields_of(one.browser.left_to)["code"]
        in_process.clock.advance(60)


def test_recovery_codes_count_like_the_others(seat, phone, in_process):
    page = guess(seat, to_code(seat), phone, 5)
    for number in range(5):
        page = seat.browser.submit(page, "recovery_code", recovery_code=f"AAAA-AAAA-AAAA-AAA{number}")
    page = seat.browser.enter_code(page, phone.code(in_process.clock()))
    assert why.ACCOUNT_LOCKED.text in page.text


def test_a_spent_code_counts(seat, phone, in_process):
    code = phone.code(in_process.clock())
    seat.browser.enter_code(to_code(seat), code)
    other = Seat(in_process)
    other.browser.enter_code(to_code(other), code)
    counted = contents(in_process.platform.here.store)["attempts"]
    assert [one.failures for one in counted.values()] == [1]


def test_an_administrator_helps_after_a_phone_was_lost(seat, phone, in_process):
    locked = Seat(in_process)
    guess(locked, to_code(locked), phone, 10)
    asyncio.run(delete_method(in_process.platform.here, OPERATOR, BEN, METHOD_OF_AUTHENTICATOR))
    assert all(one.revoked_at is not None for one in sessions(seat).values())
    new, codes, _ = set_up(seat.browser, to_code(seat), in_process.clock())
    assert amr(seat) == ["pwd", "otp", "mfa"]
    in_process.clock.advance(60)
    other = Seat(in_process)
    page = other.browser.enter_code(to_code(other), phone.code(in_process.clock()))
    assert why.WRONG_CODE.text in page.text
    other.browser.enter_code(page, new.code(in_process.clock()))
    assert fields_of(other.browser.left_to)["code"]
    assert len(ben(in_process).recovery_codes) == len(codes)


# ---- step-up ----


@pytest.fixture
def signed_in(in_process: InProcess) -> tuple[Seat, Authenticator]:
    """Ben with an authenticator that nobody asks for, signed in by password."""
    require(in_process)
    first = Seat(in_process)
    made, _, _ = set_up(first.browser, to_code(first), in_process.clock())
    require(in_process, wanted=False)
    in_process.clock.advance(60)
    seat = Seat(in_process)
    seat.sign_in()
    return seat, made


def test_a_request_for_more_asks_for_the_code_alone_and_makes_the_session_stronger(signed_in, in_process):
    seat, phone = signed_in
    in_process.clock.advance(3600)
    before = sessions(seat)
    page = seat.open(STEP_UP)
    assert 'id="otc"' in page.text
    seat.browser.enter_code(page, phone.code(in_process.clock()))
    assert amr(seat) == ["pwd", "otp", "mfa"]
    (weak,) = (one for one in before.values() if one.methods == ("pwd",))  # a code is no password: its time stays
    stronger = evolve(weak, methods=("pwd", "otp", "mfa"))
    assert sessions(seat) == {**before, (weak.tenant_id, weak.id): stronger}
    seat.open(STEP_UP)
    assert fields_of(seat.browser.left_to)["code"]


@pytest.mark.parametrize("asked", [{"acr_values": "c1"}, {"acr_values": "mfa"}, {"claims": json.dumps(CHALLENGE)}])
def test_ways_to_ask_for_more(signed_in, asked):
    assert 'id="otc"' in signed_in[0].open(asked).text


@pytest.mark.parametrize(
    "asked", [{"acr_values": "urn:example:silver"}, {"claims": '{"id_token": {"acrs": {"value": "silver"}}}'}]
)
def test_words_that_nobody_knows_are_voluntary(signed_in, asked):
    seat, _ = signed_in
    seat.open(asked)
    assert fields_of(seat.browser.left_to)["code"]


def test_an_old_session_sets_up_no_authenticator_without_the_password(seat, in_process):
    seat.sign_in()
    in_process.clock.advance(601)
    require(in_process)
    page = seat.open()
    assert 'id="passwd"' in page.text
    page = seat.browser.submit(page, "passwd", passwd="Entrada-dev-2026")
    set_up(seat.browser, page, in_process.clock())
    assert amr(seat) == ["pwd", "otp", "mfa"]


def test_the_account_is_signed_out_before_the_code_arrives(signed_in, in_process):
    seat, phone = signed_in
    page = seat.open(STEP_UP)
    user = ben(in_process)
    change(in_process.platform.here.store, user, sign_in_sessions_valid_from=in_process.clock() + 1)
    page = seat.browser.enter_code(page, phone.code(in_process.clock()))
    assert seat.browser.left_to is None
    assert 'id="username"' in page.text


def test_prompt_none_is_told_what_to_ask_for(signed_in):
    seat, _ = signed_in
    seat.open({"prompt": "none", **STEP_UP})
    answer = fields_of(seat.browser.left_to)
    assert list(answer) == ["error", "error_description", "error_uri", "suberror", "claims", "state"]
    assert (answer["error"], answer["suberror"]) == ("interaction_required", "basic_action")
    assert answer["error_description"].startswith(why.SECOND_FACTOR_FORBIDDEN.aadsts)
    assert json.loads(answer["claims"])["access_token"]["acrs"] == {"essential": True, "values": ["c1"]}


def test_prompt_none_without_an_authenticator(seat, in_process):
    seat.sign_in()
    require(in_process)
    seat.open({"prompt": "none"})
    answer = fields_of(seat.browser.left_to)
    assert answer["error"] == why.AUTHENTICATOR_FORBIDDEN.error
    assert answer["error_description"].startswith("AADSTS50079")
    assert json.loads(answer["claims"]) == CHALLENGE


# ---- grants without a person ----


def test_a_refresh_is_refused_until_somebody_signs_in_with_a_second_factor(seat, in_process):
    tokens = seat.tokens()
    require(in_process)
    answer = seat.refresh(tokens["refresh_token"])
    assert reason_of(answer) == expected(why.AUTHENTICATOR_NEEDED)
    assert list(answer.json())[-2:] == ["suberror", "claims"]
    assert json.loads(answer.json()["claims"]) == CHALLENGE
    set_up(seat.browser, seat.open(), in_process.clock())
    assert reason_of(seat.refresh(tokens["refresh_token"])) == expected(why.SECOND_FACTOR_NEEDED)
    fresh = seat.redeem(fields_of(seat.browser.left_to)["code"]).json()
    assert seat.refresh(fresh["refresh_token"]).status_code == 200


def test_a_refused_refresh_spends_no_public_clients_token(in_process):
    seat = Seat(in_process, SPA_APP)
    tokens = seat.tokens()
    require(in_process)
    for _ in range(2):
        assert reason_of(seat.refresh(tokens["refresh_token"])) == expected(why.AUTHENTICATOR_NEEDED)
    require(in_process, wanted=False)
    assert seat.refresh(tokens["refresh_token"]).status_code == 200


def test_a_code_is_refused_when_a_factor_became_necessary(seat, in_process):
    code = seat.sign_in()["code"]
    require(in_process)
    assert reason_of(seat.redeem(code)) == expected(why.AUTHENTICATOR_NEEDED)


def test_a_refresh_that_answers_a_challenge_needs_the_factor(signed_in):
    seat, _ = signed_in
    tokens = seat.tokens()
    answer = seat.refresh(tokens["refresh_token"], {"claims": json.dumps(CHALLENGE)})
    assert reason_of(answer) == expected(why.SECOND_FACTOR_NEEDED)
    assert seat.refresh(tokens["refresh_token"]).status_code == 200


def test_a_refresh_that_asks_for_what_cannot_be_met_is_refused_and_spends_nothing(in_process):
    seat = Seat(in_process, SPA_APP)
    token = seat.tokens()["refresh_token"]
    asked = {"claims": '{"access_token": {"acrs": {"essential": true, "value": "gold"}}}'}
    assert reason_of(seat.refresh(token, asked)) == expected(why.BAD_REQUEST)
    assert seat.refresh(token).status_code == 200


# ---- a password that an administrator set ----

NEW = "violet anvil of the north"


def must_change(there: InProcess) -> None:
    user = ben(there)
    assert user.password is not None
    change(there.platform.here.store, user, password=evolve(user.password, must_change=True))


def choose(seat: Seat, page: Page, current: str = "Entrada-dev-2026", new: str = NEW, again: str = NEW) -> Page:
    values = {"current_password": current, "new_password": new, "confirm_password": again}
    return seat.browser.consent(seat.browser.submit(page, "new_password", **values))


def test_a_password_that_must_change_opens_nothing_before_it_has(seat, in_process):
    must_change(in_process)
    page = to_code(seat)
    assert 'id="new_password"' in page.text
    assert sessions(seat) == {}
    choose(seat, page)
    assert amr(seat) == ["pwd"]
    user = ben(in_process)
    assert user.password is not None
    assert not user.password.must_change


# fmt: off
UNFIT = [
    pytest.param({"current": "wrong-password-1"},          id="the present one is wrong"),
    pytest.param({"new": "short", "again": "short"},       id="the new one is short"),
    pytest.param({"again": "something else entirely"},     id="they differ"),
]
# fmt: on


@pytest.mark.parametrize("values", UNFIT)
def test_an_unfit_new_password_changes_nothing(seat, in_process, values):
    must_change(in_process)
    before = ben(in_process)
    page = choose(seat, to_code(seat), **values)
    assert 'id="problem"' in page.text
    assert 'id="new_password"' in page.text
    assert (ben(in_process), sessions(seat)) == (before, {})


def test_the_code_comes_before_the_new_password(seat, phone, in_process):
    must_change(in_process)
    page = to_code(seat)
    assert 'id="new_password"' not in page.text
    page = seat.browser.enter_code(page, phone.code(in_process.clock()))
    choose(seat, page)
    assert amr(seat) == ["pwd", "otp", "mfa"]


def test_a_session_does_not_get_around_the_change(seat, in_process):
    tokens = seat.tokens()
    must_change(in_process)
    assert reason_of(seat.refresh(tokens["refresh_token"])) == expected(why.PASSWORD_EXPIRED)
    seat.open({"prompt": "none"})
    answer = fields_of(seat.browser.left_to)
    assert answer["error"] == why.PASSWORD_CHANGE_FORBIDDEN.error
    assert answer["error_description"].startswith("AADSTS50055")
    assert "claims" not in answer
    choose(seat, seat.open())
    assert fields_of(seat.browser.left_to)["code"]


def test_forms_that_nobody_asked_for_do_nothing(seat):
    page = seat.browser.submit(seat.open(), "username", username="ben@colors.example")
    form = page.form_with("passwd")
    before = contents(seat.there.platform.here.store)
    for name in ("otc", "recovery_code", "saved", "new_password"):
        answer = seat.browser.client.post(form.action, data={"ctx": form.fields["ctx"], name: "123456"})
        assert 'id="passwd"' in answer.text
    assert contents(seat.there.platform.here.store) == before
    assert code_of(page) == []

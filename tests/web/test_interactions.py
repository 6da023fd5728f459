"""A sign-in under way: bound to its browser and its hour, sealed against every change; and cookies of garbage."""

import pytest

from entrada.core.errors import catalogue as why
from entrada.core.protocol.artefacts import purposes
from tests.web.seats import (
    CLI_APP,
    PETALS,
    Seat,
    assign,
    code_of,
    contents,
    fields_of,
    require_assignment,
)

PASSWORD = "Entrada-dev-2026"
pytestmark = pytest.mark.filterwarnings("ignore:.*cookies.*")


def password_page(seat: Seat):
    return seat.browser.submit(seat.open(), "username", username="ben@colors.example")


def assert_stale(seat, page):
    assert (page.status, code_of(page)[:1]) == (400, [why.INTERACTION_STALE.code])
    assert seat.browser.left_to is None


def spoil(page, how):
    form = page.form_with("passwd")
    context = form.fields["ctx"]
    return page.text.replace(context, how(context))


# fmt: off
SPOILT = [
    pytest.param(lambda _: "",                             id="left empty"),
    pytest.param(lambda _: "abc",                          id="garbage"),
    pytest.param(lambda _: "é" * 50,                       id="beyond ASCII"),
    pytest.param(lambda ctx: ctx[:-1],                       id="cut short"),
    pytest.param(lambda ctx: ctx + "A",                      id="made longer"),
    pytest.param(lambda ctx: ctx[:-8] + ("B" if ctx[-8] == "A" else "A") + ctx[-7:], id="a letter changed at the end"),
    pytest.param(lambda ctx: ctx[:40] + ("B" if ctx[40] == "A" else "A") + ctx[41:], id="a letter changed in front"),
    pytest.param(lambda _: "A" * 70_000,                   id="70 kB"),
]
# fmt: on


@pytest.mark.parametrize("how", SPOILT)
@pytest.mark.parametrize("path", ["login", "consent"])
def test_a_changed_interaction_is_refused(seat, how, path):
    page = password_page(seat)
    form = page.form_with("passwd")
    before = contents(seat.there.platform.here.store)
    sent = {**form.fields, "ctx": how(form.fields["ctx"]), "passwd": PASSWORD, "decision": "accept"}
    answer = seat.browser.client.post(f"/{seat.app.tenant}/{path}", data=sent)
    reason = why.BODY_TOO_LARGE if len(sent["ctx"]) > 65_000 else why.INTERACTION_STALE
    assert (answer.status_code, reason.aadsts in answer.text) == (reason.status, True)
    assert contents(seat.there.platform.here.store) == before


def test_without_any_interaction(seat):
    for path in ("login", "consent", "oauth2/v2.0/logout/account"):
        answer = seat.browser.client.post(f"/{seat.app.tenant}/{path}", data={"passwd": PASSWORD})
        assert why.INTERACTION_STALE.aadsts in answer.text


def test_another_artefact_is_no_interaction(seat):
    code = seat.sign_in()["code"]
    answer = seat.browser.client.post(f"/{seat.app.tenant}/login", data={"ctx": code, "passwd": PASSWORD})
    assert why.INTERACTION_STALE.aadsts in answer.text


def test_another_browser_cannot_go_on(seat):
    # Login CSRF: a form lured into somebody else's browser does nothing.
    page = password_page(seat)
    other = Seat(seat.there)
    other.open()
    before = contents(seat.there.platform.here.store)
    assert_stale(other, other.browser.submit(page, "passwd", passwd=PASSWORD))
    assert contents(seat.there.platform.here.store) == before


def test_a_browser_without_cookies_cannot_go_on(seat):
    page = password_page(seat)
    seat.browser.client.cookies.clear()
    assert_stale(seat, seat.browser.submit(page, "passwd", passwd=PASSWORD))


@pytest.mark.parametrize(("seconds", "good"), [(3600, True), (3601, False)], ids=["an hour", "an hour and a second"])
def test_a_page_may_stand_open_for_an_hour(seat, seconds, good):
    page = password_page(seat)
    seat.there.clock.advance(seconds)
    page = seat.browser.submit(page, "passwd", passwd=PASSWORD)
    if good:
        assert 'value="accept"' in page.text
    else:
        assert_stale(seat, page)


def test_a_password_counts_for_ten_minutes_at_the_consent_page_under_prompt_login(seat):
    page = seat.browser.submit(seat.open({"prompt": "login"}), "username", username="ben@colors.example")
    page = seat.browser.submit(page, "passwd", passwd=PASSWORD)
    seat.there.clock.advance(601)
    page = seat.browser.submit(page, "decision", decision="accept")
    assert 'id="passwd"' in page.text
    assert seat.browser.left_to is None


def test_two_tabs_work_side_by_side(seat):
    first, second = password_page(seat), seat.open({"state": "s-2"})
    second = seat.browser.submit(second, "username", username="ben@colors.example")
    seat.browser.sign_in(second, "ben@colors.example")
    assert fields_of(seat.browser.left_to)["state"] == "s-2"
    seat.browser.left_to = None
    seat.browser.submit(first, "passwd", passwd=PASSWORD)
    assert fields_of(seat.browser.left_to)["state"] == "s-1"


def test_each_sign_in_has_its_own_session(seat):
    # RFC 9700 and session fixation: what the next person gets is not what the last one had.
    first = seat.sign_in()["session_state"]
    second = seat.sign_in({"prompt": "login"})["session_state"]
    assert first != second


@pytest.mark.parametrize(("extra", "fits"), [(3_500, True), (5_000, False)], ids=["just fits", "too long"])
def test_a_long_request_can_be_finished_or_is_refused_at_once(seat, extra, fits):
    sent = seat.asked({"state": "x" * 7_000, "x-unknown": "é" * (extra // 2)})
    seat.browser.client.get(seat.authorize_url())  # a browser that has been here: its form is not bounced
    page = seat.browser._follow(seat.browser.client.post(f"/{seat.app.tenant}/oauth2/v2.0/authorize", data=sent))
    if fits:
        seat.browser.sign_in(page, "ben@colors.example")
        assert fields_of(seat.browser.left_to)["state"] == "x" * 7_000
    else:
        assert (page.status, code_of(page)[:1]) == (400, [why.TOO_LONG.code])


def test_a_request_whose_code_would_be_too_long_for_urls_is_refused(seat):
    seat.sign_in()
    seat.open({"nonce": "n" * 2000})
    answer = fields_of(seat.browser.left_to)
    assert answer["error_description"].startswith(why.TOO_LONG.aadsts)
    assert "code" not in answer


def test_codes_are_short_and_never_past_their_ceiling(seat):
    assert len(seat.sign_in()["code"]) <= 600
    assert len(seat.sign_in({"nonce": "n" * 900})["code"]) <= purposes.MAX_CODE


# ---- who signs in, and who may not ----

# fmt: off
PASSWORDS = [  # user name, password, the reason beside the field
    pytest.param("ben@colors.example",  "wrong",            why.WRONG_PASSWORD,    id="a wrong password"),
    pytest.param("ben@colors.example",  "",                 why.WRONG_PASSWORD,    id="an empty password"),
    pytest.param("ben@colors.example",  PASSWORD.lower(),   why.WRONG_PASSWORD,    id="a password in other letters"),
    pytest.param("nobody@colors.example", PASSWORD,         why.WRONG_PASSWORD,    id="an unknown user"),
    pytest.param("ben@nowhere.example", PASSWORD,           why.WRONG_PASSWORD,    id="an unknown domain"),
    pytest.param("dee@colors.example",  "wrong",            why.WRONG_PASSWORD,    id="a disabled user's wrong password tells nothing"),
    pytest.param("dee@colors.example",  PASSWORD,           why.USER_DISABLED,     id="a disabled user"),
    pytest.param("ben@colors.example",  "x" * 257,          why.PASSWORD_TOO_LONG, id="257 characters"),
]
# fmt: on


@pytest.mark.parametrize(("username", "password", "reason"), PASSWORDS)
def test_no_password_no_session(seat, username, password, reason):
    page = seat.browser.submit(seat.open(), "username", username=username)
    before = without_counters(contents(seat.there.platform.here.store))
    page = seat.browser.submit(page, "passwd", passwd=password)
    assert reason.text in page.text
    assert 'id="passwd"' in page.text
    assert without_counters(contents(seat.there.platform.here.store)) == before
    assert not [name for name in seat.browser.client.cookies if "session" in name or "persistent" in name]


def without_counters(kept):
    """A failure is counted; that is all it leaves."""
    return {name: table for name, table in kept.items() if name != "attempts"}


def test_unknown_and_wrong_look_alike(seat):
    def answer(username):
        page = seat.browser.submit(seat.open(), "username", username=username)
        page = seat.browser.submit(page, "passwd", passwd="wrong")
        form = page.form_with("passwd")
        return page.text.replace(form.fields["ctx"], "").replace(username, "")

    assert answer("ben@colors.example") == answer("bob@colors.example")


def test_an_account_of_another_tenant_is_told_so(seat):
    page = seat.browser.submit(seat.open(), "username", username="eva@petals.example")
    page = seat.browser.submit(page, "passwd", passwd=PASSWORD)
    assert code_of(page)[:1] == [why.ACCOUNT_NOT_IN_TENANT.code]
    assert seat.browser.left_to is None


def test_several_accounts_and_prompt_none(seat):
    for username in ("ben@colors.example", "cai@colors.example"):
        seat.browser.left_to = None
        seat.browser.sign_in(seat.open({"prompt": "login"}), username)
    seat.open({"prompt": "none"})
    assert fields_of(seat.browser.left_to)["error_description"].startswith(why.SELECT_USER_ACCOUNT.aadsts)
    seat.open({"prompt": "none", "login_hint": "cai@colors.example"})
    assert fields_of(seat.browser.left_to)["code"]


def test_declining_goes_back_and_grants_nothing(seat):
    page = seat.browser.submit(password_page(seat), "passwd", passwd=PASSWORD)
    before = contents(seat.there.platform.here.store)
    seat.browser.submit(page, "decision", decision="cancel")
    answer = fields_of(seat.browser.left_to)
    assert (answer["error"], answer["state"]) == (why.CONSENT_DECLINED.error, "s-1")
    assert answer["error_description"].startswith(why.CONSENT_DECLINED.aadsts)
    assert contents(seat.there.platform.here.store) == before


@pytest.mark.parametrize(
    "values", [{"decision": "accept"}, {"decision": "accept", "on_behalf": "1"}], ids=["accept", "for everybody"]
)
def test_a_member_cannot_grant_what_only_administrators_may(seat, values):
    page = seat.browser.submit(
        seat.open({"scope": "openid Directory.ReadWrite.All"}), "username", username="ben@colors.example"
    )
    page = seat.browser.submit(page, "passwd", passwd=PASSWORD)
    assert why.ADMIN_CONSENT_REQUIRED.aadsts in page.text
    before = contents(seat.there.platform.here.store)
    answer = seat.browser.client.post(f"/{seat.app.tenant}/consent", data={**page.form_with("ctx").fields, **values})
    assert fields_of(answer.headers["location"])["error_description"].startswith(why.ADMIN_CONSENT_REQUIRED.aadsts)
    assert contents(seat.there.platform.here.store) == before


def test_on_behalf_of_all_counts_for_administrators_only(seat):
    page = seat.browser.submit(password_page(seat), "passwd", passwd=PASSWORD)
    seat.browser.submit(page, "decision", decision="accept", on_behalf="1")
    assert fields_of(seat.browser.left_to)["code"]
    # Cai was not spoken for.
    other = Seat(seat.there)
    page = other.browser.submit(other.open(), "username", username="cai@colors.example")
    assert 'value="accept"' in other.browser.submit(page, "passwd", passwd=PASSWORD).text


def test_silently_nobody_is_asked_for_consent(seat):
    seat.browser.submit(password_page(seat), "passwd", passwd=PASSWORD)
    seat.open({"prompt": "none"})
    answer = fields_of(seat.browser.left_to)
    assert answer["error"] == why.CONSENT_REQUIRED.error
    assert answer["error_description"].startswith(why.CONSENT_REQUIRED.aadsts)


def test_an_application_for_assigned_people_only(seat):
    seat.sign_in()
    require_assignment(seat.there)
    assert code_of(seat.open())[:1] == [why.ASSIGNMENT_REQUIRED.code]
    assert seat.browser.left_to is None
    seat.open({"prompt": "none"})
    answer = fields_of(seat.browser.left_to)
    assert answer["error"] == why.ASSIGNMENT_REQUIRED.error
    assert answer["error_description"].startswith(why.ASSIGNMENT_REQUIRED.aadsts)
    assign(seat.there)
    seat.open()
    assert fields_of(seat.browser.left_to)["code"]


# ---- cookies ----

GARBAGE = ["", "x", "é", "a" * 5000, '"\\012Set-Cookie: a=b"', "AVFhwBBQAAAAQACAAAAAAAAAAQ", "\\", '""', "%00", "null"]


@pytest.mark.parametrize("value", GARBAGE)
@pytest.mark.parametrize("name", ["browser", "session", "persistent"])
def test_a_cookie_of_garbage_signs_nobody_in(shared, name, value):
    header = f"__Host-entrada-{name}={value}".encode()
    answer = shared.client.get(Seat(shared).authorize_url(), headers={"cookie": header})
    assert answer.status_code == 200
    assert 'id="username"' in answer.text
    assert "a=b" not in str(answer.headers.get_list("set-cookie")).replace("\\\\012Set-Cookie: a=b", "")


def test_a_sign_on_cookie_opens_nothing_once_changed(seat):
    seat.sign_in()
    jar = seat.browser.client.cookies
    good = jar["__Host-entrada-session"]
    for spoilt in (good[:-1], good + "A", good[:30] + ("B" if good[30] == "A" else "A") + good[31:]):
        answer = seat.there.browser().client.get(
            seat.authorize_url(), headers={"cookie": f"__Host-entrada-session={spoilt}"}
        )
        assert 'id="username"' in answer.text
    answer = seat.there.browser().client.get(seat.authorize_url(), headers={"cookie": f"__Host-entrada-session={good}"})
    assert answer.status_code == 302


def test_accounts_of_two_tenants_do_not_mix(in_process):
    seat = Seat(in_process, CLI_APP)
    seat.sign_in()
    page = seat.open(tenant=PETALS)
    assert code_of(page)[:1] == [why.CLIENT_NOT_FOUND.code]

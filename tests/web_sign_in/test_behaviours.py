"""What signing in with a browser must do, in every framework alike: reference web-signin, 5.5, by its numbers."""

import time
from urllib.parse import quote

import pytest
from attrs import evolve

from tests.client.fake_authority import OTHER_KEY
from tests.web_sign_in.authority import ADA, BEN, COLORS, EVA, HOST, PETALS, WRITE, with_claims
from tests.web_sign_in.world import Worlds

MINUTE, HOUR = 60, 3600
PAGES_OF_OTHERS = [
    "https://evil.example/",
    "//evil.example/",
    "/\\evil.example/",
    "\\\\evil.example",
    "/\t/evil.example",
    "https:evil.example",
    "javascript:alert(1)",
    "/auth/login",
    "/auth/logout",
    "/%61uth/login",
]


# ---- the way in ----


def test_whoever_needs_to_signs_in_and_comes_back_to_where_they_were(worlds: Worlds):
    there = worlds.make()
    browser = there.browser()
    seen = there.sign_in(browser, "/reports?year=2026")
    assert (seen.status, seen.location) == (302, "/reports?year=2026")
    assert browser.open("/reports").text == "Ada"


def test_a_page_for_everybody_says_who_is_there_and_sends_nobody_away(worlds: Worlds):
    there = worlds.make()
    browser = there.browser()
    assert browser.open("/").text == "nobody"
    there.sign_in(browser)
    assert browser.open("/").text == "Ada"


def test_a_script_is_told_in_json_and_is_not_sent_away(worlds: Worlds):
    seen = worlds.make().browser().fetch("/reports")
    assert seen.status == 401
    assert seen.header("content-type") == "application/json"
    assert seen.json()["error"]
    assert not seen.location


def test_the_cookies_say_nothing_and_belong_to_the_server_alone(worlds: Worlds):
    there = worlds.make()
    browser = there.browser()
    there.begin(browser)
    attempts = browser.cookies()
    there.sign_in(browser)
    for cookie in (*attempts, *browser.cookies()):
        assert (cookie.secure, cookie.http_only, cookie.path, cookie.same_site) == (True, True, "/", "lax"), cookie
        assert cookie.name.startswith("__Host-")
        assert "Ada" not in cookie.value
        assert "eyJ" not in cookie.value


def test_a_sign_in_gives_the_session_another_id(worlds: Worlds):
    there = worlds.make()
    browser = there.browser()
    there.sign_in(browser)
    before = browser.sent("/")
    there.sign_in(browser, "/auth/login")
    after = browser.sent("/")
    assert after.keys() == before.keys()
    assert all(after[name] != before[name] for name in after)
    old = there.browser()
    old.jar = {(name, "/"): evolve(browser.cookies()[0], name=name, value=value) for name, value in before.items()}
    assert old.open("/").text == "nobody"


def test_what_the_authority_refuses_is_told_and_signs_nobody_in(worlds: Worlds):
    there = worlds.make()
    there.authority.refusal = {"error": "access_denied", "error_description": "<b>No</b>"}
    browser = there.browser()
    seen = there.sign_in(browser)
    assert seen.status in {400, 403}
    assert "<b>No</b>" not in seen.text
    assert browser.open("/").text == "nobody"


# ---- 1: login CSRF ----


def test_1_an_answer_that_another_browser_was_given_signs_nobody_in(worlds: Worlds):
    there = worlds.make()
    mallory, victim = there.browser(), there.browser()
    lure = there.begin(mallory)
    there.begin(victim)
    assert victim.answer(lure).status == 400
    assert victim.open("/").text == "nobody"


def test_1_nobody_signs_in_without_having_begun(worlds: Worlds):
    there = worlds.make()
    lure = there.begin(there.browser())
    browser = there.browser()
    assert browser.answer(lure).status == 400
    assert there.authority.count("authorization_code") == 0


@pytest.mark.parametrize("state", ["", "x", None])
def test_1_a_state_that_was_tampered_with_is_refused(worlds: Worlds, state: str | None):
    there = worlds.make()
    browser = there.browser()
    answer = there.begin(browser)
    fields = {name: value for name, value in answer.fields.items() if name != "state"}
    end = answer.fields["state"][:-3] + "AAA" if state == "x" else state
    seen = browser.answer(evolve(answer, fields=fields if end is None else {**fields, "state": end}))
    assert seen.status == 400
    assert there.authority.count("authorization_code") == 0


def test_1_a_code_of_another_attempt_is_refused_by_its_verifier(worlds: Worlds):
    there = worlds.make()
    mallory, victim = there.browser(), there.browser()
    stolen, own = there.begin(mallory), there.begin(victim)
    seen = victim.answer(evolve(own, fields={**own.fields, "code": stolen.fields["code"]}))
    assert seen.status == 400
    assert there.authority.count("authorization_code") == 1
    assert victim.open("/").text == "nobody"


def test_1_a_token_of_another_attempt_is_refused_by_its_nonce(worlds: Worlds):
    there = worlds.make()
    there.authority.person = with_claims(ADA, nonce="of another attempt")
    browser = there.browser()
    assert there.sign_in(browser).status == 400
    assert browser.open("/").text == "nobody"


def test_1_an_answer_is_good_once(worlds: Worlds):
    there = worlds.make()
    browser = there.browser()
    answer = there.begin(browser)
    assert browser.answer(answer).location == "/reports"
    session = browser.sent("/")
    assert browser.answer(answer).location == "/"  # as Back brings it: who is signed in stays so
    assert browser.sent("/") == session
    there.sign_out(browser)
    assert browser.answer(answer).status == 400
    assert there.authority.count("authorization_code") == 1


def test_who_was_not_let_in_and_from_where_stands_in_the_log(worlds: Worlds, caplog: pytest.LogCaptureFixture):
    there = worlds.make(allowed_tenants=frozenset({PETALS}))
    there.sign_in(there.browser())
    (line,) = (one.getMessage() for one in caplog.records if one.name == "entrada.web_sign_in")
    assert line.startswith("not signed in: ")
    assert "from=127.0.0.1" in line


# ---- 2, 3: several attempts ----


def test_2_two_tabs_may_sign_in_at_once(worlds: Worlds):
    there = worlds.make()
    browser = there.browser()
    first, second = there.begin(browser, "/reports?tab=1"), there.begin(browser, "/reports?tab=2")
    assert browser.answer(second).location == "/reports?tab=2"
    assert browser.answer(first).location == "/reports?tab=1"
    assert browser.open("/reports").text == "Ada"


def test_3_fifty_abandoned_attempts_stay_below_4_kib_of_cookies(worlds: Worlds):
    there = worlds.make()
    browser = there.browser()
    for number in range(50):
        there.begin(browser, f"/reports?attempt={number}")
    sent = browser.sent("/auth/callback")
    assert 1 <= len(sent) <= 5
    assert len("; ".join(f"{name}={value}" for name, value in sent.items())) < 4096
    assert there.sign_in(browser, "/reports?attempt=50").location == "/reports?attempt=50"


# ---- 4: form_post ----


def test_4_an_answer_comes_in_a_form_from_another_site(worlds: Worlds):
    there = worlds.make(response_mode="form_post")
    browser = there.browser()
    answer = there.begin(browser)
    assert answer.posted
    assert {(cookie.same_site, cookie.secure) for cookie in browser.cookies()} == {("none", True)}
    seen = browser.answer(answer)
    assert (seen.status, seen.location) == (303, "/reports")
    assert browser.open("/reports").text == "Ada"
    assert {cookie.same_site for cookie in browser.cookies()} == {"lax"}


def test_4_without_its_cookie_a_form_signs_nobody_in(worlds: Worlds):
    there = worlds.make(response_mode="form_post")
    browser = there.browser()
    answer = there.begin(browser)
    browser.jar = {key: evolve(cookie, same_site="lax") for key, cookie in browser.jar.items()}
    assert browser.answer(answer).status == 400


def test_4_an_answer_of_the_other_mode_is_refused(worlds: Worlds):
    there = worlds.make(response_mode="form_post")
    browser = there.browser()
    answer = there.begin(browser)
    assert browser.answer(evolve(answer, posted=False)).status in {400, 405}
    assert browser.open("/").text == "nobody"


@pytest.mark.parametrize("mode", ["query", "form_post"])
def test_4_a_sign_in_ends_the_session_that_the_browser_had(worlds: Worlds, mode: str):
    there = worlds.make(response_mode=mode)
    browser, old = there.browser(), there.browser()
    there.sign_in(browser)
    old.jar = dict(browser.jar)
    there.sign_in(browser, "/auth/login?return_to=/reports")
    assert browser.sent("/") != old.sent("/")
    assert (browser.open("/").text, old.open("/").text) == ("Ada", "nobody")


# ---- 5: open redirect ----


@pytest.mark.parametrize("page", PAGES_OF_OTHERS)
def test_5_a_sign_in_returns_to_pages_of_ours_alone(worlds: Worlds, page: str):
    there = worlds.make()
    browser = there.browser()
    seen = there.sign_in(browser, f"/auth/login?return_to={quote(page)}")
    assert (seen.status, seen.location) == (302, "/")


@pytest.mark.parametrize("page", PAGES_OF_OTHERS)
def test_5_a_sign_out_returns_to_pages_of_ours_alone(worlds: Worlds, page: str):
    there = worlds.make()
    browser = there.browser()
    there.sign_in(browser)
    seen = there.sign_out(browser, return_to=page)
    assert seen.status in {302, 303, 400}
    assert "evil" not in seen.location
    assert "javascript" not in seen.location


# ---- 6: behind a proxy ----

PROXY = {
    "x-forwarded-proto": "https",
    "x-forwarded-host": "www.example",
    "x-forwarded-prefix": "/shop",
    "forwarded": "host=www.example;proto=https",
}


def test_6_what_a_proxy_says_is_not_believed_unless_told(worlds: Worlds):
    there = worlds.make()
    browser = there.browser()
    browser.headers = PROXY
    there.begin(browser)
    assert there.authority.asked[-1]["redirect_uri"] == "https://app.example/auth/callback"


def test_6_a_host_that_nobody_configured_reaches_no_redirect_uri(worlds: Worlds):
    there = worlds.make()
    browser = there.browser()
    browser.headers = {"host": "evil.example"}
    seen = browser.open("/auth/login")
    if seen.location.startswith(HOST):
        there.authority.page(seen.location)
        assert there.authority.asked[-1]["redirect_uri"] == "https://app.example/auth/callback"
    else:
        assert seen.status == 400


def test_6_a_proxy_that_was_named_is_believed(worlds: Worlds):
    there = worlds.make(public_url=None, forwarded_hosts=frozenset({"www.example"}))
    browser = there.browser(origin="http://10.0.0.1:8000")
    browser.headers = PROXY
    there.authority.page(there.leave(browser, browser.open("/vault"), strip="/shop"))
    assert there.authority.asked[-1]["redirect_uri"] == "https://www.example/shop/auth/callback"


# ---- 7: restarts ----


def test_7_a_session_outlives_the_server_where_the_store_does(worlds: Worlds):
    there = worlds.make()
    browser = there.browser()
    there.sign_in(browser)
    browser.app = there.again().app
    assert browser.open("/reports").text == "Ada"


def test_7_tokens_that_are_gone_ask_for_a_sign_in_and_break_nothing(worlds: Worlds):
    there = worlds.make()
    browser = there.browser()
    there.sign_in(browser)
    there.forget_tokens(browser)
    seen = browser.open("/colors?page=2")
    answer = there.authority.page(there.leave(browser, seen))
    assert browser.answer(answer).location == "/colors?page=2"
    assert browser.open("/colors?page=2").text == "red, green"


# ---- 8, 9: tokens ----


def test_8_twenty_requests_at_once_renew_an_expired_token_once(worlds: Worlds):
    there = worlds.make()
    browser = there.browser()
    there.sign_in(browser)
    assert browser.open("/colors").text == "red, green"
    before = there.authority.count("refresh_token")
    there.clock.advance(HOUR)
    began = time.monotonic()
    seen = there.together(browser, "/colors", 20)
    assert [(one.status, one.text) for one in seen] == [(200, "red, green")] * 20
    assert there.authority.count("refresh_token") == before + 1
    assert time.monotonic() - began < 15  # none waits longer than the renewal takes


def test_9_a_revoked_refresh_token_sends_the_person_to_sign_in_and_back(worlds: Worlds):
    there = worlds.make()
    browser = there.browser()
    there.sign_in(browser)
    there.clock.advance(HOUR)
    there.authority.revoked = True
    seen = browser.open("/colors?page=3")
    there.authority.revoked = False
    answer = there.authority.page(there.leave(browser, seen))
    assert browser.answer(answer).location == "/colors?page=3"
    assert browser.open("/colors").text == "red, green"


def test_9_a_script_is_told_that_the_person_must_sign_in(worlds: Worlds):
    there = worlds.make()
    browser = there.browser()
    there.sign_in(browser)
    there.clock.advance(HOUR)
    there.authority.revoked = True
    seen = browser.fetch("/colors")
    assert seen.status == 401
    assert seen.json()["error"] == "interaction_required"


def test_9_a_form_that_was_posted_is_not_sent_again(worlds: Worlds):
    there = worlds.make()
    browser = there.browser()
    there.sign_in(browser)
    there.clock.advance(HOUR)
    there.authority.revoked = True
    seen = browser.post("/paint", {"color": "blue"})
    there.authority.revoked = False
    answer = there.authority.page(there.leave(browser, seen))
    assert browser.answer(answer).location == "/"
    assert there.api.painted == []


def test_a_scope_that_is_new_is_consented_to_and_the_person_comes_back(worlds: Worlds):
    there = worlds.make()
    there.authority.consents = False
    browser = there.browser()
    there.sign_in(browser)
    seen = browser.open("/writers?draft=7")
    answer = there.authority.page(there.leave(browser, seen))
    assert WRITE in there.authority.asked[-1]["scope"].split()
    assert browser.answer(answer).location == "/writers?draft=7"
    assert browser.open("/writers").text == "ink"


# ---- 10: keys ----


def test_10_a_key_that_is_new_is_fetched_and_a_flood_of_unknown_ones_is_not(worlds: Worlds):
    there = worlds.make()
    there.sign_in(there.browser())
    there.authority.rotate("k2", OTHER_KEY)
    there.clock.advance(2 * MINUTE)
    assert there.sign_in(there.browser()).status == 302
    fetched = there.authority.fetched("/keys")
    there.authority.signs_with = ("unknown", OTHER_KEY)
    for _ in range(5):
        assert there.sign_in(there.browser()).status == 400
    assert there.authority.fetched("/keys") <= fetched + 1


# ---- 12: roles and scopes ----


def test_12_who_lacks_the_role_is_refused_with_403(worlds: Worlds):
    there = worlds.make()
    browser = there.browser()
    there.sign_in(browser)
    assert browser.open("/admin").status == 403
    assert browser.fetch("/admin").status == 403


def test_12_who_has_the_role_comes_in(worlds: Worlds):
    there = worlds.make()
    there.authority.person = with_claims(ADA, roles=["Reader", "Admin"])
    browser = there.browser()
    there.sign_in(browser)
    assert browser.open("/admin").text == "Ada"


# ---- 13: tenants ----


@pytest.mark.parametrize(("person", "status"), [(ADA, 302), (EVA, 400)], ids=["allowed", "another"])
def test_13_common_lets_in_the_tenants_that_are_allowed(worlds: Worlds, person, status):
    there = worlds.make(segment="common", allowed_tenants=frozenset({COLORS}))
    there.authority.person = person
    browser = there.browser()
    assert there.sign_in(browser).status == status
    assert browser.open("/").text == ("Ada" if status == 302 else "nobody")


def test_13_two_people_with_one_object_id_in_two_tenants_are_two(worlds: Worlds):
    there = worlds.make(segment="common", allowed_tenants=frozenset({COLORS, PETALS}))
    first, second = there.browser(), there.browser()
    there.sign_in(first)
    there.authority.person = evolve(ADA, name="Other Ada", tenant=PETALS)
    there.sign_in(second)
    assert (first.open("/").text, second.open("/").text) == ("Ada", "Other Ada")


# ---- 14: logout ----


def test_14_signing_out_ends_the_session_here_and_then_at_the_authority(worlds: Worlds):
    there = worlds.make()
    browser, copied = there.browser(), there.browser()
    there.sign_in(browser)
    copied.jar = dict(browser.jar)
    seen = there.sign_out(browser)
    assert seen.status in {302, 303}
    assert seen.location.startswith(f"{HOST}/organizations/oauth2/v2.0/logout?")
    assert browser.open("/").text == "nobody"
    assert copied.open("/").text == "nobody"


def test_14_another_site_signs_nobody_out(worlds: Worlds):
    there = worlds.make()
    browser = there.browser()
    there.sign_in(browser)
    browser.open("/auth/logout", from_elsewhere=True)
    browser.post("/auth/logout", {}, from_elsewhere=True)
    assert browser.open("/").text == "Ada"


def two_signed_in(there):
    browsers = []
    for person in (ADA, BEN):
        there.authority.person = person
        browser = there.browser()
        there.sign_in(browser)
        browsers.append(browser)
    return browsers


def test_14_the_front_channel_ends_the_session_it_names_and_no_other(worlds: Worlds):
    there = worlds.make()
    ada, ben = two_signed_in(there)
    seen = ada.frame(f"/auth/frontchannel-logout?sid={ADA.sid}&iss={quote(f'{HOST}/{COLORS}/v2.0')}")
    assert seen.status == 200
    assert (ada.open("/").text, ben.open("/").text) == ("nobody", "Ben")


def test_14_the_front_channel_heeds_no_other_issuer(worlds: Worlds):
    there = worlds.make()
    ada, _ = two_signed_in(there)
    ada.frame(f"/auth/frontchannel-logout?sid={ADA.sid}&iss={quote(f'{HOST}/{PETALS}/v2.0')}")
    assert ada.open("/").text == "Ada"


def back_channel(there, token: str):
    return there.browser().post("/auth/backchannel-logout", {"logout_token": token}, from_elsewhere=True)


@pytest.mark.parametrize("named", [{"sub": None}, {"sid": None}, {}], ids=["by session", "by subject", "by both"])
def test_14_the_back_channel_ends_the_sessions_it_names_and_no_other(worlds: Worlds, named):
    there = worlds.make()
    ada, ben = two_signed_in(there)
    assert back_channel(there, there.authority.logout_token(ADA, **named)).status == 200
    assert (ada.open("/").text, ben.open("/").text) == ("nobody", "Ben")


# fmt: off
BAD_LOGOUTS = [
    pytest.param({"aud": "another"},                     id="for another application"),
    pytest.param({"iss": f"{HOST}/{PETALS}/v2.0"},       id="of another issuer"),
    pytest.param({"events": {}},                         id="without the event"),
    pytest.param({"nonce": "x"},                         id="with a nonce: an ID token"),
    pytest.param({"sub": None, "sid": None},             id="that names nobody"),
    pytest.param({"exp": 1},                             id="that is over"),
    pytest.param({"iat": 1},                             id="that is old"),
]
# fmt: on


@pytest.mark.parametrize("changes", BAD_LOGOUTS)
def test_14_the_back_channel_refuses_a_token(worlds: Worlds, changes):
    there = worlds.make()
    ada, _ = two_signed_in(there)
    assert back_channel(there, there.authority.logout_token(ADA, **changes)).status == 400
    assert ada.open("/").text == "Ada"


def test_14_the_back_channel_refuses_what_somebody_else_signed(worlds: Worlds):
    there = worlds.make()
    ada, _ = two_signed_in(there)
    there.authority.signs_with = ("k1", OTHER_KEY)
    assert back_channel(there, there.authority.logout_token(ADA)).status == 400
    assert back_channel(there, "x.y.z").status == 400
    assert ada.open("/").text == "Ada"


# ---- 15: claims challenges ----


def test_15_a_claims_challenge_is_answered_with_a_new_token_once(worlds: Worlds):
    there = worlds.make(continuous_access=True)
    browser = there.browser()
    there.sign_in(browser)
    there.api.challenges = 1
    assert browser.open("/colors").text == "red, green"
    assert there.api.asked == 2


def test_15_a_challenge_that_stays_sends_the_person_to_sign_in_with_it_and_back(worlds: Worlds):
    there = worlds.make(continuous_access=True)
    browser = there.browser()
    there.sign_in(browser)
    there.api.challenges = 100
    seen = browser.open("/colors?page=4")
    answer = there.authority.page(there.leave(browser, seen))
    assert there.api.asked == 2
    assert "nbf" in there.authority.asked[-1]["claims"]
    there.api.challenges = 0
    assert browser.answer(answer).location == "/colors?page=4"
    assert browser.open("/colors?page=4").text == "red, green"


@pytest.mark.parametrize("mode", ["query", "form_post"])
def test_15_a_challenge_that_no_sign_in_answers_sends_nobody_round_for_ever(worlds: Worlds, mode: str):
    there = worlds.make(continuous_access=True, response_mode=mode)
    browser = there.browser()
    there.sign_in(browser)
    there.api.challenges = 1000
    browser.answer(there.authority.page(there.leave(browser, browser.open("/colors"))))
    seen = browser.open("/colors")
    assert seen.status == 403
    assert "/auth/login?ask=" in seen.text


# ---- 17: groups ----


def test_17_groups_are_told(worlds: Worlds):
    there = worlds.make()
    there.authority.person = with_claims(ADA, groups=["g-1", "g-2"])
    browser = there.browser()
    there.sign_in(browser)
    assert browser.open("/groups").text == "g-1 g-2"


def test_17_too_many_groups_are_never_taken_for_none(worlds: Worlds):
    there = worlds.make()
    there.authority.person = with_claims(ADA, _claim_names={"groups": "src1"}, _claim_sources={"src1": {}})
    browser = there.browser()
    there.sign_in(browser)
    seen = browser.open("/groups")
    assert "unknown" in seen.text


# ---- 18: clocks ----


@pytest.mark.parametrize(
    ("claims", "status"),
    [
        ({"iat": 299, "nbf": 299}, 302),
        ({"exp": -299}, 302),
        ({"nbf": 310}, 400),
        ({"iat": 310}, 400),
        ({"exp": -310}, 400),
    ],
    ids=["ahead by less", "behind by less", "not yet valid", "issued later", "over"],
)
def test_18_two_clocks_may_differ_by_five_minutes(worlds: Worlds, claims, status):
    there = worlds.make()
    now = there.clock()
    there.authority.person = with_claims(ADA, **{name: now + by for name, by in claims.items()})
    assert there.sign_in(there.browser()).status == status


# ---- sessions and steps up ----


def test_a_page_that_needs_more_asks_for_it_and_opens_then(worlds: Worlds):
    there = worlds.make()
    browser = there.browser()
    there.sign_in(browser)
    assert browser.open("/vault").status == 200
    there.clock.advance(20 * MINUTE)
    seen = browser.open("/vault?box=1")
    answer = there.authority.page(there.leave(browser, seen))
    assert there.authority.asked[-1]["max_age"] == "600"
    assert browser.answer(answer).location == "/vault?box=1"
    assert browser.open("/vault?box=1").text == "gold"


def test_a_sign_in_that_was_not_begun_for_a_page_proves_nothing_to_it(worlds: Worlds):
    there = worlds.make()
    signed_in = there.clock()
    browser = there.browser()
    there.sign_in(browser)
    there.clock.advance(14 * MINUTE)
    assert browser.open("/vault").status == 302  # and they do not go there, but
    there.authority.person = with_claims(ADA, auth_time=signed_in)  # by single sign-on, to where nothing is asked
    there.sign_in(browser, "/auth/login?return_to=/vault")
    assert browser.open("/vault").status == 302


def test_a_session_that_nobody_uses_ends_and_so_does_every_other(worlds: Worlds):
    there = worlds.make()
    browser, idle = there.browser(), there.browser()
    there.sign_in(browser)
    there.sign_in(idle)
    for _ in range(23):
        there.clock.advance(HOUR)
        assert browser.open("/reports").text == "Ada"
    assert idle.open("/").text == "nobody"
    there.clock.advance(HOUR + 1)
    assert browser.open("/").text == "nobody"


def test_an_authority_that_is_away_is_said_to_be(worlds: Worlds):
    there = worlds.make()
    there.authority.down = True
    seen = there.browser().open("/auth/login")
    assert seen.status == 503


def test_signed_in_people_stay_while_the_authority_is_away(worlds: Worlds):
    there = worlds.make()
    browser = there.browser()
    there.sign_in(browser)
    there.authority.down = True
    assert browser.open("/reports").text == "Ada"

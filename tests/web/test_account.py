"""/account: whose it is, what its forms end, and that no other browser, session, user or site can end it."""

import asyncio
import re
from typing import Any, Final
from urllib.parse import parse_qs, urlsplit

import pytest
from attrs import evolve

from entrada.core.credentials.recovery_code import digest
from entrada.core.directory.ids import TenantId, UserId
from entrada.core.directory.my_account import MY_ACCOUNT
from entrada.core.directory.service_principal import PermissionGrant
from entrada.core.directory.user import HomeAccount, User
from entrada.core.errors import catalogue as why
from entrada.core.errors.reason import Reason
from entrada.core.protocol.effects import PutEntity
from tests.drivers.authenticator import Authenticator, recovery_codes, set_up
from tests.drivers.form_browser import PASSWORD, Page
from tests.plugins.platforms import InProcess
from tests.web.devices import Device, let_in, to_confirmation
from tests.web.seats import (
    BEN,
    COLORS,
    COLORS_API,
    PETALS,
    REPSYS,
    REPSYS_APP,
    SPA_APP,
    Seat,
    change,
    code_of,
    commit,
    contents,
    expected,
    fields_of,
    grant,
    reason_of,
)

pytestmark = pytest.mark.filterwarnings("ignore:.*cookies.*")
ACCOUNT: Final = "https://localhost:8443/account"
ADA: Final = UserId("c0105000-0000-4000-8000-0000000000a1")
NEW: Final = "violet anvil of the north"
FORMS: Final = ("sessions", "everywhere", "consents", "password", "recovery-codes", "authenticator")


def user(there: InProcess, user_id: UserId = BEN) -> User:
    found = asyncio.run(there.platform.here.store.find_user(TenantId(COLORS), user_id))
    assert found is not None
    return found


def sessions(there: InProcess, user_id: str = BEN) -> list[Any]:
    return [one for one in contents(there.platform.here.store)["sessions"].values() if one.user_id == user_id]


def live(there: InProcess, user_id: str = BEN) -> list[str]:
    return [one.id for one in sessions(there, user_id) if one.revoked_at is None]


def opened(seat: Seat) -> Page:
    return seat.browser.open(ACCOUNT)


def ctx(page: Page) -> str:
    return page.form_with("session").fields["ctx"]


def rows(page: Page) -> list[str]:
    """The sessions on the page."""
    return re.findall(r'name="session" value="([^"]+)"', page.text)


def frames(page: Page) -> list[str]:
    return re.findall(r'<iframe src="([^"]+)"', page.text)


def another_browser(there: InProcess, seat: Seat) -> Seat:
    """The same person somewhere else."""
    there.clock.advance(1)
    return Seat(there, seat.app)


def graph(there: InProcess, token: str, path: str = "/v1.0/me") -> int:
    return there.client.get(path, headers={"authorization": f"Bearer {token}"}).status_code


# ---- whose account ----


def test_nobody_signed_in_is_led_through_the_sign_in_and_back(seat, in_process):
    page = opened(seat)
    assert 'id="username"' in page.text
    assert "My account" in page.text
    page = seat.browser.sign_in(page, "ben@colors.example")
    assert (page.status, urlsplit(page.url).path) == (200, "/account")
    assert "ben@colors.example" in page.text
    (row,) = contents(in_process.platform.here.store)["sign_ins"].values()
    assert row.client_id == MY_ACCOUNT.app_id
    assert contents(in_process.platform.here.store)["families"] == {}


def test_a_sign_in_for_oneself_needs_no_consent_and_opens_no_application(seat):
    page = seat.browser.sign_in(opened(seat), "ben@colors.example")
    assert 'value="accept"' not in page.text
    assert seat.browser.left_to is None


def both(there: InProcess) -> Seat:
    """Ben and Ada in one browser."""
    seat = Seat(there)
    seat.tokens()
    ada = Seat(there, evolve(REPSYS_APP, username="ada@colors.example"))
    ada.browser = seat.browser
    ada.browser.sign_in(ada.open({"prompt": "login"}), "ada@colors.example")
    return seat


def test_several_signed_in_are_asked_which_and_may_switch(in_process):
    seat = both(in_process)
    page = opened(seat)
    assert "Choose an account" in page.text
    (bens,) = live(in_process)
    page = seat.browser.submit(page, "account", account=bens)
    assert "<h1>Your account</h1>" in page.text
    assert rows(page) == [bens]
    page = seat.browser.open(f"{ACCOUNT}?user={ADA}")
    assert rows(page) == live(in_process, ADA)
    assert f'href="/account?user={BEN}"' in page.text


@pytest.mark.parametrize("named", [ADA, "nobody", ""])
def test_naming_somebody_else_shows_nobody_elses(seat, named):
    seat.tokens()
    page = seat.browser.open(f"{ACCOUNT}?user={named}")
    assert "ada@colors.example" not in page.text
    # Whoever is the only one signed in is, through the sign-in, the one it goes on with.
    assert urlsplit(page.url).query in (f"user={BEN}", "user=")


@pytest.mark.parametrize("query", ["prompt=none", "prompt=consent", "acr_values=c1", "claims=%7B", "client_id=x"])
def test_links_to_the_sign_in_may_ask_for_little(seat, query):
    page = seat.browser.open(f"https://localhost:8443/common/account/signin?{query}")
    assert (page.status, 'id="username"' in page.text) == (200, True)


def test_a_page_too_long_to_ask_for(seat):
    page = seat.browser.open(f"https://localhost:8443/common/account/signin?{'x&' * 30_000}")
    assert code_of(page)[:1] == [why.BAD_REQUEST.code]


def test_a_sign_in_that_lacks_a_second_factor_by_now_shows_nothing(seat, in_process):
    seat.tokens()
    sealed = ctx(opened(seat))
    change(in_process.platform.here.store, user(in_process), second_factor_required=True)
    assert Authenticator.of(opened(seat).text)  # on the page that sets it up
    (session,) = live(in_process)
    answer = seat.browser.client.post("/account/sessions", data={"ctx": sealed, "session": session})
    assert answer.headers["location"].startswith("/common/account/signin?")
    assert live(in_process) == [session]


def test_a_password_that_must_change_comes_first(seat, in_process):
    seat.tokens()
    ben = user(in_process)
    assert ben.password is not None
    change(in_process.platform.here.store, ben, password=evolve(ben.password, must_change=True))
    assert 'id="new_password"' in opened(seat).text


@pytest.mark.parametrize("disabled", ["user", "tenant"])
def test_the_disabled_have_no_account_page(seat, in_process, disabled):
    seat.tokens()
    store = in_process.platform.here.store
    if disabled == "user":
        change(store, user(in_process), account_enabled=False)
    else:
        change(store, asyncio.run(store.find_tenant(TenantId(COLORS))), enabled=False)
    assert 'id="username"' in opened(seat).text


# ---- what it shows ----


def test_where_with_what_and_to_which_applications(in_process):
    phone, desk = Seat(in_process, SPA_APP), Seat(in_process)
    phone.browser.client.headers["user-agent"] = "Mozilla/5.0 (iPhone; CPU) AppleWebKit Safari/604.1"
    phone.tokens()
    in_process.clock.advance(60)
    desk.tokens()
    page = opened(desk)
    first, second = rows(page)
    assert [first, second] == live(in_process)[::-1]
    assert page.text.index("This browser") < page.text.index("Safari on iPhone")
    assert page.text.count("This browser") == 1
    assert "Applications: <bdi>repsys</bdi>" in page.text
    assert "Applications: <bdi>Sample SPA</bdi>" in page.text
    assert "15 January 2027, 08:00 UTC" in page.text


def test_this_one_comes_first_however_old_it_is(in_process):
    old = Seat(in_process)
    old.tokens()
    another_browser(in_process, old).tokens()
    assert rows(opened(old)) == live(in_process)


def test_looking_writes_nothing(seat):
    seat.tokens()
    before = contents(seat.there.platform.here.store)
    opened(seat)
    seat.browser.open(f"{ACCOUNT}/password")
    seat.browser.open(f"{ACCOUNT}/ended")
    assert contents(seat.there.platform.here.store) == before


def test_no_more_rows_than_a_page_has_room_for(seat, in_process):
    seat.tokens()
    store = in_process.platform.here.store
    (one,) = sessions(in_process)
    for number in range(40):
        other = evolve(one, id=f"00000000-0000-0000-0000-{number:012x}", authenticated_at=one.authenticated_at - number)
        store._tables.sessions[(one.tenant_id, other.id)] = other
    page = opened(seat)
    assert len(rows(page)) == 30
    assert "And 11 more" in page.text
    unfolded, _, folded = page.text.partition("<summary>20 older sessions</summary>")
    assert (unfolded.count('name="session"'), folded.count('name="session"')) == (10, 20)


def test_as_many_as_a_glance_takes_in_are_not_folded(seat, in_process):
    seat.tokens()
    store = in_process.platform.here.store
    (one,) = sessions(in_process)
    for number in range(9):
        other = evolve(one, id=f"00000000-0000-0000-0000-{number:012x}")
        store._tables.sessions[(one.tenant_id, other.id)] = other
    page = opened(seat)
    assert (len(rows(page)), "older session" in page.text) == (10, False)


def test_what_changes_the_password_and_what_the_authenticator_are_called_differently(seat, phone):
    seat.tokens()
    page = opened(seat)
    assert ">Change the password</a>" in page.text
    assert "<summary>Change the authenticator" in page.text


@pytest.mark.parametrize("method", ["get", "put", "delete"])
@pytest.mark.parametrize("form", [one for one in FORMS if one != "password"])
def test_nothing_happens_by_a_link(seat, form, method):
    seat.tokens()
    answer = getattr(seat.browser.client, method)(f"/account/{form}")
    assert answer.status_code == 405


# ---- ending one session ----


def test_ending_another_session_ends_its_refresh_tokens_and_tells_its_applications(in_process):
    lost, mine = Seat(in_process), Seat(in_process, SPA_APP)
    stolen = lost.tokens()
    in_process.clock.advance(1)
    kept = mine.tokens()
    there, here = rows(opened(mine))[::-1]
    page = mine.browser.submit(opened(mine), "session", session=there)
    assert 'role="status"' in page.text
    assert frames(page) == [f"http://localhost:5000/auth/frontchannel-logout?sid={there}"]
    assert "frame-src http://localhost:5000" in page.headers["content-security-policy"]
    assert rows(page) == [here] == live(in_process)
    assert reason_of(lost.refresh(stolen["refresh_token"])) == expected(why.GRANT_EXPIRED)
    assert graph(in_process, stolen["access_token"]) == 401
    lost.open({"prompt": "none"})
    assert fields_of(lost.browser.left_to)["error"] == "login_required"
    assert mine.refresh(kept["refresh_token"]).status_code == 200


def test_what_was_done_is_said_once_and_in_this_browser_only(in_process):
    lost, mine = Seat(in_process), Seat(in_process)
    lost.tokens()
    in_process.clock.advance(1)
    mine.tokens()
    page = mine.browser.submit(opened(mine), "session", session=rows(opened(mine))[1])
    elsewhere = Seat(in_process)
    elsewhere.tokens()
    for browser, wait, said in ((elsewhere.browser, 0, False), (mine.browser, 0, True), (mine.browser, 301, False)):
        in_process.clock.advance(wait)
        again = browser.open(page.url)
        assert ('role="status"' in again.text, bool(frames(again))) == (said, said)


def test_ending_this_very_session_leaves_the_browser_signed_out(seat, in_process):
    tokens = seat.tokens()
    (session,) = live(in_process)
    page = seat.browser.submit(opened(seat), "session", session=session)
    assert urlsplit(page.url).path == "/account/ended"
    assert frames(page)
    assert live(in_process) == []
    assert reason_of(seat.refresh(tokens["refresh_token"]))[1] == "invalid_grant"
    assert 'id="username"' in opened(seat).text


def test_after_a_while_ending_another_session_takes_the_password(in_process):
    """As signing out everywhere does: whoever finds a browser open must not turn its owner out elsewhere."""
    lost, mine = Seat(in_process), Seat(in_process)
    lost.tokens()
    in_process.clock.advance(1)
    mine.tokens()
    in_process.clock.advance(601)
    page = opened(mine)
    here, there = rows(page)
    page = mine.browser.submit(page, "session", session=there)
    assert (page.text.count('id="passwd-of-session"'), 'id="problem"' in page.text) == (1, False)
    page = mine.browser.submit(page, "session", session=there, passwd="wrong")
    assert why.WRONG_PASSWORD.text in page.text
    assert live(in_process) == [there, here]
    page = mine.browser.submit(page, "session", session=there, passwd=PASSWORD)
    assert 'role="status"' in page.text
    assert live(in_process) == [here]
    mine.browser.submit(page, "session", session=here)  # one's own goes without: so does signing out
    assert live(in_process) == []


def others_session(there: InProcess, whose: str) -> str:
    if whose == "nobody's":
        return "00000000-0000-4000-8000-00000000dead"
    if whose == "empty":
        return ""
    username = {"another user's": "ada@colors.example", "another tenant's": "eva@petals.example"}[whose]
    tenant = PETALS if "petals" in username else COLORS
    browser = there.browser()
    browser.sign_in(browser.open(ACCOUNT), username)
    found = [one for one in contents(there.platform.here.store)["sessions"].values() if one.tenant_id == tenant]
    return next(one.id for one in found if one.user_id != BEN)


@pytest.mark.parametrize("whose", ["another user's", "another tenant's", "nobody's", "empty"])
def test_only_ones_own_sessions_end(seat, in_process, whose):
    seat.tokens()
    session = others_session(in_process, whose)
    page = opened(seat)
    before = contents(in_process.platform.here.store)
    after = seat.browser.submit(page, "session", session=session)
    assert (after.status, 'role="status"' in after.text) == (200, False)
    assert contents(in_process.platform.here.store) == before


# ---- forms from elsewhere ----


def spoilt(page: Page, there: InProcess, how: str) -> str:
    sealed = ctx(page)
    match how:
        case "none":
            return ""
        case "changed":
            return sealed[:-2] + ("AA" if not sealed.endswith("AA") else "BB")
        case "a sign-in's":
            return there.browser().open(ACCOUNT).form_with("username").fields["ctx"]
        case _:
            there.clock.advance(3601)
            return sealed


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("how", ["none", "changed", "a sign-in's", "too old"])
def test_a_spoilt_form_changes_nothing(seat, in_process, form, how):
    seat.tokens()
    sealed = spoilt(opened(seat), in_process, how)
    before = contents(in_process.platform.here.store)
    answer = seat.browser.client.post(f"/account/{form}", data={"ctx": sealed, "session": live(in_process)[0]})
    assert (answer.status_code, why.ACCOUNT_PAGE_STALE.text in answer.text) == (400, True)
    assert contents(in_process.platform.here.store) == before


@pytest.mark.parametrize("form", FORMS)
def test_a_form_works_in_no_other_browser(seat, in_process, form):
    """Lured there by whoever opened it; even where the same person is signed in."""
    seat.tokens()
    sealed = ctx(opened(seat))
    victim = another_browser(in_process, seat)
    victim.tokens()
    before = contents(in_process.platform.here.store)
    answer = victim.browser.client.post(f"/account/{form}", data={"ctx": sealed, "session": live(in_process)[0]})
    assert (answer.status_code, why.ACCOUNT_PAGE_STALE.text in answer.text) == (400, True)
    assert contents(in_process.platform.here.store) == before


@pytest.mark.parametrize("form", FORMS)
def test_a_form_outlives_no_session(seat, in_process, form):
    seat.tokens()
    sealed = ctx(opened(seat))
    seat.browser.client.get("/common/oauth2/v2.0/logout")
    before = contents(in_process.platform.here.store)
    answer = seat.browser.client.post(f"/account/{form}", data={"ctx": sealed, "session": "x"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/common/account/signin")
    assert contents(in_process.platform.here.store) == before


def test_the_notice_of_a_form_is_no_form(in_process):
    lost, mine = Seat(in_process), Seat(in_process)
    lost.tokens()
    in_process.clock.advance(1)
    mine.tokens()
    page = mine.browser.submit(opened(mine), "session", session=rows(opened(mine))[1])
    notice = parse_qs(urlsplit(page.url).query)["done"][0]
    answer = mine.browser.client.post("/account/everywhere", data={"ctx": notice})
    assert answer.status_code == 400
    forged = mine.browser.open(f"{ACCOUNT}?user={BEN}&done={ctx(page)}")
    assert 'role="status"' not in forged.text


def test_json_is_no_form(seat):
    seat.tokens()
    assert seat.browser.client.post("/account/everywhere", json={}).status_code == 400


# ---- sign out everywhere ----


def test_sign_out_everywhere_leaves_nothing(in_process):
    """Refresh tokens, codes on their way, device approvals, access tokens at Graph, other browsers."""
    seat, public = Seat(in_process), Seat(in_process, SPA_APP)
    tokens, others = seat.tokens(), public.tokens()
    code = seat.sign_in()["code"]
    device = Device(in_process)
    device.start()
    assert let_in(seat.browser, device).status == 200
    in_process.clock.advance(5)
    answer = submit(public, opened(public), "everywhere")
    assert (answer.status, urlsplit(answer.url).path) == (200, "/account/ended")
    assert len(frames(answer)) == 1  # of repsys; the SPA has registered no address for it
    assert live(in_process) == []
    assert user(in_process).sign_in_sessions_valid_from == in_process.clock()
    assert reason_of(seat.refresh(tokens["refresh_token"])) == expected(why.FRESH_TOKEN_NEEDED)
    assert reason_of(public.refresh(others["refresh_token"])) == expected(why.FRESH_TOKEN_NEEDED)
    assert reason_of(seat.redeem(code)) == expected(why.FRESH_TOKEN_NEEDED)
    assert reason_of(device.poll()) == expected(why.FRESH_TOKEN_NEEDED)
    assert [graph(in_process, one["access_token"]) for one in (tokens, others)] == [401, 401]
    for one in (seat, public):
        one.open({"prompt": "none"})
        assert fields_of(one.browser.left_to)["error"] == "login_required"


def test_everything_of_the_same_second_too(seat, in_process):
    tokens, code = seat.tokens(), seat.sign_in()["code"]
    submit(seat, opened(seat), "everywhere")
    assert reason_of(seat.refresh(tokens["refresh_token"]))[1] == "invalid_grant"
    assert reason_of(seat.redeem(code)) == expected(why.SESSION_ENDED)
    assert graph(in_process, tokens["access_token"]) == 401


def test_what_a_session_left_that_was_signed_out_in_the_same_second_too(seat, in_process):
    tokens = seat.tokens()
    seat.browser.client.get("/common/oauth2/v2.0/logout")
    assert live(in_process) == []
    assert seat.refresh(tokens["refresh_token"]).status_code == 200  # a plain sign-out leaves it, as at Entra
    other = Seat(in_process)
    other.tokens()
    submit(other, opened(other), "everywhere")
    assert reason_of(seat.refresh(tokens["refresh_token"]))[1] == "invalid_grant"


def test_a_device_is_let_in_by_no_session_that_ended(seat, in_process):
    device = Device(in_process)
    device.start()
    confirmation = to_confirmation(seat.browser, device)
    in_process.clock.advance(1)
    submit(seat, opened(seat), "everywhere")
    page = seat.browser.submit(confirmation, "decision", decision="approve")
    assert 'id="username"' in page.text
    assert reason_of(device.poll()) == expected(why.AUTHORIZATION_PENDING)


def test_the_others_in_this_browser_stay(in_process):
    seat = both(in_process)
    submit(seat, seat.browser.open(f"{ACCOUNT}?user={BEN}"), "everywhere")
    assert live(in_process) == []
    assert rows(opened(seat)) == live(in_process, ADA)


def test_after_a_while_the_password_is_asked_for(seat, in_process):
    seat.tokens()
    page = opened(seat)
    in_process.clock.advance(601)
    assert 'id="passwd"' not in page.text
    for passwd in ({}, {"passwd": "wrong"}):
        page = submit(seat, page, "everywhere", **passwd)
        assert why.WRONG_PASSWORD.text in page.text
        assert 'aria-invalid="true"' in page.text
        assert len(live(in_process)) == 1
    counted = contents(in_process.platform.here.store)["attempts"]
    assert sum(one.failures for one in counted.values()) == 2
    submit(seat, page, "everywhere", passwd=PASSWORD)
    assert live(in_process) == []


def test_whoever_guesses_there_locks_that_door(seat, in_process):
    seat.tokens()
    in_process.clock.advance(601)
    page = opened(seat)
    for number in range(10):
        page = submit(seat, page, "everywhere", passwd=f"guess {number}")
    page = submit(seat, page, "everywhere", passwd=PASSWORD)
    assert why.ACCOUNT_LOCKED.text in page.text
    assert len(live(in_process)) == 1


def test_an_account_that_changes_at_the_same_moment_is_signed_out_all_the_same(
    seat, in_process, monkeypatch: pytest.MonkeyPatch
):
    seat.tokens()
    page, store = opened(seat), in_process.platform.here.store
    usual, changed = store.list_sessions, list[bool]()

    async def list_sessions(*args: Any) -> Any:
        if len(changed) < 2:
            changed.append(True)
            ben = await store.find_user(TenantId(COLORS), BEN)
            assert ben is not None
            assert await store.commit([PutEntity(evolve(ben, job_title=f"Painter {len(changed)}"))])
        return await usual(*args)

    monkeypatch.setattr(store, "list_sessions", list_sessions)
    submit(seat, page, "everywhere")
    assert live(in_process) == []
    assert user(in_process).job_title == "Painter 2"


# ---- consents ----


def test_consents_are_listed_and_taken_back(seat, in_process):
    tokens = seat.tokens()
    page = opened(seat)
    assert "Read your mail" not in page.text
    assert "Sign you in and read your profile" in page.text
    (client,) = re.findall(r'name="client" value="([^"]+)"', page.text)
    page = seat.browser.submit(page, "client", client=client)
    assert (urlsplit(page.url).path, 'role="status"' in page.text) == ("/account", True)
    assert "You have not consented to anything." in page.text
    assert reason_of(seat.refresh(tokens["refresh_token"])) == expected(why.CONSENT_MISSING)


def test_what_an_administrator_gave_is_no_ones_own_to_take_back(seat, in_process):
    seat.tokens()
    grant(in_process, REPSYS, COLORS_API, "Colors.Read")
    page = opened(seat)
    said = page.text.split("An administrator has consented for everybody to:")[1]
    assert re.findall(r"<li><bdi>(.+?)</bdi></li>", said) == ["Read your colors"]
    (client,) = re.findall(r'name="client" value="([^"]+)"', page.text)
    seat.browser.submit(page, "client", client=client)
    left = contents(in_process.platform.here.store)["_entities"][PermissionGrant].values()
    assert [(one.principal_id, one.scopes) for one in left if "Colors.Read" in one.scopes] == [
        (None, frozenset({"Colors.Read"}))
    ]


@pytest.mark.parametrize("client", [REPSYS, "nobody", ""])
def test_nothing_is_said_to_be_taken_back_that_was_never_given(seat, client):
    seat.browser.sign_in(opened(seat), "ben@colors.example")
    page = submit(seat, opened(seat), "everywhere", into="consents", client=client)
    assert (page.status, urlsplit(page.url).path, 'role="status"' in page.text) == (200, "/account", False)


def test_nobody_takes_back_for_another(in_process):
    seat = Seat(in_process)
    seat.tokens()
    ada = Seat(in_process, evolve(REPSYS_APP, username="ada@colors.example"))
    tokens = ada.tokens()
    page = opened(seat)
    (client,) = re.findall(r'name="client" value="([^"]+)"', page.text)
    seat.browser.submit(page, "client", client=client)
    assert ada.refresh(tokens["refresh_token"]).status_code == 200


# ---- as a guest elsewhere ----

EVA: Final = UserId("9e7a1500-0000-4000-8000-0000000000e1")
VISITOR: Final = User(
    id=UserId("c0105000-0000-4000-8000-00000000e0e1"),
    tenant_id=TenantId(COLORS),
    user_principal_name="eva_petals.example#EXT#@colors.example",
    display_name="Eva (Petals)",
    user_type="Guest",
    home=HomeAccount(tenant_id=TenantId(PETALS), user_id=EVA),
)


def test_a_guests_consents_are_taken_back_where_they_were_given(in_process):
    commit(in_process.platform.here.store, PutEntity(VISITOR))
    seat = Seat(in_process, evolve(REPSYS_APP, username="eva@petals.example"))
    tokens = seat.tokens()
    assert "You have not consented to anything." in opened(seat).text
    page = seat.browser.open(f"{ACCOUNT}?user={EVA}&organization=Colors.example")
    assert "as a guest of <bdi>Colors</bdi>" in page.text
    (client,) = re.findall(r'name="client" value="([^"]+)"', page.text)
    page = submit(seat, page, "consents", client=client)
    assert 'role="status"' in page.text
    assert "as a guest of <bdi>Colors</bdi>" in page.text
    assert "You have not consented to anything." in page.text
    assert reason_of(seat.refresh(tokens["refresh_token"])) == expected(why.CONSENT_MISSING)


@pytest.mark.parametrize("organization", ["petals.example", "nowhere.example", "common", "%00", PETALS])
def test_who_is_no_guest_there_is_told_no_more(seat, organization):
    seat.tokens()
    page = seat.browser.open(f"{ACCOUNT}?user={BEN}&organization={organization}")
    assert "You are not a guest there." in page.text


@pytest.mark.parametrize(
    "changes", [{"account_enabled": False}, {"home": HomeAccount(tenant_id=TenantId(PETALS), user_id=ADA)}]
)
def test_only_the_guest_that_one_is_and_only_while_it_is(in_process, changes):
    commit(in_process.platform.here.store, PutEntity(VISITOR))
    seat = Seat(in_process, evolve(REPSYS_APP, username="eva@petals.example"))
    seat.tokens()
    page = seat.browser.open(f"{ACCOUNT}?user={EVA}&organization={COLORS}")
    (client,) = re.findall(r'name="client" value="([^"]+)"', page.text)
    found = asyncio.run(in_process.platform.here.store.find_user(TenantId(COLORS), VISITOR.id))
    change(in_process.platform.here.store, found, **changes)
    before = contents(in_process.platform.here.store)
    page = submit(seat, page, "consents", client=client)
    assert (page.status, 'role="status"' in page.text) == (200, False)
    assert contents(in_process.platform.here.store) == before


# ---- the password ----


def change_password(
    seat: Seat, page: Page, current: str = PASSWORD, new: str = NEW, again: str | None = None, **more: str
) -> Page:
    values = {"current_password": current, "new_password": new, "confirm_password": again or new, **more}
    return seat.browser.submit(page, "new_password", **values)


def test_a_new_password_ends_the_others_and_this_one_goes_on(in_process):
    lost, mine = Seat(in_process), Seat(in_process, SPA_APP)
    stolen = lost.tokens()
    in_process.clock.advance(1)
    mine.tokens()
    in_process.clock.advance(700)
    before = set(live(in_process))
    page = change_password(mine, mine.browser.open(f"{ACCOUNT}/password"))
    assert urlsplit(page.url).path == "/account"
    assert 'role="status"' in page.text
    (kept,) = live(in_process)
    assert kept not in before
    assert rows(page) == [kept]
    assert len(frames(page)) == 1  # repsys, in the other browser
    assert reason_of(lost.refresh(stolen["refresh_token"])) == expected(why.FRESH_TOKEN_NEEDED)
    mine.open({"prompt": "none"})
    assert "code" in fields_of(mine.browser.left_to)
    again = Seat(in_process)
    assert why.WRONG_PASSWORD.text in again.browser.sign_in(again.open(), "ben@colors.example").text
    again.browser.sign_in(again.open(), "ben@colors.example", NEW)
    assert again.browser.left_to


# fmt: off
UNFIT = [
    pytest.param({"current": "wrong"},                          why.CURRENT_PASSWORD_WRONG.text, id="the present one is wrong"),
    pytest.param({"new": "short"},                              "12 characters",                 id="the new one is short"),
    pytest.param({"again": "something else entirely"},          "The two passwords differ.",     id="they differ"),
    pytest.param({"new": PASSWORD},                             'id="problem"',                  id="it is the same"),
    pytest.param({"new": "ben@colors.example 1"},               "user name",                     id="the user name is in it"),
]
# fmt: on


@pytest.mark.parametrize(("values", "said"), UNFIT)
def test_an_unfit_password_changes_nothing(seat, in_process, values, said):
    seat.tokens()
    ben, before = user(in_process), live(in_process)
    page = change_password(seat, seat.browser.open(f"{ACCOUNT}/password"), **values)
    assert page.status == 200
    assert said in page.text
    assert (user(in_process), live(in_process)) == (ben, before)


def test_guesses_at_the_present_password_lock_it(seat, in_process):
    seat.tokens()
    page = seat.browser.open(f"{ACCOUNT}/password")
    for number in range(10):
        page = change_password(seat, page, current=f"guess number {number}")
    page = change_password(seat, page)
    assert why.ACCOUNT_LOCKED.text in page.text


# ---- the second factor ----


@pytest.fixture
def phone(in_process: InProcess) -> Authenticator:
    """Ben has an authenticator that nobody asks for."""
    seat = Seat(in_process)
    page = seat.browser.sign_in(seat.browser.open(set_up_link()), "ben@colors.example")
    made, _, page = set_up(seat.browser, page, in_process.clock())
    assert urlsplit(page.url).path == "/account"
    assert "with 10 recovery codes left" in page.text
    in_process.clock.advance(60)
    return made


# fmt: off
NOT_FRESH = [
    pytest.param(lambda phone, now: phone.wrong_code(now),     id="a wrong code"),
    pytest.param(lambda phone, now: phone.code(now - 3600),    id="an old code"),
    pytest.param(lambda *_: "AAAA-AAAA-AAAA-AAAA",     id="a wrong recovery code"),
    pytest.param(lambda *_: PASSWORD,                  id="the password"),
    pytest.param(lambda *_: "",                        id="nothing"),
]
# fmt: on


def set_up_link() -> str:
    return "https://localhost:8443/common/account/signin?prompt=login&acr_values=mfa&login_hint=ben@colors.example"


def test_the_page_leads_to_an_authenticator_by_a_fresh_password(seat, in_process):
    seat.tokens()
    page = opened(seat)
    (link,) = re.findall(r'href="([^"]+acr_values[^"]+)"', page.text)
    page = seat.browser.open("https://localhost:8443" + link.replace("&amp;", "&"))
    assert 'id="passwd"' in page.text
    page = seat.browser.submit(page, "passwd", passwd=PASSWORD)
    _, _, page = set_up(seat.browser, page, in_process.clock())
    assert "with a second factor" in page.text
    assert user(in_process).authenticator is not None


@pytest.mark.parametrize("kind", ["code", "recovery code"])
def test_a_new_password_takes_a_code_where_there_is_an_authenticator(seat, in_process, kind):
    """And the session that goes on is as strong as the code has just shown."""
    page = seat.browser.sign_in(seat.browser.open(set_up_link()), "ben@colors.example")
    phone, codes, _ = set_up(seat.browser, page, in_process.clock())
    in_process.clock.advance(60)
    weak = Seat(in_process)
    weak.tokens()
    page = weak.browser.open(f"{ACCOUNT}/password")
    assert 'id="code"' in page.text
    code = phone.code(in_process.clock()) if kind == "code" else codes[0]
    page = change_password(weak, page, new="short", code=code)
    assert "12 characters" in page.text
    page = change_password(weak, page, code=code)  # which the unfit password has not spent
    assert 'role="status"' in page.text
    (kept,) = (one for one in sessions(in_process) if one.revoked_at is None)
    assert (kept.methods, kept.authenticated_at) == (("pwd", "otp", "mfa"), in_process.clock())
    assert len(digests(in_process)) == (10 if kind == "code" else 9)
    again = Seat(in_process)
    again.browser.sign_in(again.open(), "ben@colors.example", NEW)
    assert again.browser.left_to


def wrong(code: str) -> Reason:
    """The one field takes both: what is said goes by what was typed."""
    return why.WRONG_CODE if code.isdigit() else why.WRONG_RECOVERY_CODE


@pytest.mark.parametrize("typed", NOT_FRESH)
def test_a_stolen_password_does_not_replace_itself(seat, phone, in_process, typed):
    seat.tokens()
    before, signed_in = user(in_process), live(in_process)
    code = typed(phone, in_process.clock())
    page = change_password(seat, seat.browser.open(f"{ACCOUNT}/password"), code=code)
    assert wrong(code).text in page.text
    assert (user(in_process), live(in_process)) == (before, signed_in)
    counted = contents(in_process.platform.here.store)["attempts"]
    assert [one.failures for one in counted.values() if one.counter == "secondFactor"] == [1]


def test_a_password_changed_without_a_code_leaves_a_session_without_a_factor(seat, in_process):
    """Of a factor that is gone."""
    page = seat.browser.sign_in(seat.browser.open(set_up_link()), "ben@colors.example")
    set_up(seat.browser, page, in_process.clock())
    change(in_process.platform.here.store, user(in_process), authenticator=None, recovery_codes=())
    change_password(seat, seat.browser.open(f"{ACCOUNT}/password"))
    (kept,) = (one for one in sessions(in_process) if one.revoked_at is None)
    assert kept.methods == ("pwd",)


def digests(there: InProcess) -> set[str]:
    return set(user(there).recovery_codes)


def test_new_recovery_codes_take_a_code_and_end_the_old_ones(seat, phone, in_process):
    seat.tokens()
    old = digests(in_process)
    page = opened(seat)
    page = seat.browser.submit(page, "code", code=phone.code(in_process.clock()))
    codes = recovery_codes(page.text)
    assert (page.status, len(codes), page.headers["cache-control"]) == (200, 10, "no-store")
    assert not digests(in_process) & old
    in_process.clock.advance(60)
    page = seat.browser.submit(opened(seat), "code", code=codes[0])  # and they are good
    assert len(recovery_codes(page.text)) == 10


@pytest.mark.parametrize("form", ["recovery-codes", "authenticator"])
@pytest.mark.parametrize("typed", NOT_FRESH)
def test_without_a_fresh_second_factor_it_stays(seat, phone, in_process, form, typed):
    seat.tokens()
    before = user(in_process)
    code = typed(phone, in_process.clock())
    page = submit(seat, opened(seat), form, code=code)
    assert (page.status, wrong(code).text in page.text) == (200, True)
    assert user(in_process) == before
    counted = contents(in_process.platform.here.store)["attempts"]
    assert [one.failures for one in counted.values() if one.user_id == BEN and one.failures] == [1]


def test_a_code_serves_one_form(seat, phone, in_process):
    seat.tokens()
    code = phone.code(in_process.clock())
    submit(seat, opened(seat), "recovery-codes", code=code)
    before = user(in_process)
    assert why.WRONG_CODE.text in submit(seat, opened(seat), "authenticator", code=code).text
    assert user(in_process) == before


def test_the_authenticator_goes_with_its_recovery_codes(seat, phone, in_process):
    seat.tokens()
    page = submit(seat, opened(seat), "authenticator", code=phone.code(in_process.clock()))
    assert "Not set up" in page.text
    assert (user(in_process).authenticator, user(in_process).recovery_codes) == (None, ())


@pytest.mark.parametrize("required", [False, True])
def test_another_authenticator_takes_the_place_of_the_first(seat, phone, in_process, required):
    change(in_process.platform.here.store, user(in_process), second_factor_required=required)
    page = seat.browser.sign_in(opened(seat), "ben@colors.example")
    if required:
        page = seat.browser.enter_code(page, phone.code(in_process.clock()))
        in_process.clock.advance(60)
        assert "Remove the authenticator" not in page.text
    page, before = to_replace(seat, page), user(in_process)
    page = seat.browser.submit(page, "passwd", passwd=PASSWORD)
    assert 'id="otc"' in page.text
    assert "setup-key" not in page.text
    page = seat.browser.submit(page, "otc", otc=phone.code(in_process.clock()))
    assert user(in_process).authenticator == before.authenticator
    new, codes, page = set_up(seat.browser, page, in_process.clock())  # within the half minute of the old one's code
    assert "Your account" in page.text
    assert new.secret != phone.secret
    assert user(in_process).authenticator != before.authenticator
    assert digests(in_process) == set(map(digest, codes))
    in_process.clock.advance(30)
    page = submit(seat, page, "recovery-codes", code=phone.code(in_process.clock()))
    assert why.WRONG_CODE.text in page.text
    assert recovery_codes(submit(seat, page, "recovery-codes", code=new.code(in_process.clock())).text)


def to_replace(seat: Seat, page: Page) -> Page:
    (link,) = re.findall(r'href="([^"]+replace=[^"]+)"', page.text)
    page = seat.browser.open("https://localhost:8443" + link.replace("&amp;", "&"))
    assert 'id="passwd"' in page.text
    return page


def test_breaking_off_leaves_the_old_authenticator(seat, phone, in_process):
    seat.tokens()
    before = user(in_process)
    page = seat.browser.submit(to_replace(seat, opened(seat)), "passwd", passwd=PASSWORD)
    page = seat.browser.submit(page, "otc", otc=phone.code(in_process.clock()))
    page = seat.browser.submit(page, "otc", otc=Authenticator.of(page.text).code(in_process.clock()))
    assert recovery_codes(page.text)
    in_process.clock.advance(60)
    page = opened(seat)
    assert user(in_process) == before
    assert recovery_codes(submit(seat, page, "recovery-codes", code=phone.code(in_process.clock())).text)


def test_what_must_be_there_is_not_removed(seat, phone, in_process):
    change(in_process.platform.here.store, user(in_process), second_factor_required=True)
    page = seat.browser.enter_code(
        seat.browser.sign_in(opened(seat), "ben@colors.example"), phone.code(in_process.clock())
    )
    before = user(in_process)
    in_process.clock.advance(60)
    page = submit(seat, page, "authenticator", code=phone.code(in_process.clock()))
    assert 'id="passwd"' in page.text
    assert user(in_process) == before


def test_replacing_takes_a_code_of_this_very_sign_in(seat, phone, in_process):
    """However strong the session is, and whatever the link asks for."""
    page = seat.browser.sign_in(seat.browser.open(set_up_link()), "ben@colors.example")
    page = seat.browser.enter_code(page, phone.code(in_process.clock()))
    assert "with a second factor" in page.text
    page = seat.browser.open("https://localhost:8443/common/account/signin?replace=authenticator")
    page = seat.browser.submit(page, "passwd", passwd=PASSWORD)
    assert 'id="otc"' in page.text
    form = page.form_with("otc")
    answer = seat.browser.client.post(form.action, data={"ctx": form.fields["ctx"], "saved": "1"})
    assert "setup-key" not in answer.text


def test_nobody_has_codes_to_renew_without_an_authenticator(seat, in_process):
    seat.tokens()
    before = user(in_process)
    page = submit(seat, opened(seat), "everywhere", into="recovery-codes", code="123456")
    assert why.WRONG_CODE.text in page.text
    assert user(in_process) == before


def submit(seat: Seat, page: Page, form: str, into: str | None = None, **values: str) -> Page:
    """The form of that path, or the fields of that form to another path."""
    by_path = {one.action.removeprefix("/account/"): one for one in page.forms}
    known = by_path.get(form) or by_path["recovery-codes"]
    answer = seat.browser.client.post(f"/account/{into or form}", data={**known.fields, **values})
    return seat.browser._follow(answer)

"""A device is let in by a person at another screen, and by nothing else.  RFC 8628; reference section 22."""

import asyncio
import os
from typing import Any

import pytest
from attrs import evolve
from starlette.testclient import TestClient

from entrada.core.directory.ids import ClientId, TenantId, UserId
from entrada.core.directory.user import HomeAccount, User
from entrada.core.errors import catalogue as why
from entrada.core.jose.numeric_date import Seconds
from entrada.core.protocol.device_flow import LIFETIME
from entrada.core.protocol.effects import PutEntity
from entrada.server.usecases.lately import MAX_KEYS
from entrada.testing import ORIGIN, platform
from tests.drivers.form_browser import PASSWORD, FormBrowser, Page
from tests.plugins.platforms import InProcess, new_client
from tests.web.devices import GRANT, SCOPE, Device, code_page, let_in, to_confirmation, type_code
from tests.web.seats import (
    CLI_APP,
    COLORS,
    COLORS_API,
    DAEMON,
    MULTI_APP,
    PETALS,
    REPSYS_APP,
    Seat,
    change,
    code_of,
    commit,
    contents,
    end_sessions,
    expected,
    reason_of,
)

ANYWHERE = evolve(MULTI_APP, tenant="organizations")
STEP_UP = '{"access_token":{"acrs":{"essential":true,"value":"c1"}}}'


@pytest.fixture
def device(in_process: InProcess) -> Device:
    made = Device(in_process)
    made.start()
    return made


def ask_of(page: Page) -> bool:
    return "Are you trying to sign in to" in page.text and page.status == 200


def tokens(device: Device, browser: FormBrowser, **who: str) -> dict[str, Any]:
    let_in(browser, device, **who)
    answer = device.poll()
    assert answer.status_code == 200, answer.text
    body: dict[str, Any] = answer.json()
    return body


# ---- the device authorization endpoint ----


def test_what_a_device_is_told(in_process):
    told = Device(in_process).start()
    names = ["user_code", "device_code", "verification_uri", "expires_in", "interval", "message"]
    assert list(told) == names
    assert (told["verification_uri"], told["expires_in"], told["interval"]) == (f"{ORIGIN}/devicelogin", 900, 5)
    assert told["user_code"] in told["message"]
    assert told["verification_uri"] in told["message"]
    assert len(told["user_code"]) == 9


def test_v1_spells_it_another_way(in_process):
    told = Device(in_process, path="oauth2").start({"scope": None, "resource": "https://graph.microsoft.com"})
    assert (told["verification_url"], told["expires_in"], told["interval"]) == (f"{ORIGIN}/devicelogin", "900", "5")


# fmt: off
SPOILT = [  # where it is asked, what is sent, the reason
    pytest.param(COLORS,   {"client_id": None},                         why.MISSING_PARAMETER,  id="no client_id"),
    pytest.param(COLORS,   {"client_id": COLORS},                       why.CLIENT_NOT_FOUND,   id="no such client"),
    pytest.param(COLORS,   {"scope": None},                             why.MISSING_PARAMETER,  id="no scope"),
    pytest.param(COLORS,   {"scope": "User.Unknown"},                   why.SCOPE_NOT_FOUND,    id="no such scope"),
    pytest.param(COLORS,   {"scope": "api://nowhere/Read"},             why.RESOURCE_NOT_FOUND, id="no such API"),
    pytest.param(COLORS,   {"resource": "https://graph.microsoft.com"}, why.RESOURCE_ON_V2,     id="a resource on v2.0"),
    pytest.param(COLORS,   {"claims": "["},                             why.INVALID_PARAMETER,  id="claims that nobody can read"),
    pytest.param(COLORS,   {"claims": "9" * 1_995},                     why.TOO_LONG,           id="more than a row shall hold"),
    pytest.param(COLORS,   {"claims": "é" * 1_000},                     why.TOO_LONG,           id="in bytes"),
    pytest.param("common", {},                                          why.NOT_MULTI_TENANT,   id="one tenant's application at common"),
    pytest.param("nowhere.example", {},                                 why.TENANT_NOT_FOUND,   id="no such tenant"),
    pytest.param(PETALS,   {},                                          why.CLIENT_NOT_FOUND,   id="another tenant's application"),
]
# fmt: on


@pytest.mark.usefixtures("untouched")
@pytest.mark.parametrize(("tenant", "changes", "reason"), SPOILT)
def test_what_a_device_is_refused(shared, tenant, changes, reason):
    answer = Device(shared, tenant=tenant).ask(changes)
    assert reason_of(answer) == expected(reason)


def test_only_by_post(in_process):
    answer = in_process.client.get(f"/{COLORS}/oauth2/v2.0/devicecode")
    assert reason_of(answer) == expected(why.WRONG_ENDPOINT_METHOD)
    assert answer.headers["allow"] == "POST"


def started_at(there: InProcess, address: str, **changes: str) -> Any:
    client = TestClient(there.platform.app, base_url=ORIGIN, client=(address, 4000))
    form = {"client_id": CLI_APP.client_id, "scope": "openid", **changes}
    return client.post(f"/{COLORS}/oauth2/v2.0/devicecode", data=form)


def test_a_hundred_devices_of_a_client_wait_at_a_place(in_process):
    started = in_process.platform.here.counted.device_starts
    for _ in range(99):
        started.add((CLI_APP.client_id, "203.0.113.7"), in_process.clock(), LIFETIME)
    assert started_at(in_process, "203.0.113.7").status_code == 200
    before = contents(in_process.platform.here.store)
    one_more = started_at(in_process, "203.0.113.7")
    assert reason_of(one_more) == expected(why.THROTTLED)
    assert one_more.headers["retry-after"] == "900"
    assert contents(in_process.platform.here.store) == before
    assert started_at(in_process, "203.0.113.8").status_code == 200
    assert started_at(in_process, "203.0.113.7", client_id=DAEMON).status_code == 200
    in_process.clock.advance(900)
    assert started_at(in_process, "203.0.113.7").status_code == 200


def test_a_code_that_is_taken_is_not_given_twice(signing_keys):
    twice = [bytes(16), bytes(16)]
    entropy = lambda count: twice.pop() if count == 16 and twice else os.urandom(count)  # noqa: E731
    made = asyncio.run(platform(entropy=entropy, keys=signing_keys))
    there = InProcess(made, new_client(made))
    twice[:] = [bytes(16), bytes(16)]
    assert Device(there).start()["user_code"] != Device(there).start()["user_code"]
    assert twice == []


# ---- polling ----


def test_a_device_waits_and_is_let_in(device, in_process):
    assert reason_of(device.poll()) == expected(why.AUTHORIZATION_PENDING)
    page = let_in(in_process.browser(), device)
    assert "You are signed in" in page.text
    answer = device.poll().json()
    assert answer["scope"] == "openid profile User.Read"  # remembered: the poll named none
    assert {"access_token", "refresh_token", "id_token"} <= set(answer)


@pytest.mark.parametrize(
    "changes", [{"grant_type": "device_code"}, {"code": "the same"}, {"device_code": None, "code": "the same"}]
)
def test_polls_are_spelt_in_many_ways(device, in_process, changes):
    let_in(in_process.browser(), device)
    code = {"code": device.started["device_code"]} if "code" in changes else {}
    assert device.poll({**changes, **code}).status_code == 200


def test_msal_node_names_its_scopes_again(device, in_process):
    let_in(in_process.browser(), device)
    assert device.poll({"grant_type": "device_code", "scope": SCOPE}).json()["scope"] == "openid profile User.Read"


def test_v1_polls(in_process):
    device = Device(in_process, path="oauth2")
    device.start({"scope": None, "resource": "https://graph.microsoft.com"})
    let_in(in_process.browser(), device)
    answer = device.poll({"device_code": None, "code": device.started["device_code"]}).json()
    assert (answer["resource"], answer["expires_in"].isdigit()) == ("https://graph.microsoft.com", True)
    assert answer["refresh_token"]


def test_a_poll_without_a_code(device):
    assert reason_of(device.poll({"device_code": None})) == expected(why.MISSING_PARAMETER)


def test_a_code_that_is_none(device):
    refused = expected(why.BAD_DEVICE_CODE)
    assert reason_of(device.poll({"device_code": "x" * 200})) == refused
    code = device.started["device_code"]
    assert reason_of(device.poll({"device_code": code[:-1] + ("A" if code[-1] != "A" else "B")})) == refused


def test_a_declined_device_learns_it(device, in_process):
    browser = in_process.browser()
    asked = to_confirmation(browser, device)
    done = browser.submit(asked, "decision", decision="decline")
    assert "The device was not let in" in done.text
    assert reason_of(device.poll()) == expected(why.AUTHORIZATION_DECLINED)
    assert reason_of(device.poll()) == expected(why.AUTHORIZATION_DECLINED)


def test_a_device_learns_that_its_consent_was_refused(device, in_process):
    browser = in_process.browser()
    page = browser.submit(type_code(browser, device.started["user_code"]), "username", username="ben@colors.example")
    page = browser.submit(page, "passwd", passwd=PASSWORD)
    refused = browser.submit(page, "decision", decision="cancel")
    assert code_of(refused)[:1] == [why.CONSENT_DECLINED.code]
    assert reason_of(device.poll()) == expected(why.AUTHORIZATION_DECLINED)


def test_a_device_code_ends(device, in_process):
    in_process.clock.advance(899)
    assert reason_of(device.poll()) == expected(why.AUTHORIZATION_PENDING)
    in_process.clock.advance(1)
    assert reason_of(device.poll()) == expected(why.DEVICE_CODE_EXPIRED)


def test_approved_and_yet_too_late(device, in_process):
    let_in(in_process.browser(), device)
    in_process.clock.advance(900)
    assert reason_of(device.poll()) == expected(why.DEVICE_CODE_EXPIRED)


def test_another_client_gets_nothing(device, in_process):
    let_in(in_process.browser(), device)
    thief = evolve(device, app=evolve(REPSYS_APP))
    before = contents(in_process.platform.here.store)
    assert reason_of(thief.poll()) == expected(why.BAD_DEVICE_CODE)
    assert contents(in_process.platform.here.store) == before
    assert device.poll().status_code == 200


def test_at_another_tenant_it_is_refused(in_process):
    device = Device(in_process, app=ANYWHERE)
    device.start()
    let_in(in_process.browser(), device, "ben@colors.example")
    assert reason_of(device.poll(tenant=PETALS)) == expected(why.OTHER_TENANTS_GRANT)
    assert device.poll(tenant=COLORS).status_code == 200


def test_redeemed_twice_it_has_leaked(device, in_process):
    got = tokens(device, in_process.browser())
    assert reason_of(device.poll()) == expected(why.DEVICE_CODE_REDEEMED)
    assert reason_of(device.refresh(got["refresh_token"])) == expected(why.GRANT_EXPIRED)


def test_signing_out_takes_an_approval_back(device, in_process):
    let_in(in_process.browser(), device)
    end_sessions(in_process)
    assert reason_of(device.poll()) == expected(why.SESSION_ENDED)


def test_a_device_that_keeps_its_interval_is_never_told_to_slow_down(device, in_process):
    for _ in range(150):
        in_process.clock.advance(5)
        assert reason_of(device.poll()) == expected(why.AUTHORIZATION_PENDING)


def test_a_device_that_runs_wild_is(device, in_process):
    answers = [reason_of(device.poll()) for _ in range(31)]
    assert answers[:30] == [expected(why.AUTHORIZATION_PENDING)] * 30
    assert answers[30] == expected(why.POLLING_TOO_OFTEN)
    in_process.clock.advance(30)
    assert reason_of(device.poll()) == expected(why.AUTHORIZATION_PENDING)


# ---- which clients ----


def test_a_public_client_sends_no_secret(device):
    assert reason_of(device.poll({"client_secret": "x"})) == expected(why.PUBLIC_CLIENT_WITH_CREDENTIAL)


def test_a_client_whose_public_switch_is_off_gets_a_code_and_needs_its_secret(in_process):
    device = Device(in_process, app=REPSYS_APP)
    device.start()
    assert reason_of(device.poll({"client_secret": None})) == expected(why.CREDENTIAL_MISSING)
    got = tokens(device, in_process.browser())
    assert device.refresh(got["refresh_token"]).status_code == 200
    assert reason_of(Device(in_process, app=evolve(REPSYS_APP, secret=None)).refresh(got["refresh_token"])) == expected(
        why.CREDENTIAL_MISSING
    )


def test_a_public_client_without_a_redirect_uri_refreshes(in_process):
    store = in_process.platform.here.store
    change(store, asyncio.run(store.find_application(ClientId(CLI_APP.client_id))), redirect_uris=())
    device = Device(in_process)
    device.start()
    got = tokens(device, in_process.browser())
    again = device.refresh(got["refresh_token"])
    assert again.status_code == 200
    assert again.json()["refresh_token"] != got["refresh_token"]  # it rotates


# ---- the page ----


def test_the_short_address_leads_to_the_page(in_process):
    page = in_process.browser().open("/devicelogin")
    assert page.url == f"{ORIGIN}/common/oauth2/deviceauth"
    assert 'name="user_code"' in page.text


@pytest.mark.parametrize("spell", [str, str.lower, lambda code: f" {code[:3]}-{code[3:6]} {code[6:]}"])
def test_a_code_is_read_with_forgiveness(device, in_process, spell):
    page = type_code(in_process.browser(), spell(device.started["user_code"]))
    assert 'id="username"' in page.text


def test_who_is_asked_sees_what_is_asked(device, in_process):
    in_process.clock.advance(120)
    page = to_confirmation(in_process.browser(), device)
    assert ask_of(page)
    for shown in (
        "entrada CLI",
        "colors.example",
        "ben@colors.example",
        "testclient",
        "python-requests",
        "2 minutes ago",
    ):
        assert shown in page.text
    assert device.started["user_code"] in page.text


WRONG = "BBBBBBBBB"


def test_a_wrong_code_is_said_beside_the_field(in_process):
    page = type_code(in_process.browser(), WRONG)
    assert (page.status, why.BAD_USER_CODE.text in page.text) == (200, True)
    assert 'aria-invalid="true"' in page.text


def test_no_code_at_all(in_process):
    page = type_code(in_process.browser(), " ")
    assert why.NO_USER_CODE.text in page.text


def test_late_and_decided_codes_are_answered_like_unknown_ones(device, in_process):
    let_in(in_process.browser(), device)
    assert why.BAD_USER_CODE.text in type_code(in_process.browser(), device.started["user_code"]).text
    late = Device(in_process).start()["user_code"]
    in_process.clock.advance(900)
    assert why.BAD_USER_CODE.text in type_code(in_process.browser(), late).text


def browser_at(there: InProcess, address: str) -> FormBrowser:
    client = TestClient(there.platform.app, base_url=ORIGIN, follow_redirects=False, client=(address, 5000))
    return FormBrowser(client, ORIGIN)


def test_a_browser_may_guess_ten_times(device, in_process):
    browser = browser_at(in_process, "203.0.113.7")
    pages = [type_code(browser, WRONG) for _ in range(10)]
    assert all(why.BAD_USER_CODE.text in page.text for page in pages)
    stopped = type_code(browser, device.started["user_code"])  # the right one too
    assert (stopped.status, stopped.headers["retry-after"]) == (429, "600")
    assert why.TOO_MANY_USER_CODES.text in stopped.text
    in_process.clock.advance(600)
    assert 'id="username"' in type_code(browser, device.started["user_code"]).text


def test_a_place_may_guess_fifty_times_with_however_many_browsers(device, in_process):
    for _ in range(50):
        assert type_code(browser_at(in_process, "203.0.113.7"), WRONG).status == 200
    assert type_code(browser_at(in_process, "203.0.113.7"), WRONG).status == 429
    elsewhere = type_code(browser_at(in_process, "203.0.113.8"), device.started["user_code"])
    assert 'id="username"' in elsewhere.text


def test_polls_make_no_guess_forgotten(device, in_process):
    for _ in range(50):
        type_code(browser_at(in_process, "203.0.113.7"), WRONG)
    here = in_process.platform.here
    for number in range(MAX_KEYS):
        here.counted.device_polls.add((str(number),), here.clock(), Seconds(30))
    device.poll()
    assert type_code(browser_at(in_process, "203.0.113.7"), WRONG).status == 429


def test_another_account_may_be_chosen(device, in_process):
    browser = in_process.browser()
    page = browser.submit(to_confirmation(browser, device), "decision", decision="other")
    assert 'id="username"' in page.text
    page = browser.sign_in(page, "ada@colors.example")
    assert "ada@colors.example" in page.text
    browser.submit(page, "decision", decision="approve")
    assert device.poll().status_code == 200


def test_whoever_stops_to_sign_in_has_decided_nothing(device, in_process):
    browser = in_process.browser()
    browser.submit(type_code(browser, device.started["user_code"]), "cancel", cancel="1")
    assert reason_of(device.poll()) == expected(why.AUTHORIZATION_PENDING)


# ---- nobody approves by accident, by a link, or for somebody else ----


def test_a_link_fills_in_nothing(device, in_process):
    code = device.started["user_code"]
    names = ("user_code", "otc", "code", "ctx")
    page = in_process.browser().open("/common/oauth2/deviceauth?" + "&".join(f"{name}={code}" for name in names))
    assert code not in page.text


def test_a_code_is_typed_on_our_own_page(device, in_process):
    """Another site may post a form, but has none of ours."""
    signed_in = Seat(in_process)
    signed_in.sign_in()
    client = signed_in.browser.client
    answer = client.post("/common/oauth2/deviceauth", data={"user_code": device.started["user_code"]})
    assert code_of(Page("", answer.status_code, answer.text, answer.headers)) == [why.INTERACTION_STALE.code]


def test_no_form_works_in_another_browser(device, in_process):
    mine, other = in_process.browser(), in_process.browser()
    typing = code_page(mine)
    code_page(other)
    assert code_of(other.submit(typing, "user_code", user_code=device.started["user_code"])) == [50089]
    asked = to_confirmation(mine, device)
    assert ask_of(asked)
    assert code_of(other.submit(asked, "decision", decision="approve")) == [50089]
    assert reason_of(device.poll()) == expected(why.AUTHORIZATION_PENDING)


def test_only_the_page_that_says_who_asks_approves(device, in_process):
    """A form of the sign-in, or of the code's page, is none of that one."""
    browser = in_process.browser()
    pages = (code_page(browser), type_code(browser, device.started["user_code"]))
    for page in pages:
        form = next(form for form in page.forms if "ctx" in form.fields)
        answer = browser.client.post(
            f"/{COLORS}/oauth2/deviceauth/decision", data={"ctx": form.fields["ctx"], "decision": "approve"}
        )
        assert answer.status_code == 400
    assert reason_of(device.poll()) == expected(why.AUTHORIZATION_PENDING)


def test_the_account_that_was_shown_is_the_one_that_approves(device, in_process):
    browser = in_process.browser()
    asked = to_confirmation(browser, device)
    end_sessions(in_process)
    again = browser.submit(asked, "decision", decision="approve")
    assert not ask_of(again)
    assert reason_of(device.poll()) == expected(why.AUTHORIZATION_PENDING)


def test_decided_in_one_tab_and_again_in_another(device, in_process):
    browser = in_process.browser()
    asked = to_confirmation(browser, device)
    browser.submit(asked, "decision", decision="decline")
    assert code_of(browser.submit(asked, "decision", decision="approve")) == [why.DEVICE_FLOW_DECIDED.code]
    assert reason_of(device.poll()) == expected(why.AUTHORIZATION_DECLINED)


def test_a_person_who_takes_too_long(device, in_process):
    browser = in_process.browser()
    asked = to_confirmation(browser, device)
    in_process.clock.advance(900)
    assert code_of(browser.submit(asked, "decision", decision="approve")) == [why.USER_CODE_EXPIRED.code]


def test_the_address_bar_decides_nothing(in_process):
    page = in_process.browser().open(f"/{COLORS}/oauth2/deviceauth/decision")
    assert code_of(page) == [why.INTERACTION_STALE.code]


def test_an_unknown_tenant_has_no_page(in_process):
    assert code_of(code_page(in_process.browser(), "nowhere.example")) == [why.TENANT_NOT_FOUND.code]


def test_what_is_asked_of_the_sign_in_must_be_met(in_process):
    plain, strong = Device(in_process), Device(in_process)
    plain.start()
    strong.start({"claims": STEP_UP})
    browser = in_process.browser()
    assert ask_of(to_confirmation(browser, plain))
    assert not ask_of(to_confirmation(browser, strong))


# ---- whose tenant ----


def test_a_device_that_asks_at_a_tenant_is_let_in_by_its_people_alone(in_process):
    device = Device(in_process, app=MULTI_APP)
    device.start()
    page = to_confirmation(in_process.browser(), device, "eva@petals.example")
    assert code_of(page) == [why.ACCOUNT_NOT_IN_TENANT.code]
    assert reason_of(device.poll()) == expected(why.AUTHORIZATION_PENDING)


def test_another_tenants_page_does_not_know_the_code(device, in_process):
    page = type_code(in_process.browser(), device.started["user_code"], PETALS)
    assert why.BAD_USER_CODE.text in page.text
    page = type_code(in_process.browser(), device.started["user_code"], "colors.example")
    assert 'id="username"' in page.text


def test_at_organizations_everybodys_own_tenant_issues(in_process):
    device = Device(in_process, app=ANYWHERE)
    device.start()
    let_in(in_process.browser(), device, "eva@petals.example")
    answer = device.poll({"client_info": "1"})
    assert answer.status_code == 200, answer.text
    assert reason_of(device.poll(tenant=COLORS)) == expected(why.OTHER_TENANTS_GRANT)


def test_a_guest_lets_a_device_in_where_it_is_a_guest(in_process):
    store, home = in_process.platform.here.store, TenantId(PETALS)
    eva = UserId("9e7a1500-0000-4000-8000-0000000000e1")
    guest = User(
        id=UserId("c0105000-0000-4000-8000-0000000000e9"),
        tenant_id=TenantId(COLORS),
        user_principal_name="eva_petals.example#EXT#@colors.example",
        display_name="Eva Ebony (guest)",
        user_type="Guest",
        home=HomeAccount(tenant_id=home, user_id=eva),
    )
    commit(store, PutEntity(guest))
    device = Device(in_process, app=MULTI_APP)
    device.start()
    let_in(in_process.browser(), device, "eva@petals.example")
    answer = device.poll()
    assert answer.status_code == 200, answer.text
    assert device.refresh(answer.json()["refresh_token"]).status_code == 200


def test_scopes_of_another_api_come_too(in_process):
    device = Device(in_process)
    device.start({"scope": f"openid offline_access api://{COLORS_API}/Colors.Read"})
    let_in(in_process.browser(), device)
    assert device.poll().json()["scope"] == f"api://{COLORS_API}/Colors.Read"


def test_both_names_are_one_grant():
    from entrada.server.usecases.issue_token import GRANTS

    assert GRANTS[GRANT] is GRANTS["device_code"]

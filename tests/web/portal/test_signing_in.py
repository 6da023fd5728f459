"""Who gets into the portal, for how long, and what stops them."""

import asyncio
from urllib.parse import parse_qs, urlsplit

import pytest

from entrada.core.directory.derived_id import service_principal_id
from entrada.core.directory.ids import ClientId, TenantId
from entrada.core.directory.portal import APP_ID
from entrada.core.directory.service_principal import ServicePrincipal
from entrada.core.protocol.artefacts.portal_session import ABSOLUTE, IDLE
from entrada.core.protocol.effects import PutEntity
from tests.drivers.live_server import COLORS
from tests.web import seats
from tests.web.portal.portal_driver import ADA, BEN, EVA, AtThePortal

HOUR = 3600
PORTAL = "__Host-entrada-portal"


@pytest.mark.parametrize(("name", "tenant"), [(ADA, "Colors"), (BEN, "Colors"), (EVA, "Petals")])
def test_whoever_comes_signs_in_without_consent_and_sees_their_directory(in_process, name, tenant):
    browser = in_process.browser()
    page = browser.open("/portal/applications")
    page = browser.submit(page, "username", username=name)
    page = browser.submit(page, "passwd", passwd="Entrada-dev-2026")
    assert page.status == 200, page.text
    assert page.url.endswith("/portal/applications")
    assert name in page.text
    assert f"<bdi>{tenant}</bdi>" in page.text


def test_the_cookie_is_ours_alone(in_process):
    ada = AtThePortal(in_process)
    cookies = {cookie.name: cookie for cookie in ada.browser.client.cookies.jar}
    portal = cookies[PORTAL]
    assert (portal.secure, portal.path, portal.domain_specified) == (True, "/", False)
    assert portal._rest.keys() >= {"HttpOnly"}
    assert portal._rest["SameSite"] == "lax"
    assert portal.expires is None
    assert not [name for name in cookies if "portal-sign-in-" in name]


def begun(client, path="/portal/signin"):
    answer = client.get(path)
    assert answer.status_code == 302
    return answer.headers["location"]


def answered(there, browser, asked):
    """The path that brings the answer to the portal, not followed yet."""
    answer = browser.client.get(asked)
    assert answer.status_code == 302, answer.text
    return answer.headers["location"]


def test_two_tabs_may_sign_in_at_once(in_process):
    browser = AtThePortal(in_process).browser
    first = begun(browser.client, "/portal/signin?return_to=/portal/users")
    second = begun(browser.client, "/portal/signin?return_to=/portal/groups")
    for asked, lands in ((second, "/portal/groups"), (first, "/portal/users")):
        done = browser.client.get(answered(in_process, browser, asked))
        assert (done.status_code, done.headers["location"]) == (302, lands)


def test_an_answer_lured_into_another_browser_signs_nobody_in(in_process):
    mine, theirs = AtThePortal(in_process).browser, in_process.browser()
    lured = answered(in_process, mine, begun(mine.client))
    assert theirs.client.get(lured).status_code == 400
    assert PORTAL not in theirs.client.cookies


def test_an_answer_is_good_once(in_process):
    mine = AtThePortal(in_process).browser
    answer = answered(in_process, mine, begun(mine.client))
    assert mine.client.get(answer).status_code == 302
    assert mine.client.get(answer).status_code == 400


def test_many_abandoned_attempts_leave_few_cookies(in_process):
    browser = in_process.browser()
    for _ in range(20):
        begun(browser.client)
    left = [cookie for cookie in browser.client.cookies.jar if "portal-sign-in-" in cookie.name]
    assert len(left) <= 5
    assert sum(len(cookie.value or "") for cookie in left) < 4096


@pytest.mark.parametrize(
    "asked",
    [
        "https://evil.example",
        "//evil.example",
        "/\\evil.example",
        "/account",
        "/portalx",
        "/portal/signout",
        "/portal/signin?prompt=select_account",
        "/portal/%73ignin",
        "/portal/../account",
        "/portal/%2e%2E/account",
        "/portal/users/..",
        "javascript:x",
        "/portal\r\nx",
    ],
)
def test_one_returns_to_the_portal_alone(in_process, asked):
    browser = AtThePortal(in_process).browser
    begin = browser.client.get("/portal/signin", params={"return_to": asked})
    done = browser.client.get(answered(in_process, browser, begin.headers["location"]))
    assert done.headers["location"] == "/portal"


@pytest.mark.parametrize("asked", ["/portal/sign-ins?status=failure", "/portal?x=/../y", "/portal/users/a..b"])
def test_one_returns_to_any_page_of_it(in_process, asked):
    browser = AtThePortal(in_process).browser
    begin = browser.client.get("/portal/signin", params={"return_to": asked})
    assert browser.client.get(answered(in_process, browser, begin.headers["location"])).headers["location"] == asked


def lose_roles(there):
    store = there.platform.here.store
    seats.change(store, asyncio.run(store.find_user(TenantId(COLORS), seats.BEN)), directory_roles=frozenset())


def switch_off(there):
    principal = ServicePrincipal(
        id=service_principal_id(TenantId(COLORS), APP_ID),
        tenant_id=TenantId(COLORS),
        app_id=APP_ID,
        account_enabled=False,
    )
    seats.commit(there.platform.here.store, PutEntity(principal))


# fmt: off
ENDS = [
    pytest.param(seats.disable_user,                             id="the user is disabled"),
    pytest.param(seats.change_password,                          id="their sessions are revoked"),
    pytest.param(seats.end_sessions,                             id="the browser's session is ended from afar"),
    pytest.param(seats.disable_tenant,                           id="the tenant is disabled"),
    pytest.param(switch_off,                                     id="the portal is switched off in the tenant"),
    pytest.param(lambda there: there.clock.advance(IDLE + 1),    id="nobody was there for two hours"),
]
# fmt: on


@pytest.mark.parametrize("happens", ENDS)
def test_the_next_click_is_stopped_when(in_process, happens):
    ben = AtThePortal(in_process, BEN)
    assert ben.browser.client.get("/portal").status_code == 200
    form = {"csrf": ben.csrf(ben.home)}
    happens(in_process)
    seen = ben.browser.client.get("/portal")
    assert (seen.status_code, urlsplit(seen.headers["location"]).path) == (302, "/portal/signin")
    assert ben.browser.client.post("/portal/signout", data=form).status_code == 401


def test_a_session_rolls_and_ends_all_the_same(in_process):
    ada = AtThePortal(in_process)
    for _ in range(ABSOLUTE // HOUR - 1):
        in_process.clock.advance(HOUR)
        assert ada.browser.client.get("/portal").status_code == 200
    in_process.clock.advance(HOUR + 1)
    assert ada.browser.client.get("/portal").status_code == 302


def test_a_copied_session_ends_with_the_browsers_session(in_process):
    ada, other = AtThePortal(in_process), in_process.browser()
    copied = {"cookie": f"{PORTAL}={ada.browser.client.cookies[PORTAL]}"}

    def seen():
        return other.client.get("/portal", headers=copied).status_code

    assert seen() == 200  # it is all that one needs, while the session lasts
    page = ada.send("/portal", "/portal/signout")
    assert "signed out" in page.text
    assert PORTAL not in ada.browser.client.cookies
    assert seen() == 302


FORGED = [
    pytest.param({}, {}, id="no token"),
    pytest.param({"csrf": "x"}, {}, id="a made-up token"),
    pytest.param({"csrf": None}, {"sec-fetch-site": "cross-site"}, id="ours, sent by another site"),
    pytest.param({"csrf": None}, {"sec-fetch-site": "same-site"}, id="ours, sent by a neighbour"),
]


@pytest.mark.parametrize(("fields", "headers"), FORGED)
def test_a_form_of_another_page_does_nothing(in_process, fields, headers):
    ada = AtThePortal(in_process)
    sent = {name: ada.csrf(ada.home) if value is None else value for name, value in fields.items()}
    answer = ada.browser.client.post(
        "/portal/applications/new",
        data={**sent, "displayName": "forged", "signInAudience": "AzureADMyOrg"},
        headers=headers,
    )
    assert answer.status_code == 403
    assert "forged" not in ada.open("/portal/applications").text


def test_anothers_token_is_no_good(in_process):
    ada, ben = AtThePortal(in_process), AtThePortal(in_process, BEN)
    answer = ada.browser.client.post("/portal/signout", data={"csrf": ben.csrf(ben.home)})
    assert answer.status_code == 403


def test_a_notice_of_another_session_is_not_shown(in_process):
    ada, ben = AtThePortal(in_process), AtThePortal(in_process, BEN)
    told = ada.send("/portal/applications/c0105000-0000-4000-8000-00000000e951/properties", "/properties")
    notice = parse_qs(urlsplit(told.url).query)["done"][0]
    assert "The properties are saved" in told.text
    assert "The properties are saved" not in ben.open(f"/portal?done={notice}").text


def test_htmx_is_told_to_load_the_page_anew(in_process):
    answer = in_process.browser().client.get("/portal/users", headers={"HX-Request": "true"})
    assert (answer.status_code, answer.headers["hx-refresh"]) == (401, "true")


def test_the_portals_registration_mends_itself(in_process):
    store = in_process.platform.here.store
    AtThePortal(in_process)
    made = asyncio.run(store.find_application(ClientId(APP_ID)))
    seats.change(store, made, redirect_uris=())
    assert AtThePortal(in_process).home.status == 200
    assert asyncio.run(store.find_application(ClientId(APP_ID))).redirect_uris == made.redirect_uris


def test_a_front_channel_logout_drops_the_cookie_of_its_session_alone(in_process):
    ada = AtThePortal(in_process)
    (_, sid), *_ = in_process.platform.here.store._tables.sessions
    for asked in ("another", sid):
        answer = ada.browser.client.get("/portal/signout-oidc", params={"sid": asked})
        assert answer.status_code == 200
        assert (PORTAL in answer.headers.get("set-cookie", "")) is (asked == sid)


OURS = {"sec-fetch-site": "same-origin"}


@pytest.mark.parametrize(("headers", "kept"), [(OURS, True), ({"sec-fetch-site": "cross-site"}, False), ({}, False)])
def test_what_was_typed_outlives_the_session(in_process, headers, kept):
    ada = AtThePortal(in_process)
    form = {"csrf": "sealed", "displayName": "<b>A long name</b>", "passwordProfile.password": "Secret-4711"}
    ada.browser.client.cookies.clear()
    answer = ada.browser.client.post("/portal/users/new", data=form, headers=headers)
    assert answer.status_code == 401
    assert ("&lt;b&gt;A long name" in answer.text) is kept
    assert "<b>" not in answer.text
    assert "Secret-4711" not in answer.text
    assert "sealed" not in answer.text


def test_where_there_is_nothing_the_frame_says_so(in_process):
    ada = AtThePortal(in_process)
    for path in ("/portal/nothing", "/portal/signout", "/portal/users/new/x"):
        page = ada.open(path)
        assert (page.status, 'class="sidebar"' in page.text) == (404, True), path

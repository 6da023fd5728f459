"""@azure/msal-browser in a real page in Chromium, third-party cookies blocked: redirect, cache, renewal, sign-out."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from playwright.sync_api import Browser, Page, Request, expect

from tests.drivers.chromium import chromium
from tests.drivers.form_browser import PASSWORD
from tests.drivers.live_server import COLORS, COLORS_API, SPA, LiveServer
from tests.interop.node_program import find_node
from tests.interop.spa_server import spa_server

pytestmark = [pytest.mark.interop, pytest.mark.browser]

BEN = "c0105000-0000-4000-8000-0000000000b1"
COLORS_READ = f"api://{COLORS_API}/Colors.Read"


@pytest.fixture(scope="module")
def browser(live: LiveServer) -> Iterator[Browser]:
    with chromium(live.ca) as launched:
        yield launched


@pytest.fixture(scope="module")
def origin(live: LiveServer) -> Iterator[str]:
    find_node()  # what installed it installed msal-browser
    with spa_server(authority=live.authority, clientId=SPA) as served:
        yield served


@pytest.fixture
def page(browser: Browser, origin: str) -> Iterator[Page]:
    """The application, its user signed in."""
    context = browser.new_context()
    context.set_default_timeout(15_000)
    page = context.new_page()
    page.goto(origin)
    expect(page.get_by_role("status")).to_have_text("nobody")  # its script has run: the buttons work
    sign_in(page)
    yield page
    context.close()


def sign_in(page: Page) -> None:
    page.get_by_role("button", name="Sign in").click()
    page.get_by_label("User name").fill("ben@colors.example")
    page.get_by_role("button", name="Next").click()
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    come_back(page)


def come_back(page: Page) -> None:
    """Through consent, if it is asked for."""
    accept = page.get_by_role("button", name="Accept")
    arrived = page.get_by_role("heading", name="A single-page application")
    expect(accept.or_(arrived)).to_be_visible()
    if accept.is_visible():
        accept.click()
    expect(page.get_by_role("status")).to_have_text("ben@colors.example")


def acquire(page: Page, **request: Any) -> dict[str, Any]:
    return page.evaluate("request => spa.acquire(request)", request)


def token_requests(page: Page) -> list[Request]:
    sent: list[Request] = []
    page.on("request", lambda request: sent.append(request) if urlsplit(request.url).path.endswith("/token") else None)
    return sent


def test_it_signs_in_by_redirect(page: Page) -> None:
    arrived = page.evaluate("spa.arrived")
    assert (arrived["uniqueId"], arrived["tenantId"]) == (BEN, COLORS)
    assert arrived["account"]["homeAccountId"] == f"{BEN}.{COLORS}"
    assert arrived["idTokenClaims"]["aud"] == SPA
    assert "User.Read" in arrived["scopes"]
    assert "code=" not in page.url


def test_silence_is_answered_from_the_cache_without_a_request(page: Page) -> None:
    sent = token_requests(page)
    first, again = page.evaluate("spa.arrived"), acquire(page)
    assert (again["fromCache"], again["accessToken"]) == (True, first["accessToken"])
    assert sent == []


def test_it_renews_by_refresh_token_and_opens_no_frame(page: Page) -> None:
    frames: list[Any] = []
    page.on("frameattached", lambda frame: frames.append(frame))  # noqa: PLW0108 - Playwright marks what it is given
    sent = token_requests(page)
    tokens = [acquire(page, forceRefresh=True)["accessToken"] for _ in range(3)]
    assert len({page.evaluate("spa.arrived.accessToken"), *tokens}) == 4
    grants = [parse_qs(request.post_data or "")["grant_type"] for request in sent if request.method == "POST"]
    assert grants == [["refresh_token"]] * 3
    assert frames == []


def test_a_refresh_for_another_resource_is_one_request(page: Page) -> None:
    page.evaluate("scope => { spa.consent([scope]); }", COLORS_READ)
    come_back(page)
    renewed = acquire(page, scopes=[COLORS_READ], forceRefresh=True)
    assert renewed["scopes"] == [COLORS_READ]
    assert acquire(page, scopes=[COLORS_READ])["fromCache"] is True


def test_its_token_opens_graph_from_the_page(page: Page, live: LiveServer) -> None:
    token = acquire(page)["accessToken"]
    me = page.evaluate("([url, token]) => spa.call(url, token)", [f"{live.origin}/v1.0/me", token])
    assert me["userPrincipalName"] == "ben@colors.example"


def test_a_reload_finds_its_user_again(page: Page) -> None:
    page.reload()
    expect(page.get_by_role("status")).to_have_text("ben@colors.example")
    assert acquire(page)["fromCache"] is True


def test_signing_out_ends_the_session_everywhere(page: Page, live: LiveServer, origin: str) -> None:
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("status")).to_have_text("nobody")
    assert page.url.startswith(origin)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_label("User name")).to_be_visible()


def test_a_frame_brings_no_cookie(page: Page, live: LiveServer, origin: str) -> None:
    """Why renewal must not need one: Debian's Chromium blocks third-party cookies unless told not to, and so does this.

    The session cookie is SameSite=None; where a person allows third-party cookies this request is answered with a code.
    """
    asked = {
        "client_id": SPA,
        "response_type": "code",
        "redirect_uri": origin,
        "scope": "openid",
        "prompt": "none",
        "code_challenge": "c" * 43,
        "code_challenge_method": "S256",
    }
    url = f"{live.authority}/oauth2/v2.0/authorize?{urlencode(asked)}"
    with page.expect_event("framenavigated", lambda frame: frame.url.startswith(f"{origin}/?")) as navigated:
        page.evaluate(
            "url => { document.body.append(Object.assign(document.createElement('iframe'), { src: url })); }", url
        )
    assert parse_qs(urlsplit(navigated.value.url).query)["error"] == ["login_required"]

"""The documentation page of the Colors API: it signs in by the code flow with PKCE, and tries what it describes."""

import pytest
from playwright.sync_api import expect

from tests.browser.person import BEN, Person
from tests.drivers.live_server import LiveServer

pytestmark = pytest.mark.browser


def sign_in(person: Person, live: LiveServer, username: str, *, consent: bool) -> list[str]:
    """By the button of the page; the requests that its sign-in made."""
    page = person.open(f"{live.colors}/docs")
    asked: list[str] = []
    person.context.on("request", lambda request: asked.append(f"{request.url} {request.post_data or ''}"))
    page.get_by_role("button", name="Authorize").first.click()
    with page.expect_popup() as opened:
        page.get_by_role("button", name="Apply given OAuth2 credentials").click()
    window = opened.value
    person.sign_in(username, page=window)
    if consent:
        window.get_by_role("button", name="Accept").click()
    expect(page.get_by_role("button", name="Remove authorization")).to_be_visible()
    page.locator(".modal-ux").get_by_role("button", name="Close").last.click()
    return asked


def test_the_page_signs_in_and_calls_the_api(untouched: LiveServer, person: Person):
    asked = sign_in(person, untouched, BEN, consent=True)
    authorize = next(one for one in asked if "/authorize?" in one)
    assert "code_challenge_method=S256" in authorize
    assert "Colors.Read" in authorize
    token = next(one for one in asked if "/oauth2/v2.0/token" in one)
    assert "code_verifier=" in token
    assert "client_secret=" not in token
    page = person.page
    page.locator("#operations-default-list_colors .opblock-summary-control").click()
    page.get_by_role("button", name="Try it out").click()
    page.get_by_role("button", name="Execute").click()
    expect(page.locator(".live-responses-table .response").first).to_contain_text("crimson")


def test_an_answer_that_the_page_did_not_ask_for_is_ignored(live: LiveServer, person: Person):
    page = person.open(f"{live.colors}/docs")
    expect(page.get_by_role("button", name="Authorize").first).to_be_visible()
    page.get_by_role("button", name="Authorize").first.click()
    with page.expect_popup():  # the page waits for an answer
        page.get_by_role("button", name="Apply given OAuth2 credentials").click()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    with page.expect_popup() as forged:
        page.evaluate("url => { window.open(url) }", f"{live.colors}/docs/oauth2-redirect?code=stolen&state=forged")
    if not forged.value.is_closed():
        forged.value.wait_for_event("close")
    expect(page.get_by_role("button", name="Remove authorization")).to_have_count(0)
    assert [url for url in asked if "/token" in url] == []

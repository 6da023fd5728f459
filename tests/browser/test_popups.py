"""An application opens the sign-in as a popup and hears of the answer by its window, as MSAL for browsers before 5 does."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import NewPerson
from tests.browser.person import BEN, agree, enter_password, name_username
from tests.browser.waiting_application import OIDC_ONLY, WaitingApplication
from tests.drivers.live_server import LiveServer

pytestmark = pytest.mark.browser


def opened(page: Page, url: str) -> Page:
    with page.expect_popup() as popup:
        page.evaluate("url => { window.popup = open(url, 'sign-in', 'width=483,height=600'); }", url)
    return popup.value


def test_the_opener_keeps_the_window_it_opened(
    live: LiveServer, new_person: NewPerson, application: WaitingApplication
):
    person = new_person()
    page = person.open(f"{application.redirect_uri}?waiting")
    popup = opened(page, application.asks(live, scope=OIDC_ONLY))
    name_username(popup, BEN)
    enter_password(popup)
    agree(popup)
    assert page.evaluate("popup.closed") is False
    assert "code=" in page.evaluate("popup.location.href")  # of its own origin now: what MSAL waits for
    assert popup.evaluate("opener !== null")  # how Swagger UI hands the code back


@pytest.mark.parametrize("path", ["/account", "/portal"])
def test_where_a_person_does_more_than_sign_in_no_opener_is_left(
    live: LiveServer, new_person: NewPerson, application: WaitingApplication, path
):
    person = new_person()
    person.open(f"{live.origin}{path}")
    person.sign_in(BEN)
    expect(person.page.get_by_role("heading", level=1)).to_be_visible()
    other = person.context.new_page()
    other.goto(application.asks(live, scope=OIDC_ONLY))
    agree(other)
    popup = opened(other, f"{live.origin}{path}")
    expect(popup.get_by_role("heading", level=1)).to_be_visible()
    assert popup.evaluate("opener") is None

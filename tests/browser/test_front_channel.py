"""Signing out of the platform signs out of the applications too: OpenID Connect Front-Channel Logout 1.0."""

import httpx2
import pytest

from tests.browser.person import BEN, Person, headed

pytestmark = pytest.mark.browser


def test_the_platform_tells_repsys_and_repsys_ends_its_session(untouched, person: Person):
    page = person.page
    page.goto(untouched.repsys)
    page.get_by_role("link", name="Sign in").click()
    person.sign_in(BEN)
    page.get_by_role("button", name="Accept").click()
    headed(page, "Hello, Ben Blue")

    page.goto(f"{untouched.authority}/oauth2/v2.0/logout")
    headed(page, "You are signed out")
    told = page.locator("iframe").get_attribute("src")
    registered = "http://localhost:5000/auth/frontchannel-logout?sid="
    assert told is not None
    assert told.startswith(registered)

    page.goto(untouched.repsys)
    headed(page, "Hello, Ben Blue")  # the registered port is 5000, and this repsys listens elsewhere
    wrong = httpx2.get(f"{untouched.repsys}/auth/frontchannel-logout?sid=another")
    assert wrong.status_code == 200
    page.reload()
    headed(page, "Hello, Ben Blue")

    # As the frame does: without a cookie.
    httpx2.get(told.replace("http://localhost:5000", untouched.repsys)).raise_for_status()
    page.goto(untouched.repsys)
    headed(page, "Your reports, and nobody else’s.")

"""What the README promises: open repsys, sign in, consent once, see who you are, and sign out again."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.person import BEN, Person, headed
from tests.drivers.live_server import LiveServer

pytestmark = pytest.mark.browser


def claim(page: Page, name: str) -> str:
    return page.get_by_role("row").filter(has=page.get_by_role("rowheader", name=name, exact=True)).inner_text()


def test_sign_in_consent_once_see_your_mail_sign_out_and_again(untouched: LiveServer, person: Person):
    page = person.open(untouched.repsys)
    page.get_by_role("link", name="Sign in").click()
    person.sign_in(BEN)

    headed(page, "Permissions requested")
    expect(page.get_by_text("repsys", exact=True)).to_be_visible()
    expect(page.get_by_text("Published by colors.example")).to_be_visible()
    expect(page.get_by_text("Read your mail", exact=True)).to_be_visible()
    page.get_by_role("button", name="Accept").click()

    headed(page, "Hello, Ben Blue")
    assert BEN in claim(page, "preferred_username")
    assert re.search(r"iss\s+" + re.escape(f"{untouched.authority}/v2.0"), claim(page, "iss"))
    expect(page.get_by_role("heading", name="Welcome to Colors")).to_be_visible()

    page.reload()
    headed(page, "Hello, Ben Blue")

    page.get_by_role("button", name="Refresh").click()
    expect(page.get_by_role("heading", name="Welcome to Colors")).to_be_visible()
    assert refreshes(untouched) == 1

    page.get_by_role("button", name="Sign out").click()
    headed(page, "Your reports, and nobody else’s.")
    assert page.url == f"{untouched.repsys}/"

    page.get_by_role("link", name="Sign in").click()
    headed(page, "Sign in")  # asked again
    person.sign_in(BEN)
    headed(page, "Hello, Ben Blue")  # and not for consent


def refreshes(server: LiveServer) -> int:
    return server.log.read_text().count('"grant":"refresh_token"')

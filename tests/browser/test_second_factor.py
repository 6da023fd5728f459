"""A second factor by keyboard alone and without JavaScript: set up, entered, and replaced by a recovery code."""

import time

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import NewPerson
from tests.browser.person import FLO, agree, headed
from tests.browser.waiting_application import OIDC_ONLY
from tests.drivers.authenticator import Authenticator, recovery_codes
from tests.drivers.form_browser import PASSWORD

pytestmark = pytest.mark.browser


def type_password(page: Page) -> None:
    expect(page.get_by_label("User name")).to_be_focused()
    page.keyboard.type(FLO)
    page.keyboard.press("Enter")
    expect(page.get_by_label("Password")).to_be_focused()
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")


def press_tab_to(page: Page, name: str) -> None:
    for _ in range(20):
        page.keyboard.press("Tab")
        if name in (page.evaluate("document.activeElement.innerText || document.activeElement.id") or ""):
            return
    raise AssertionError(f"Tab never reaches {name}")


def test_by_keyboard_alone(untouched, application, new_person: NewPerson):
    person = new_person()
    page = person.open(application.asks(untouched, scope=OIDC_ONLY))
    type_password(page)
    headed(page, "Set up an authenticator")
    phone = Authenticator.of(page.content())
    press_tab_to(page, "otc")
    page.keyboard.type(phone.code(int(time.time())))
    page.keyboard.press("Enter")
    headed(page, "Save your recovery codes")
    codes = recovery_codes(page.content())
    press_tab_to(page, "I have saved them")
    page.keyboard.press("Enter")
    agree(page)

    page.goto(application.asks(untouched, scope=OIDC_ONLY, prompt="login"))
    type_password(page)
    expect(page.get_by_label("Code", exact=True)).to_be_focused()
    press_tab_to(page, "I do not have my phone")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.get_by_label("Recovery code")).to_be_focused()
    page.keyboard.type(codes[0])
    page.keyboard.press("Enter")
    headed(page, "Arrived")


def test_without_javascript(untouched, application, new_person: NewPerson):
    person = new_person(java_script_enabled=False)
    page = person.open(application.asks(untouched, scope=OIDC_ONLY))
    person.sign_in(FLO)
    headed(page, "Set up an authenticator")
    image = page.get_by_role("img", name="QR code for the authenticator application")
    expect(image).to_be_visible()
    phone = Authenticator.of(page.content())
    page.get_by_label("Code", exact=True).fill(phone.code(int(time.time())))
    page.get_by_role("button", name="Verify").click()
    headed(page, "Save your recovery codes")
    page.get_by_role("button", name="I have saved them").click()
    agree(page)

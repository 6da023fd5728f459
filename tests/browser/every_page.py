"""Every page there is, and how a person comes to it: what screenshots, axe and the narrow screen are tried on."""

import time
from collections.abc import Iterator

from playwright.sync_api import Page, expect

from tests.browser.person import (
    ADA,
    BEN,
    CAI,
    FLO,
    Person,
    agree,
    agree_to_repsys,
    enter_code,
    enter_password,
    headed,
    name_username,
)
from tests.browser.visiting_device import ask_for_a_code, to_device_confirmation, type_code
from tests.browser.waiting_application import OIDC_ONLY, WaitingApplication
from tests.drivers.authenticator import Authenticator, recovery_codes
from tests.drivers.live_server import LiveServer

READS_MAIL = "openid profile offline_access User.Read Mail.Read"
ADMIN_ONLY = f"{OIDC_ONLY} https://graph.microsoft.com/Directory.ReadWrite.All"


def every_page(live: LiveServer, application: WaitingApplication, person: Person) -> Iterator[str]:
    """Go from page to page; its name each time one is shown."""
    page = person.page
    yield from _signing_in(live, application, person)
    yield from _consenting(live, application, person)
    yield from _account(live, person)
    yield from _picking_and_leaving(live, person)
    yield from _second_factor(live, application, person)
    yield from _device(live, person)
    yield from _refused(live, application, page)
    yield from _repsys(live, person)


def _signing_in(live: LiveServer, application: WaitingApplication, person: Person) -> Iterator[str]:
    page = person.open(live.origin)
    yield "home"
    page.goto(application.asks(live, scope=READS_MAIL, prompt="consent"))
    headed(page, "Sign in")
    yield "sign-in"
    name_username(page, BEN)
    headed(page, "Enter password")
    yield "password"
    enter_password(page, "wrong")
    expect(page.get_by_role("alert")).to_be_visible()
    yield "password-wrong"
    enter_password(page)
    headed(page, "Permissions requested")
    yield "consent"
    page.get_by_text("Read your mail", exact=True).click()
    yield "consent-opened"


def _consenting(live: LiveServer, application: WaitingApplication, person: Person) -> Iterator[str]:
    page = person.open(application.asks(live, scope=ADMIN_ONLY))
    headed(page, "An administrator has to approve this")
    yield "admin-approval"
    page.goto(application.asks(live, scope=f"{ADMIN_ONLY} Mail.Read", prompt="login"))
    person.sign_in(ADA)
    headed(page, "Permissions requested")
    yield "consent-administrator"
    page.goto(application.asks_admin_consent(live, login_hint=ADA))
    headed(page, "Permissions requested for your organization")
    yield "admin-consent"


def _account(live: LiveServer, person: Person) -> Iterator[str]:
    page = person.open(f"{live.origin}/account")
    headed(page, "Choose an account")
    page.get_by_role("button", name=BEN).click()
    headed(page, "Your account")
    yield "account"
    page.get_by_role("link", name="Change the password").click()
    headed(page, "Change your password")
    yield "account-password"
    page.get_by_label("Current password").fill("wrong")
    page.get_by_label("New password").fill("violet anvil of the north")
    page.get_by_label("The same password again").fill("violet anvil of the south")
    page.get_by_role("button", name="Change password").click()
    expect(page.get_by_role("alert")).to_be_visible()
    yield "account-password-wrong"


def _own_second_factor(live: LiveServer, person: Person, codes: list[str]) -> Iterator[str]:
    page = person.open(f"{live.origin}/account")
    page.locator("summary", has_text="Change the authenticator").click()
    page.get_by_label("Code", exact=True).fill("AAAA-AAAA-AAAA-AAAA")
    yield "account-authenticator"
    page.get_by_role("button", name="Make new recovery codes").click()
    expect(page.get_by_role("alert")).to_be_visible()
    yield "account-authenticator-wrong"
    page.get_by_label("Code", exact=True).fill(codes[0])
    page.get_by_role("button", name="Make new recovery codes").click()
    headed(page, "Save your new recovery codes")
    yield "account-recovery-codes"


def _leaving_the_account(live: LiveServer, person: Person) -> Iterator[str]:
    page = person.open(f"{live.origin}/account")
    headed(page, "Your account")
    page.get_by_role("button", name="Take back consent").first.click()
    expect(page.get_by_role("status")).to_be_visible()
    yield "account-notice"
    page.get_by_role("button", name="End session").first.click()  # this browser's comes first
    headed(page, "You are signed out")
    yield "account-ended"


def _picking_and_leaving(live: LiveServer, person: Person) -> Iterator[str]:
    page = person.open(f"{live.repsys}/auth/login")
    headed(page, "Choose an account")
    yield "account-picker"
    page.goto(f"{live.authority}/oauth2/v2.0/logout")
    headed(page, "Which account do you want to sign out of?")
    yield "sign-out"
    page.get_by_role("button", name="Sign out of all").click()
    headed(page, "You are signed out")
    yield "signed-out"


def _second_factor(live: LiveServer, application: WaitingApplication, person: Person) -> Iterator[str]:
    page = person.open(application.asks(live, scope=OIDC_ONLY, prompt="login"))
    person.sign_in(FLO)
    headed(page, "Set up an authenticator")
    yield "set-up-authenticator"
    phone = Authenticator.of(page.content())
    enter_code(page, phone.wrong_code(int(time.time())))
    expect(page.get_by_role("alert")).to_be_visible()
    yield "set-up-authenticator-wrong"
    enter_code(page, phone.code(int(time.time())))
    headed(page, "Save your recovery codes")
    yield "recovery-codes"
    codes = recovery_codes(page.content())
    page.get_by_role("button", name="I have saved them").click()
    agree(page)
    yield from _own_second_factor(live, person, codes)
    page.goto(application.asks(live, scope=OIDC_ONLY, prompt="login"))
    person.sign_in(FLO)
    headed(page, "Enter the code")
    yield "code"
    page.get_by_text("I do not have my phone").click()
    page.get_by_label("Recovery code").fill("AAAA-AAAA-AAAA-AAAA")
    yield "code-recovery"
    page.get_by_role("button", name="Use recovery code").click()
    expect(page.get_by_role("alert")).to_be_visible()
    yield "code-wrong"
    live.entrada("user", "reset-second-factor", FLO)  # the next view begins like the first


def _device(live: LiveServer, person: Person) -> Iterator[str]:
    page = person.open(f"{live.origin}/devicelogin")
    headed(page, "Enter your device's code")
    yield "device-code"
    type_code(page, "BBBBBBBBB")
    expect(page.get_by_role("alert")).to_be_visible()
    yield "device-code-wrong"
    type_code(page, ask_for_a_code(live)["user_code"])
    to_device_confirmation(person, BEN)
    yield "device-confirm"
    page.get_by_role("button", name="Continue").click()
    headed(page, "You are signed in")
    yield "device-done"
    yield from _leaving_the_account(live, person)
    person.context.clear_cookies()  # whoever comes next is nobody yet


def _refused(live: LiveServer, application: WaitingApplication, page: Page) -> Iterator[str]:
    page.goto(application.asks(live, redirect_uri="http://localhost:5000/elsewhere"))
    headed(page, "We could not sign you in")
    yield "error"
    page.goto(f"{live.origin}/error?code=50011")
    headed(page, "AADSTS50011")
    yield "error-lookup"


def _repsys(live: LiveServer, person: Person) -> Iterator[str]:
    page = person.open(live.repsys)
    yield "repsys-welcome"
    page.goto(f"{live.repsys}/auth/login")
    page.get_by_role("button", name="Cancel").click()
    headed(page, "You were not signed in")
    yield "repsys-error"
    page.goto(f"{live.repsys}/auth/login")
    person.sign_in(BEN)
    agree_to_repsys(page)
    headed(page, "Hello, Ben Blue")
    yield "repsys"
    page.get_by_role("link", name="Colors").click()
    agree_to_repsys(page)
    headed(page, "Colors")
    yield "repsys-colors"


def answer_by_form(live: LiveServer, application: WaitingApplication, person: Person) -> None:
    """Come to the page that posts itself; whether it does is the caller's to say."""
    page = person.open(application.asks(live, scope=OIDC_ONLY, response_mode="form_post"))
    person.sign_in(CAI)
    accept, go_on = page.get_by_role("button", name="Accept"), page.get_by_role("button", name="Continue")
    expect(accept.or_(go_on)).to_be_visible()
    if accept.is_visible():
        accept.click()
    expect(go_on).to_be_visible()

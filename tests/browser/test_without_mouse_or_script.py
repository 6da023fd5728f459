"""The whole way without JavaScript, and the whole way by keyboard with the focus always in sight."""

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import NewPerson
from tests.browser.person import ADA, BEN, CAI, Person, headed
from tests.drivers.form_browser import PASSWORD

pytestmark = pytest.mark.browser

FOCUS_IN_SIGHT = """() => {
    const focused = document.activeElement, box = focused.getBoundingClientRect(), style = getComputedStyle(focused);
    return focused.matches(":focus-visible") && style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2
        && box.top >= 0 && box.bottom <= innerHeight && box.left >= 0 && box.right <= innerWidth;
}"""


def test_everything_works_without_javascript(untouched, new_person: NewPerson):
    person = new_person(java_script_enabled=False)
    page = person.open(untouched.repsys)
    page.get_by_role("link", name="Sign in").click()
    person.sign_in(BEN, "wrong")
    expect(page.get_by_role("alert")).to_be_visible()
    page.get_by_role("button", name="Use another account").click()
    person.sign_in(BEN, keep=True)
    page.get_by_text("Read your mail", exact=True).click()
    expect(page.get_by_role("group").filter(has_text="Read your mail").get_by_role("paragraph")).to_be_visible()
    page.get_by_role("button", name="Accept").click()
    headed(page, "Hello, Ben Blue")
    page.get_by_role("button", name="Refresh").click()
    expect(page.get_by_role("heading", name="Welcome to Colors")).to_be_visible()

    page.goto(f"{untouched.repsys}/auth/login")  # Ben alone is signed in: nothing is asked
    headed(page, "Hello, Ben Blue")
    second = person.context.new_page()
    second.goto(f"{untouched.authority}/oauth2/v2.0/authorize?{PICK_CAI}")
    person.sign_in(CAI, page=second)
    headed(second, "Permissions requested")
    page.get_by_role("button", name="Sign out").click()  # the hint names Ben: Cai is not asked about
    headed(page, "Your reports, and nobody else’s.")


PICK_CAI = (
    "client_id=c0105000-0000-4000-8000-000000000c11&response_type=code&redirect_uri=http%3A%2F%2Flocalhost%3A1"
    "&scope=openid&prompt=login&code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM&code_challenge_method=S256"
)


def tab_to(page: Page, wanted: Locator) -> None:
    """Press Tab until it is there, looking at every stop."""
    for _ in range(30):
        if wanted.evaluate("element => element === document.activeElement"):
            return
        page.keyboard.press("Tab")
        assert page.evaluate(FOCUS_IN_SIGHT), page.evaluate("document.activeElement.outerHTML")
    raise AssertionError(f"Tab never reaches {wanted}")


@pytest.mark.parametrize("width", [1280, 320])
def test_a_whole_sign_in_by_keyboard(untouched, new_person: NewPerson, width: int):
    person = new_person(viewport={"width": width, "height": 640})
    page = person.open(untouched.repsys)
    keys = page.keyboard
    tab_to(page, page.get_by_role("link", name="Sign in", exact=True))
    keys.press("Enter")

    expect(page.get_by_label("User name")).to_be_focused()
    assert page.evaluate(FOCUS_IN_SIGHT)
    keys.type(ADA)
    keys.press("Enter")

    expect(page.get_by_label("Password")).to_be_focused()
    keys.type("wrong")
    keys.press("Enter")
    expect(page.get_by_role("alert")).to_be_visible()
    expect(page.get_by_label("Password")).to_be_focused()
    keys.type(PASSWORD)
    tab_to(page, page.get_by_role("checkbox", name="Stay signed in", exact=True))
    keys.press("Space")
    tab_to(page, page.get_by_role("button", name="Sign in", exact=True))
    keys.press("Enter")

    headed(page, "Permissions requested")
    tab_to(page, page.get_by_role("checkbox", name="Consent on behalf of your organization", exact=True))
    keys.press("Space")
    tab_to(page, page.get_by_role("button", name="Accept", exact=True))
    keys.press("Enter")

    headed(page, "Hello, Ada Amber")
    tab_to(page, page.get_by_role("button", name="Sign out", exact=True))
    keys.press("Enter")
    headed(page, "Your reports, and nobody else’s.")


def test_the_account_picker_by_keyboard(ask, live, application, person: Person):
    for name in (BEN, CAI):
        page = ask(prompt="login")
        person.sign_in(name)
        agree_by_keyboard(page)
    page = ask()
    headed(page, "Choose an account")
    tab_to(page, page.get_by_role("button").filter(has_text=BEN))
    page.keyboard.press("Enter")
    headed(page, "Arrived")
    assert application.who_signed_in(live) == BEN


def agree_by_keyboard(page: Page) -> None:
    expect(page.get_by_role("button", name="Accept").or_(page.get_by_role("heading", name="Arrived"))).to_be_visible()
    if page.get_by_role("button", name="Accept").is_visible():
        tab_to(page, page.get_by_role("button", name="Accept", exact=True))
        page.keyboard.press("Enter")
    headed(page, "Arrived")

"""What a person is told who is not let in: the words, where they stand, and what else must not happen."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import NewPerson
from tests.browser.person import BEN, CAI, DEE, Person, agree, enter_password, headed, name_username
from tests.browser.waiting_application import OIDC_ONLY

pytestmark = pytest.mark.browser

# fmt: off
WRONG = [  # who, with which password, what the page says
    pytest.param(BEN, "Entrada-dev-2025", "The user name or the password is wrong.", id="wrong password"),
    pytest.param("nobody@colors.example", "Entrada-dev-2026", "The user name or the password is wrong.", id="unknown user, the same words"),
    pytest.param("ben@nowhere.example", "Entrada-dev-2026", "The user name or the password is wrong.", id="unknown tenant, the same words"),
    pytest.param(DEE, "Entrada-dev-2025", "The user name or the password is wrong.", id="disabled, but the password is wrong: nothing is told"),
    pytest.param(DEE, "Entrada-dev-2026", "The user account is disabled.", id="disabled"),
]
# fmt: on


@pytest.mark.parametrize(("username", "password", "says"), WRONG)
def test_a_refused_password_is_said_beside_the_field(ask, application, person: Person, username, password, says):
    page = ask()
    person.sign_in(username, password)
    expect(page.get_by_role("alert")).to_contain_text(says)
    field = page.get_by_label("Password")
    expect(field).to_be_focused()
    expect(field).to_have_value("")
    expect(field).to_have_accessible_description(page.get_by_role("alert").inner_text())
    assert application.answers == []


def test_after_a_typing_error_the_right_password_works(ask, person: Person):
    page = ask()
    person.sign_in(BEN, "wrong")
    expect(page.get_by_role("alert")).to_be_visible()
    enter_password(page)
    agree(page)


def test_a_form_opened_in_one_browser_is_refused_in_another(ask, live, application, person, new_person: NewPerson):
    mine = ask()
    name_username(mine, BEN)
    sealed = mine.locator("form").last.locator("input[name=ctx]").get_attribute("value")
    theirs = new_person()
    page = theirs.open(application.asks(live, scope=OIDC_ONLY))
    name_username(page, CAI)
    page.locator("form").last.locator("input[name=ctx]").evaluate("(input, value) => input.value = value", sealed)
    enter_password(page)
    headed(page, "We could not sign you in")
    expect(page.get_by_text("AADSTS50089", exact=True)).to_be_visible()
    assert application.answers == []
    theirs.open(application.asks(live, scope=OIDC_ONLY))
    headed(page, "Sign in")  # nobody was signed in by it

"""Several accounts in one browser: picking, adding, proving again, staying, signing out, cancelling."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Ask, NewPerson
from tests.browser.person import ADA, BEN, CAI, Person, agree, arrived, enter_password, headed, name_username
from tests.browser.waiting_application import OIDC_ONLY

pytestmark = pytest.mark.browser


@pytest.fixture
def ben_and_cai(ask: Ask, person: Person) -> Person:
    ask()
    person.sign_in(BEN)
    agree(person.page)
    ask(prompt="login")
    person.sign_in(CAI)
    agree(person.page)
    return person


def choices(page: Page) -> list[str]:
    return [text.splitlines()[2] for text in page.get_by_role("listitem").all_inner_texts() if "@" in text]


def test_the_picker_offers_both_and_answers_for_the_one_picked(ask, live, application, ben_and_cai: Person):
    page = ask()
    headed(page, "Choose an account")
    assert sorted(choices(page)) == [BEN, CAI]
    page.get_by_role("button", name=BEN).click()
    arrived(page)
    assert application.who_signed_in(live) == BEN

    page = ask()
    page.get_by_role("button", name=CAI).click()
    arrived(page)
    assert application.who_signed_in(live) == CAI


def test_another_account_can_join_from_the_picker(ask, live, application, ben_and_cai: Person):
    page = ask()
    page.get_by_role("button", name="Use another account").click()
    ben_and_cai.sign_in(ADA)
    agree(page)
    assert application.who_signed_in(live) == ADA
    page = ask()
    assert sorted(choices(page)) == [ADA, BEN, CAI]


def test_another_account_can_be_had_from_the_password_page(ask, live, application, person: Person):
    page = ask()
    name_username(page, BEN)
    page.get_by_role("button", name="Use another account").click()
    person.sign_in(CAI)
    agree(page)
    assert application.who_signed_in(live) == CAI


def test_one_account_signs_in_silently_unless_proof_or_choice_is_asked_for(ask, person: Person):
    page = ask()
    person.sign_in(BEN)
    agree(page)
    ask()
    arrived(page)
    ask(prompt="select_account")
    headed(page, "Choose an account")
    ask(prompt="login")
    headed(page, "Sign in")
    ask(prompt="login", login_hint=BEN)
    headed(page, "Enter password")
    enter_password(page)
    arrived(page)


def test_a_persistent_session_survives_the_browser_and_a_passing_one_does_not(
    ask, live, application, new_person: NewPerson
):
    def next_morning(keep: bool) -> Page:
        evening = new_person()
        evening.open(application.asks(live, scope=OIDC_ONLY))
        evening.sign_in(BEN, keep=keep)
        agree(evening.page)
        # A browser that closes keeps the cookies that name an expiry.
        kept = [cookie for cookie in evening.context.cookies() if cookie["expires"] != -1]
        morning = new_person(storage_state={"cookies": kept, "origins": []})
        return morning.open(application.asks(live, scope=OIDC_ONLY))

    arrived(next_morning(keep=True))
    headed(next_morning(keep=False), "Sign in")


def test_signing_out_asks_which_of_several(ask, live, person: Person, ben_and_cai: Person):
    page = ben_and_cai.open(f"{live.authority}/oauth2/v2.0/logout")
    headed(page, "Which account do you want to sign out of?")
    page.get_by_role("button", name=BEN).click()
    headed(page, "You are signed out")
    still = page.get_by_role("region", name="Still signed in here")
    expect(still.get_by_role("listitem")).to_have_text([CAI])
    expect(page.get_by_role("listitem")).to_have_text([BEN, CAI])  # Ben, who is out, above
    ask()  # only Cai is left, so nothing is asked
    arrived(page)


def test_signing_out_of_all(ask, live, ben_and_cai: Person):
    page = ben_and_cai.open(f"{live.authority}/oauth2/v2.0/logout")
    page.get_by_role("button", name="Sign out of all").click()
    headed(page, "You are signed out")
    assert sorted(page.get_by_role("listitem").all_inner_texts()) == [BEN, CAI]
    ask()
    headed(page, "Sign in")


def to_username(page: Page) -> None:
    headed(page, "Sign in")


def to_password(page: Page) -> None:
    name_username(page, BEN)
    headed(page, "Enter password")


@pytest.mark.parametrize("reach", [to_username, to_password])
def test_who_cancels_is_sent_back_unsigned(ask, application, reach, person: Person):
    page = ask()
    reach(page)
    page.get_by_role("button", name="Cancel").click()
    arrived(page)
    assert application.last() == {"error": "access_denied", "error_subcode": "cancel", "state": "s-1"}


def test_who_cancels_at_the_picker_stays_signed_in(ask, application, ben_and_cai: Person):
    page = ask()
    page.get_by_role("button", name="Cancel").click()
    arrived(page)
    assert application.last()["error_subcode"] == "cancel"
    ask()
    headed(page, "Choose an account")

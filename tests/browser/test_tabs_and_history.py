"""Two tabs at once, and Back and Reload where they are least expected."""

import pytest
from playwright.sync_api import Error

from tests.browser.conftest import Ask
from tests.browser.person import BEN, Person, agree, agree_to_repsys, arrived, enter_password, headed, name_username

pytestmark = pytest.mark.browser


def test_two_tabs_can_sign_in_at_once(ask: Ask, live, application, person: Person):
    first, second = ask(state="first"), ask(person.context.new_page(), state="second")
    name_username(first, BEN)
    name_username(second, BEN)
    enter_password(first)
    agree(first)
    assert application.who_signed_in(live) == BEN
    enter_password(second)
    agree(second)
    assert application.who_signed_in(live) == BEN
    assert [answer.fields["state"] for answer in application.answers] == ["first", "second"]


def test_two_tabs_of_repsys_can_sign_in_at_once(live, person: Person):
    first, second = person.page, person.context.new_page()
    for page in (first, second):
        page.goto(f"{live.repsys}/auth/login")
        name_username(page, BEN)
    for page in (first, second):
        enter_password(page)
        agree_to_repsys(page)
        headed(page, "Hello, Ben Blue")


def test_going_back_after_signing_in_harms_nothing(live, person: Person):
    page = person.open(live.repsys)
    page.get_by_role("link", name="Sign in").click()
    name_username(page, BEN)
    steps = page.evaluate("history.length")
    enter_password(page)
    agree_to_repsys(page)
    headed(page, "Hello, Ben Blue")
    # To the user name page.  The authorization request is asked again, answered silently, and repsys knows the person.
    page.evaluate("steps => history.go(steps - 1 - history.length)", steps)
    page.wait_for_url(f"{live.repsys}/")
    headed(page, "Hello, Ben Blue")


def test_going_back_to_the_password_shows_nothing_of_it(ask: Ask, person: Person):
    page = ask()
    name_username(page, BEN)
    enter_password(page)
    agree(page)
    with pytest.raises(Error, match="ERR_CACHE_MISS"):  # Chromium would ask before it sends a form again
        page.go_back()
    arrived(ask(person.context.new_page()))


def test_an_answer_brought_again_neither_signs_in_nor_out(live, person: Person):
    page = person.open(f"{live.repsys}/auth/login")
    with page.expect_request("**/auth/callback**") as request:
        person.sign_in(BEN)
        agree_to_repsys(page)
        headed(page, "Hello, Ben Blue")
    person.open(request.value.url)
    headed(page, "Hello, Ben Blue")
    page.get_by_role("button", name="Sign out").click()
    headed(page, "Your reports, and nobody else’s.")
    person.open(request.value.url)
    headed(page, "You were not signed in")


def test_the_password_page_can_be_reloaded(ask: Ask, person: Person):
    page = ask()
    name_username(page, BEN)
    headed(page, "Enter password")
    page.reload()
    headed(page, "Enter password")
    enter_password(page)
    agree(page)

"""Where an answer goes, and where it never goes: form_post, pages instead of redirects, explanations of codes."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Ask, NewPerson
from tests.browser.person import BEN, Person, agree, arrived, headed
from tests.browser.waiting_application import OIDC_ONLY

pytestmark = pytest.mark.browser


def test_an_answer_by_form_posts_itself(ask: Ask, live, application, person: Person):
    page = ask(response_mode="form_post")
    person.sign_in(BEN)
    agree(page)
    assert application.answers[-1].method == "POST"
    assert application.who_signed_in(live) == BEN


def test_an_answer_by_form_has_a_button_where_no_script_runs(live, application, new_person: NewPerson):
    person = new_person(java_script_enabled=False)
    page = person.open(application.asks(live, scope=OIDC_ONLY, response_mode="form_post"))
    person.sign_in(BEN)
    accept, go_on = page.get_by_role("button", name="Accept"), page.get_by_role("button", name="Continue")
    expect(accept.or_(go_on)).to_be_visible()
    if accept.is_visible():
        accept.click()
    headed(page, "Returning you to the application")
    go_on.click()
    arrived(page)
    assert application.answers[-1].method == "POST"
    assert application.who_signed_in(live) == BEN


def test_an_unregistered_address_is_never_redirected_to(ask: Ask, application, person: Person):
    page = ask(redirect_uri=application.redirect_uri + "/other")
    headed(page, "We could not sign you in")
    expect(page.get_by_text("AADSTS50011", exact=True)).to_be_visible()
    assert application.answers == []
    page.get_by_role("link", name="More about AADSTS50011").click()
    headed(page, "AADSTS50011")


def test_a_code_is_explained_and_another_can_be_asked_for(live, person: Person):
    page = person.open(f"{live.origin}/error?code=50011")
    headed(page, "AADSTS50011")
    expect(page.get_by_text("InvalidReplyTo", exact=True)).to_be_visible()
    page.get_by_label("Look up another code").fill("65004")
    page.get_by_label("Look up another code").press("Enter")
    headed(page, "AADSTS65004")
    page.get_by_label("Look up another code").fill("1")
    page.get_by_role("button", name="Look up").click()
    expect(page.get_by_text("This server never answers with that code.")).to_be_visible()


def test_repsys_says_why_nobody_was_signed_in(live, person: Person):
    page = person.open(f"{live.repsys}/auth/login")
    page.get_by_role("button", name="Cancel").click()
    headed(page, "You were not signed in")
    page.get_by_role("link", name="Go to the start page").click()
    headed(page, "Your reports, and nobody else’s.")

"""Consent in the browser: given or refused, for oneself or for everyone, and the way to an administrator."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Ask, NewPerson
from tests.browser.person import ADA, BEN, CAI, Person, agree, arrived, headed
from tests.browser.waiting_application import OIDC_ONLY
from tests.drivers.live_server import COLORS

pytestmark = pytest.mark.browser

ADMIN_ONLY = f"{OIDC_ONLY} https://graph.microsoft.com/Directory.ReadWrite.All"


def test_who_declines_is_sent_back_and_asked_again_next_time(ask: Ask, application, person: Person):
    page = ask(prompt="consent")
    person.sign_in(BEN)
    headed(page, "Permissions requested")
    page.get_by_role("button", name="Cancel").click()
    arrived(page)
    answer = application.last()
    assert (answer["error"], answer["state"]) == ("access_denied", "s-1")
    assert answer["error_description"].startswith("AADSTS65004: ")
    ask(prompt="consent")
    headed(page, "Permissions requested")


def test_each_permission_can_be_read_about(ask: Ask, person: Person):
    page = ask(prompt="consent", scope="openid User.Read Mail.Read")
    person.sign_in(BEN)
    asked = page.get_by_role("group").filter(has_text="Read your mail")
    expect(asked.get_by_role("paragraph")).to_be_hidden()
    asked.get_by_text("Read your mail", exact=True).click()
    expect(asked.get_by_role("paragraph")).to_be_visible()
    expect(page.get_by_label("Consent on behalf of your organization")).to_be_hidden()  # Ben is no administrator


def test_an_administrator_consents_for_everyone(untouched, application, new_person: NewPerson):
    request = application.asks(untouched, scope=f"{OIDC_ONLY} Mail.Read")
    ada, cai = new_person(), new_person()
    page = ada.open(request)
    ada.sign_in(ADA)
    page.get_by_label("Consent on behalf of your organization").check()
    page.get_by_role("button", name="Accept").click()
    arrived(page)

    page = cai.open(request)
    cai.sign_in(CAI)
    arrived(page)  # Cai was not asked


def test_consent_for_oneself_is_nobody_elses(untouched, application, new_person: NewPerson):
    request = application.asks(untouched, scope=f"{OIDC_ONLY} Mail.Read")
    ada, cai = new_person(), new_person()
    page = ada.open(request)
    ada.sign_in(ADA)
    page.get_by_role("button", name="Accept").click()
    arrived(page)

    page = cai.open(request)
    cai.sign_in(CAI)
    headed(page, "Permissions requested")


def test_what_only_an_administrator_may_grant_is_not_for_ben(ask: Ask, application, person: Person):
    page = ask(scope=ADMIN_ONLY)
    person.sign_in(BEN)
    headed(page, "An administrator has to approve this")
    expect(page.get_by_text("Admin only")).to_be_visible()
    expect(page.get_by_text("AADSTS90094", exact=True)).to_be_visible()
    page.get_by_role("button", name="Return to the application without consent").click()
    arrived(page)
    assert application.last()["error_description"].startswith("AADSTS90094: ")


def test_an_administrator_can_step_in_for_ben(ask: Ask, live, application, person: Person):
    page = ask(scope=ADMIN_ONLY, prompt="select_account")
    person.sign_in(BEN)
    page.get_by_role("button", name="Sign in as an administrator").click()
    person.sign_in(ADA)
    headed(page, "Permissions requested")
    agree(page)
    assert application.who_signed_in(live) == ADA


def test_an_administrator_consents_for_the_organization_and_nobody_is_asked(
    untouched, application, new_person: NewPerson
):
    ada, cai = new_person(), new_person()
    page = ada.open(application.asks_admin_consent(untouched))
    ada.sign_in(ADA)
    headed(page, "Permissions requested for your organization")
    expect(page.get_by_text("For everyone in Colors")).to_be_visible()
    expect(page.get_by_label("Consent on behalf of your organization")).to_be_hidden()  # the whole page is that
    page.get_by_role("button", name="Accept").click()
    arrived(page)
    answer = application.last()
    assert (answer["admin_consent"], answer["tenant"], answer["state"]) == ("True", COLORS, "s-1")

    page = cai.open(application.asks(untouched, scope=f"{OIDC_ONLY} Mail.Read"))
    cai.sign_in(CAI)
    arrived(page)  # Cai was not asked


def test_a_member_is_led_away_from_the_organizations_consent(live, application, person: Person):
    page = person.open(application.asks_admin_consent(live))
    person.sign_in(BEN)
    headed(page, "An administrator has to approve this")
    expect(page.get_by_text("AADSTS90093", exact=True)).to_be_visible()
    page.get_by_role("button", name="Return to the application without consent").click()
    arrived(page)
    answer = application.last()
    assert (answer["error"], answer["admin_consent"]) == ("access_denied", "True")


def test_consent_opened_in_two_tabs_is_given_once(ask: Ask, live, application, person: Person):
    first = ask(prompt="consent")
    person.sign_in(CAI)
    headed(first, "Permissions requested")
    second = ask(person.context.new_page(), prompt="consent")
    headed(second, "Permissions requested")
    for page in (first, second):
        page.get_by_role("button", name="Accept").click()
        arrived(page)
        assert application.who_signed_in(live) == CAI

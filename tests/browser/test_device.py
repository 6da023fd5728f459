"""A device is let in by somebody at a browser: what they see, what they decide, with and without JavaScript."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import NewPerson
from tests.browser.person import ADA, BEN, Person, headed
from tests.browser.visiting_device import ask_for_a_code, poll, to_device_confirmation, type_code
from tests.drivers.live_server import LiveServer

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("scripts", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_a_person_lets_a_device_in(live: LiveServer, new_person: NewPerson, scripts):
    told = ask_for_a_code(live)
    assert poll(live, told)["error"] == "authorization_pending"
    person = new_person(java_script_enabled=scripts)
    page = person.open(told["verification_uri"])
    expect(page.get_by_label("Code")).to_be_focused()
    type_code(page, f"{told['user_code'][:3]} {told['user_code'][3:]}".lower())
    to_device_confirmation(person, BEN)
    for shown in ("colors.example", BEN, "127.0.0.1", "python-httpx"):
        expect(page.get_by_text(shown).first).to_be_visible()
    page.get_by_role("button", name="Continue").click()
    headed(page, "You are signed in")
    expect(page.get_by_text("You may close this window.")).to_be_visible()
    assert "access_token" in poll(live, told)


def test_a_person_turns_a_device_away(live: LiveServer, person: Person):
    told = ask_for_a_code(live)
    page = person.open(told["verification_uri"])
    type_code(page, told["user_code"])
    to_device_confirmation(person, BEN)
    page.get_by_role("button", name="Cancel").click()
    headed(page, "The device was not let in")
    assert poll(live, told)["error"] == "authorization_declined"


def test_somebody_else_may_let_it_in_instead(live: LiveServer, person: Person):
    told = ask_for_a_code(live)
    page = person.open(told["verification_uri"])
    type_code(page, told["user_code"])
    to_device_confirmation(person, BEN)
    page.get_by_role("button", name="Use another account").click()
    to_device_confirmation(person, ADA)
    expect(page.get_by_text(ADA)).to_be_visible()


def test_a_wrong_code_is_said_beside_the_field(live: LiveServer, person: Person):
    page = person.open(f"{live.origin}/devicelogin")
    type_code(page, "BBBBBBBBB")
    expect(page.get_by_role("alert")).to_contain_text("No device waits for this code.")
    expect(page.get_by_label("Code")).to_be_focused()

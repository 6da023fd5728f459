"""The policy editor in Chromium: completion by keyboard, checks as one types, and every page of it as a person sees it."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import NewPerson
from tests.browser.judgement import WIDE, faults_of_all
from tests.browser.person import ADA, Person
from tests.drivers.live_server import LiveServer, live_server

pytestmark = pytest.mark.browser
DOCUMENT = "<policies>\n    <inbound>\n        <base />\n        \n    </inbound>\n    <backend>\n        <base />\n    </backend>\n</policies>"
CARET = DOCUMENT.index("        \n") + 8


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveServer]:
    with live_server(tmp_path_factory.mktemp("live") / "data", gateway=True) as server:
        yield server


def opened(live: LiveServer, person: Person, at: str = "?scope=apis/colors") -> Page:
    page = person.open(f"{live.origin}/portal/gateway/policies{at}")
    person.sign_in(ADA)
    return page


def at_caret(page: Page, text: str = DOCUMENT, caret: int = CARET) -> None:
    area = page.get_by_label("Policy document")
    area.fill(text)
    area.evaluate("(area, at) => { area.focus(); area.setSelectionRange(at, at); }", caret)


def written(page: Page) -> str:
    return page.get_by_label("Policy document").input_value()


def test_elements_attributes_and_values_are_completed_by_keyboard(live: LiveServer, person: Person):
    page = opened(live, person, "?scope=global")
    at_caret(page)
    options, keyboard = page.locator("#completions > li"), page.keyboard
    keyboard.type("<set-h")
    expect(options).to_have_count(1)
    expect(page.locator("#completions > [aria-selected=true]")).to_have_count(0)  # what opens by itself takes no Enter
    keyboard.press("ArrowDown")
    expect(page.get_by_label("Policy document")).to_have_attribute("aria-activedescendant", "completion-0")
    keyboard.press("Enter")
    expect(page.locator("#completions")).to_be_hidden()
    assert '<set-header name="">' in written(page)
    keyboard.type("X-A")
    keyboard.press("End")
    keyboard.press("ArrowLeft")
    keyboard.type(" ex")
    expect(options).to_have_text(
        ["exists-action" + "what becomes of a value that is there already (override otherwise)"]
    )
    keyboard.press("ArrowDown")
    keyboard.press("Enter")
    keyboard.press("Control+Space")
    expect(options).to_have_count(5)
    keyboard.press("ArrowDown")
    keyboard.press("Enter")
    assert 'name="X-A" exists-action="skip"' in written(page)
    keyboard.press("Control+z")
    assert 'exists-action=""' in written(page)


def test_words_of_expressions_are_completed(live: LiveServer, person: Person):
    page = opened(live, person, "?scope=global")
    at_caret(page)
    page.keyboard.type('<set-variable name="a" value="@(context.Request.Meth')
    expect(page.locator("#completions > li")).to_have_text(["Methodstring"])
    page.keyboard.press("Control+Space")
    page.keyboard.press("Enter")
    expect(page.locator("#completions")).to_be_hidden()
    assert "@(context.Request.Method" in written(page)


def test_escape_closes_and_tab_goes_on(live: LiveServer, person: Person):
    page = opened(live, person, "?scope=global")
    at_caret(page)
    page.keyboard.type("<c")
    expect(page.locator("#completions > li").first).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#completions")).to_be_hidden()
    assert "<c\n" in written(page)
    page.keyboard.press("Control+Space")
    expect(page.locator("#completions > li").first).to_be_visible()
    page.keyboard.press("Tab")
    expect(page.locator("#completions")).to_be_hidden()
    assert page.evaluate("document.activeElement !== document.getElementById('policy')")


def test_faults_are_told_as_one_types_and_lead_to_their_lines(live: LiveServer, person: Person):
    page = opened(live, person, "?scope=global")
    at_caret(page)
    page.keyboard.type("<bar />")
    live_region = page.locator("#findings[aria-live=polite]")
    expect(live_region).to_contain_text("There is no policy <bar>.")
    expect(page.locator(".policy-gutter > div").nth(3)).to_have_class("line-fault")
    page.get_by_role("link", name="4:9").click()
    assert page.evaluate("document.getElementById('policy').selectionStart") == CARET
    at_caret(page)
    expect(live_region).not_to_contain_text("<bar>")
    expect(page.locator(".line-fault")).to_have_count(0)


def test_a_snippet_goes_in_where_the_caret_is(live: LiveServer, person: Person):
    page = opened(live, person, "?scope=global")
    at_caret(page)
    page.get_by_text("check-header", exact=True).click()
    page.get_by_role("button", name="Insert at the caret").click()
    assert '        <check-header name="X-Caller"' in written(page)
    assert "\n            <value>partner</value>\n" in written(page)


def pages(live: LiveServer, person: Person) -> Iterator[str]:
    page = opened(live, person)
    yield "portal-policies"
    at_caret(page)
    page.keyboard.type("<")
    page.keyboard.press("Control+Space")
    expect(page.locator("#completions > li").first).to_be_visible()
    expect(page.locator("#findings")).to_contain_text("fault")
    yield "portal-policies-completing"
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("alert")).to_be_visible()
    yield "portal-policies-refused"
    page.goto(f"{live.origin}/portal/gateway/policies/effective?scope=apis/colors")
    yield "portal-policies-effective"
    page.goto(f"{live.origin}/portal/gateway/policies/try?scope=apis/colors")
    yield "portal-policies-try"
    page.get_by_role("button", name="Try").click()
    expect(page.get_by_role("heading", name="What each element saw and decided")).to_be_visible()
    yield "portal-policies-tried"


def test_every_page_of_it_is_accessible_and_fits(live: LiveServer, new_person: NewPerson):
    person = new_person(reduced_motion="reduce", viewport=WIDE)
    assert faults_of_all(person.page, pages(live, person)) == {}

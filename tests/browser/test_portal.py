"""The portal in Chromium: what other people typed is text, what scripts add is a comfort, and nothing needs them.

Whatever the browser has against a page (a policy that blocked something, a script that failed) fails the test.
"""

import json
from urllib.parse import quote

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import NewPerson
from tests.browser.person import ADA, Person, headed
from tests.browser.portal_pages import APPLICATION_PAGES
from tests.drivers.live_server import LiveServer

pytestmark = pytest.mark.browser

HTML = "\"><img src=x onerror=alert(1)>'</script><script>alert(1)</script>{{7*7}}"
RTL, EMOJI = "שלום עולם", "🎨🏳️‍🌈"


def register(live: LiveServer, person: Person, name: str) -> Page:
    """A new application's overview."""
    page = person.open(f"{live.origin}/portal/applications/new")
    person.sign_in(ADA)
    page.get_by_label("Name", exact=True).fill(name)
    page.get_by_role("button", name="Register").click()
    headed(page, name)
    return page


@pytest.mark.parametrize("name", [HTML[:110], f"{RTL} {EMOJI}", "W" * 120])
def test_what_is_typed_is_text_on_every_page(live: LiveServer, person: Person, name: str):
    page = register(live, person, name)
    there = page.url.partition("?")[0]
    page.goto(f"{there}/properties")
    page.get_by_label("Description").fill(HTML)
    page.get_by_label("Internal notes").fill(HTML)
    page.get_by_label("Tags").fill(HTML)
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("status")).to_contain_text("The properties are saved")
    page.goto(f"{there}/expose/scopes/new")
    page.get_by_label("Scope name").fill("Colors.Read")
    page.get_by_label("Admin consent display name").fill(HTML[:100])
    page.get_by_label("Admin consent description").fill(HTML)
    page.get_by_role("button", name="Add the scope").click()
    for path in APPLICATION_PAGES.values():
        page.goto(there + path)
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        assert page.locator("img[src=x]").count() == 0
    page.goto(f"{live.origin}/portal/applications")
    expect(page.get_by_role("link", name=name).first).to_be_visible()  # other tests call theirs the same


def test_a_list_is_filtered_as_one_types(live: LiveServer, person: Person):
    register(live, person, "Zinnober by htmx")
    page = person.open(f"{live.origin}/portal/applications")
    page.get_by_role("searchbox", name="Begin of a name").press_sequentially("zinno")
    expect(page.get_by_role("link", name="repsys")).to_have_count(0)
    expect(page.get_by_role("link", name="Zinnober by htmx")).to_be_visible()


FILTERED = (("users", "cai", "Cai Crimson", "Ben Blue"), ("applications", "rep", "repsys", "Sample daemon"),
            ("enterprise", "sample d", "Sample daemon", "repsys"), ("groups", "pain", "Painters", ""))  # fmt: skip


@pytest.mark.parametrize(("room", "typed", "found", "other"), FILTERED)
def test_typing_filters_without_another_page(live: LiveServer, person: Person, room, typed, found, other):
    page = person.open(f"{live.origin}/portal/{room}")
    person.sign_in(ADA)
    headings = page.get_by_role("heading", level=1)
    expect(headings).to_be_visible()
    page.wait_for_load_state("load")  # until then nothing listens to what is typed
    page.evaluate("window.stillTheSame = true")
    box = page.locator("#filter")
    box.press_sequentially(typed)
    page.wait_for_url(lambda url: url.endswith(f"filter={quote(typed)}"))  # so that it can be bookmarked
    expect(page.locator("#list").get_by_role("link", name=found)).to_be_visible()
    if other:
        expect(page.locator("#list").get_by_role("link", name=other)).to_have_count(0)
    expect(box).to_be_focused()
    assert page.evaluate("window.stillTheSame")
    box.fill("nobody goes by that")
    expect(page.locator("#list .empty")).to_be_visible()
    assert page.evaluate("window.stillTheSame")


@pytest.mark.parametrize(("room", "typed", "found", "other"), FILTERED)
def test_the_filter_works_without_scripts(live: LiveServer, new_person: NewPerson, room, typed, found, other):
    person = new_person(java_script_enabled=False)
    page = person.open(f"{live.origin}/portal/{room}")
    person.sign_in(ADA)
    page.locator("#filter").fill(typed)
    page.keyboard.press("Enter")
    expect(page.locator("#list").get_by_role("link", name=found)).to_be_visible()
    expect(page.locator("#filter")).to_have_value(typed)
    if other:
        expect(page.locator("#list").get_by_role("link", name=other)).to_have_count(0)


NARROW = {"viewport": {"width": 390, "height": 844}, "has_touch": True}


def test_a_row_is_a_card_on_a_narrow_screen_and_still_a_row(live: LiveServer, new_person: NewPerson):
    person = new_person(**NARROW)
    page = person.open(f"{live.origin}/portal/users")
    person.sign_in(ADA)
    row = page.get_by_role("row").filter(has_text="Ben Blue")
    expect(row.get_by_role("rowheader", name="Ben Blue")).to_be_visible()
    cell = row.get_by_role("cell", name="ben@colors.example")
    expect(cell).to_have_attribute("data-label", "User name")
    below, above = cell.bounding_box(), row.get_by_role("rowheader").bounding_box()
    assert below
    assert above
    assert below["height"] < 40  # in one line
    assert below["y"] > above["y"]
    expect(page.get_by_role("columnheader", name="User name")).to_have_count(1)


def test_whose_page_it_is_stands_in_the_heading_and_the_title(live: LiveServer, person: Person):
    page = register(live, person, f"{RTL} {EMOJI}")
    page.get_by_role("link", name="API permissions", exact=True).click()
    headed(page, f"{RTL} {EMOJI} API permissions")
    expect(page).to_have_title(f"API permissions · {RTL} {EMOJI} · Colors")


def test_a_manifest_is_judged_as_one_types(live: LiveServer, person: Person):
    page = register(live, person, "Judged as typed")
    page.goto(f"{page.url.partition('?')[0]}/manifest")
    manifest = page.get_by_label("Manifest")
    text = manifest.input_value()
    manifest.fill(text.replace('"tags": []', '"tags": '))
    expect(page.locator("#verdict")).to_contain_text("Line ")
    manifest.fill(json.dumps({**json.loads(text), "notes": "as typed"}))
    expect(page.locator("#verdict")).to_contain_text("This can be saved")
    expect(page.locator("#verdict")).to_contain_text("as typed")
    page.get_by_role("button", name="Review and save").click()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("status")).to_contain_text("The manifest is saved")


def test_an_application_is_registered_without_scripts(live: LiveServer, new_person: NewPerson):
    person = new_person(java_script_enabled=False)
    page = register(live, person, "Without scripts")
    page.get_by_role("link", name="Certificates & secrets").click()
    expect(page.get_by_role("button", name="Copy")).to_have_count(0)
    page.get_by_role("button", name="Add a client secret").click()
    expect(page.get_by_text("Copy the secret now")).to_be_visible()


def test_an_application_is_registered_by_keyboard(live: LiveServer, person: Person):
    page = person.open(f"{live.origin}/portal")
    person.sign_in(ADA)
    headed(page, "Home")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="To the content")).to_be_focused()
    page.goto(f"{live.origin}/portal/applications/new")
    expect(page.get_by_label("Name", exact=True)).to_be_focused()
    page.keyboard.type("By keyboard")
    page.keyboard.press("Enter")
    headed(page, "By keyboard")

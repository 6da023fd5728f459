"""Each web application in examples/ signs in, calls Graph and the Colors API, renews and signs out, in Chromium."""

import re
from collections.abc import Iterator
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from tests.browser.conftest import NewPerson
from tests.browser.examples import DJANGO, EXAMPLES, FLASK, ON_A_SERVER, Example, running
from tests.browser.judgement import faults_of_all
from tests.browser.person import BEN, CAI, Person, headed
from tests.drivers.live_server import LiveServer

pytestmark = [pytest.mark.browser, pytest.mark.interop]
ELSEWHERE = "A" * 43


@pytest.fixture(scope="module", params=EXAMPLES, ids=lambda one: one.name)
def example(request: pytest.FixtureRequest) -> Example:
    return request.param


@pytest.fixture(scope="module")
def origin(example: Example, live: LiveServer) -> Iterator[str]:
    with running(example, live) as served:
        yield served


def sign_in(person: Person, example: Example) -> None:
    person.page.get_by_text("Sign in", exact=True).click()
    person.sign_in(BEN)
    agree(person.page, person.page.get_by_role("heading", name=example.heading))


def agree(page: Page, arrived: Locator) -> None:
    """Where consent is asked for."""
    accept = page.get_by_role("button", name="Accept")
    expect(accept.or_(arrived)).to_be_visible()
    if accept.is_visible():
        accept.click()
        expect(arrived).to_be_visible()


def test_sign_in_call_two_apis_renew_and_sign_out(example: Example, origin: str, new_person: NewPerson):
    person = new_person()
    page = person.open(origin)
    sign_in(person, example)
    expect(page.locator("#who")).to_have_text(BEN)
    expect(page.locator("#graph")).to_contain_text("Ben")
    expect(page.locator("#colors li").first).to_have_text(re.compile("^[a-z-]+$"))
    before = page.locator("#token").inner_text()
    page.get_by_role("button", name="Renew").click()
    expect(page.locator("#token")).not_to_have_text(before)
    expect(page.locator("#colors li").first).to_be_visible()
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_text("Sign in", exact=True)).to_be_visible()
    page.reload()
    expect(page.locator("#who")).to_be_hidden()


def test_its_pages_are_accessible_and_fit(example: Example, origin: str, new_person: NewPerson):
    person = new_person(reduced_motion="reduce")

    def pages() -> Iterator[str]:
        person.open(origin)
        yield f"example-{example.name}-out"
        sign_in(person, example)
        expect(person.page.locator("#who")).to_be_visible()
        yield f"example-{example.name}-in"

    assert faults_of_all(person.page, pages()) == {}


@pytest.mark.parametrize("example", [FLASK, DJANGO], ids=lambda one: one.name, indirect=True)
@pytest.mark.parametrize(("username", "heading"), [(CAI, "For painters"), (BEN, "This page is not for you")])
def test_a_page_for_a_role_is_for_whoever_has_it(
    example: Example, origin: str, new_person: NewPerson, username: str, heading: str
):
    person = new_person()
    page = person.open(f"{origin}/painters")
    person.sign_in(username)
    agree(page, page.get_by_role("heading", name=heading))
    headed(page, heading)
    page.get_by_role("link", name=re.compile("Back|start page")).click()
    expect(page.locator("#who")).to_have_text(username)


# ---- tampered with ----


def tampered(url: str, name: str) -> str:
    parts = urlsplit(url)
    query = {key: values[0] for key, values in parse_qs(parts.query).items()}
    return parts._replace(query=urlencode({**query, name: ELSEWHERE})).geturl()


def tamper(page: Page, sign_in_path: str, name: str) -> None:
    """The browser is sent to the platform with another value of that parameter than the application meant."""

    def change(route: Route) -> None:
        answer = route.fetch(max_redirects=0)
        headers = {**answer.headers, "location": tampered(answer.headers["location"], name)}
        route.fulfill(response=answer, headers=headers)

    page.route(lambda url: urlsplit(url).path == sign_in_path, change)


@pytest.mark.parametrize("example", ON_A_SERVER, ids=lambda one: one.name, indirect=True)
@pytest.mark.parametrize("name", ["state", "nonce", "code_challenge"])
def test_what_was_tampered_with_signs_nobody_in(example: Example, origin: str, new_person: NewPerson, name):
    """The answer then has another state, the ID token another nonce, the code another challenge than it is held to."""
    person = new_person()
    tamper(person.page, example.sign_in_path, name)
    person.open(origin)
    person.page.get_by_text("Sign in", exact=True).click()
    person.sign_in(BEN)
    agree(person.page, person.page.get_by_role("alert"))
    expect(person.page.get_by_role("alert")).to_contain_text("You were not signed in")
    person.open(origin)
    expect(person.page.get_by_text("Sign in", exact=True)).to_be_visible()
    expect(person.page.locator("#who")).to_be_hidden()

"""Signing in to a program on this machine, in Chromium: the answer reaches its port, and the tab says how it ended."""

from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from queue import Queue

import pytest
from playwright.sync_api import Route, expect

from entrada.client import Asked, Client, Settings, SignInCancelled, Tokens, entra_authority
from entrada.client.interactive import page as pages
from tests.browser.conftest import NewPerson
from tests.browser.judgement import WIDE, faults_of_all
from tests.browser.person import BEN, Person, headed
from tests.drivers.live_server import CLI, LiveServer

pytestmark = pytest.mark.browser

READ = "api://c0105000-0000-4000-8000-00000000ba51/Colors.Read"


@pytest.fixture
def program(live: LiveServer) -> Iterator[Client]:
    settings = Settings(authority=entra_authority(live.authority), client_id=CLI, ca_file=live.ca)
    with Client(settings, tell=lambda _: None) as client:
        yield client


def begun(program: Client, person: Person, **more) -> "Future[Tokens]":
    """The program waits in a thread of its own; its page is open in the person's browser."""
    opened, pool = Queue[str](), ThreadPoolExecutor(1)
    signing_in = pool.submit(program.sign_in_interactively, [READ], open_browser=opened.put, within=60, **more)
    pool.shutdown(wait=False)
    person.open(opened.get(timeout=30))
    return signing_in


def agree_if_asked(person: Person) -> None:
    accept = person.page.get_by_role("button", name="Accept")
    expect(accept.or_(person.page.get_by_role("heading", name="You are signed in"))).to_be_visible()
    if accept.is_visible():
        accept.click()


def test_signing_in(program, person):
    signing_in = begun(program, person)
    person.sign_in(BEN)
    agree_if_asked(person)
    headed(person.page, "You are signed in")
    assert signing_in.result(30).account.username == BEN
    assert person.page.title() == "You are signed in"
    assert "code=" not in person.page.url


def test_saying_no(program, person):
    signing_in = begun(program, person, asked=Asked(prompt="consent"))
    person.sign_in(BEN)
    person.page.get_by_role("button", name="Cancel").click()
    headed(person.page, "You are not signed in")
    with pytest.raises(SignInCancelled):
        signing_in.result(30)


def test_the_pages_are_accessible_and_fit(new_person: NewPerson):
    person = new_person(reduced_motion="reduce", viewport=WIDE)
    shown = {
        "loopback-signed-in": pages.SIGNED_IN,
        "loopback-declined": pages.DECLINED,
        "loopback-failed": pages.failed(
            "AADSTS700016: " + "There is no such application. " * 4, "Check the client id."
        ),
        "loopback-stray": pages.NOT_THAT_ANSWER,
        "loopback-nothing": pages.NOT_HERE,
    }

    def serve(route: Route) -> None:
        route.fulfill(body=shown[route.request.url.rpartition("/")[2]].html(), headers=pages.HEADERS)

    def every() -> Iterator[str]:
        person.page.route("**/loopback-*", serve)
        for name in shown:
            person.page.goto(f"http://localhost:1/{name}")
            yield name

    assert faults_of_all(person.page, every()) == {}

"""Fixtures: Chromium with our CA trusted, people at browsers of their own, and an application that waits for answers.

Chromium lives as long as a module: while Playwright's loop exists in this thread, no other test could run its own.
"""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.person import Person
from tests.browser.waiting_application import OIDC_ONLY, WaitingApplication
from tests.drivers.chromium import chromium
from tests.drivers.live_server import LiveServer, live_server

NewPerson = Callable[..., Person]
Ask = Callable[..., Page]


@pytest.fixture(scope="module")
def browser(live: LiveServer) -> Iterator[Browser]:
    with chromium(live.ca) as launched:
        yield launched


@pytest.fixture
def untouched(live: LiveServer, tmp_path: Path) -> Iterator[LiveServer]:
    """A platform where nobody has signed in or consented yet, with the authority that Chromium trusts already."""
    folder = tmp_path / "data"
    shutil.copytree(live.folder / "tls", folder / "tls")
    with live_server(folder) as server:
        yield server


@pytest.fixture
def new_person(browser: Browser) -> Iterator[NewPerson]:
    """People who notice whatever the browser has against a page; `page_options` are those of a browser context."""
    people: list[Person] = []

    def make(**page_options: Any) -> Person:
        people.append(Person.at(browser, **page_options))
        return people[-1]

    yield make
    for person in people:
        person.context.close()
    assert [complaint for person in people for complaint in person.complaints] == []


@pytest.fixture
def person(new_person: NewPerson) -> Person:
    return new_person()


@pytest.fixture
def application() -> Iterator[WaitingApplication]:
    with WaitingApplication() as waiting:
        yield waiting


@pytest.fixture
def ask(live: LiveServer, person: Person, application: WaitingApplication) -> Ask:
    """Visit the platform on behalf of the application, which asks for nothing but who it is."""

    def visit(page: Page | None = None, **changes: str) -> Page:
        page = page or person.page
        page.goto(application.asks(live, **{"scope": OIDC_ONLY, **changes}))
        return page

    return visit

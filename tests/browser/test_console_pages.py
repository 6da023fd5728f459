"""Every page of the developer console, as a person might see it, with the gateway that it sends to."""

from collections.abc import Iterator

import pytest

from tests.browser.conftest import NewPerson
from tests.browser.console_pages import console_pages
from tests.browser.judgement import WIDE, faults_of_all
from tests.drivers.live_server import LiveServer, live_server

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveServer]:
    with live_server(tmp_path_factory.mktemp("live") / "data", gateway=True) as server:
        server.gateway_answers("/colors", 401)
        yield server


def test_every_page_of_the_console_is_accessible_and_fits(live, new_person: NewPerson):
    person = new_person(reduced_motion="reduce", viewport=WIDE)
    assert faults_of_all(person.page, console_pages(live, person)) == {}

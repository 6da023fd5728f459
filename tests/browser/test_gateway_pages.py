"""Every page of the gateway's rooms in the portal, as an administrator might see them, with the gateway beside them."""

from collections.abc import Iterator

import pytest

from tests.browser.conftest import NewPerson
from tests.browser.gateway_pages import gateway_pages
from tests.browser.judgement import WIDE, faults_of_all
from tests.drivers.live_server import LiveServer, live_server

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveServer]:
    with live_server(tmp_path_factory.mktemp("live") / "data", gateway=True) as server:
        yield server


def test_every_page_of_the_gateways_rooms_is_accessible_and_fits(live, new_person: NewPerson):
    person = new_person(reduced_motion="reduce", viewport=WIDE)
    assert faults_of_all(person.page, gateway_pages(live, person)) == {}

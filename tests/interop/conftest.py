"""What every client needs: to trust the local CA in the way `entrada up` prints, and somebody who signs in."""

from collections.abc import Iterator

import pytest

from tests.drivers.live_server import LiveServer
from tests.interop.person import People, Person


@pytest.fixture
def trusting(live: LiveServer, monkeypatch: pytest.MonkeyPatch) -> None:
    """The trust lines of the start-up screen, and nothing of this machine's own settings."""
    for name in ("CURL_CA_BUNDLE", "SSL_CERT_DIR"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(live.bundle))
    monkeypatch.setenv("SSL_CERT_FILE", str(live.bundle))


@pytest.fixture
def people(live: LiveServer) -> Iterator[People]:
    """Each at a browser of their own."""
    came: list[Person] = []

    def person(username: str) -> Person:
        came.append(Person(live, username))
        return came[-1]

    yield person
    for one in came:
        one.browser.client.close()


@pytest.fixture
def ben(people: People) -> Person:
    return people("ben@colors.example")

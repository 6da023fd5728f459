"""What every client needs: to trust the local CA in the way `entrada up` prints, and somebody who signs in."""

import webbrowser
from collections.abc import Iterator
from threading import Thread

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


@pytest.fixture
def bens_browser(ben: Person, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """What a client opens as it opens any browser: Python's own registry says it is the preferred one."""
    opened: list[Thread] = []

    class Browser(webbrowser.BaseBrowser):
        def open(self, url: str, new: int = 0, autoraise: bool = True) -> bool:
            opened.append(Thread(target=ben.post_answer, args=[url]))
            opened[-1].start()  # the client listens only after the browser is open
            return True

    monkeypatch.setattr(webbrowser, "_browsers", {})
    monkeypatch.setattr(webbrowser, "_tryorder", [])  # not None: it does not look around this machine
    webbrowser.register("ben", None, Browser(), preferred=True)
    yield
    for thread in opened:
        thread.join()

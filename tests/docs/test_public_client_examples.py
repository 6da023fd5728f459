"""The page on desktop and mobile apps: its registration and its code, run as printed against a live server."""

import webbrowser
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from tests.docs.examples import blocks, names_of
from tests.drivers.live_server import LiveServer, live_server
from tests.interop.conftest import trusting  # noqa: F401 - a fixture
from tests.interop.person import Person

pytestmark = [pytest.mark.interop, pytest.mark.usefixtures("trusting")]

PAGE = "how-to/desktop-and-mobile.md"
OWN_SCHEME = "msal11b4a470-0000-4000-8000-000000000004://auth"


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveServer]:
    """With the app that the page registers."""
    here = tmp_path_factory.mktemp("notes")
    [document] = blocks(PAGE, "yaml")
    (here / "notes.yaml").write_text(document)
    with live_server(here / "data", "--no-samples") as server:
        server.entrada("apply", "-f", str(here / "notes.yaml"), "--yes")
        yield server


@pytest.fixture
def ben(live: LiveServer) -> Iterator[Person]:
    person = Person(live, "ben@colors.example")
    yield person
    person.browser.client.close()


@pytest.fixture
def names(live: LiveServer) -> Iterator[dict[str, Any]]:
    found = names_of(live, PAGE)
    yield found
    found["app"].http_client.close()


def reads_me(live: LiveServer, token: str) -> str:
    with live.client() as client:
        answer = client.get(f"{live.origin}/v1.0/me", headers={"Authorization": f"Bearer {token}"})
    name: str = answer.json()["displayName"]
    return name


def test_on_a_desktop(live: LiveServer, ben: Person, names: dict[str, Any], monkeypatch: pytest.MonkeyPatch):
    opened: list[Thread] = []

    def open_browser(url: str) -> bool:
        opened.append(Thread(target=ben.post_answer, args=[url]))
        opened[-1].start()
        return True

    monkeypatch.setattr(webbrowser, "open", open_browser)
    with closing(names["credential"]()) as credential:
        token = credential.get_token("https://graph.microsoft.com/User.Read").token
        assert credential.get_token("https://graph.microsoft.com/User.Read").token == token
    for thread in opened:
        thread.join()
    assert (len(opened), reads_me(live, token)) == (1, "Ben Blue")


# As the page says of it.
by_link = pytest.mark.filterwarnings("ignore:response_mode='form_post' is recommended:UserWarning")


@by_link
def test_on_a_phone(live: LiveServer, ben: Person, names: dict[str, Any]):
    kept: dict[str, Any] = {}
    link = ben.answer(names["begin"](kept))
    assert link.startswith(f"{OWN_SCHEME}/?code=")
    assert reads_me(live, names["finish"](kept, link)) == "Ben Blue"


@by_link
def test_another_app_that_claims_the_scheme_cannot_redeem_the_code(ben: Person, names: dict[str, Any]):
    kept: dict[str, Any] = {}
    link = ben.answer(names["begin"](kept))
    kept["flow"]["code_verifier"] = "x" * 43
    with pytest.raises(PermissionError, match="AADSTS501481"):
        names["finish"](kept, link)


def test_it_is_registered_in_a_file_that_is_kept(tmp_path: Path):
    [document] = blocks(PAGE, "yaml")
    assert "secret" not in document.lower()
    assert OWN_SCHEME in document

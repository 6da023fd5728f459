"""The page on Flask: its code, run as printed, and people who sign in to it through the real pages."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from flask.testing import FlaskClient

from tests.docs.examples import names_of
from tests.drivers.live_server import LiveServer, live_server
from tests.interop.conftest import people, trusting  # noqa: F401 - fixtures
from tests.interop.person import People

pytestmark = [pytest.mark.interop, pytest.mark.usefixtures("trusting")]

PAGE = "how-to/sign-in-with-flask.md"
ORIGIN = "http://localhost:5000"
BROWSER = {"accept": "text/html"}


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveServer]:
    with live_server(tmp_path_factory.mktemp("flask") / "data", "--no-samples") as server:
        yield server


@pytest.fixture(scope="module")
def example(live: LiveServer) -> Iterator[dict[str, Any]]:
    found = names_of(live, PAGE)
    yield found
    found["auth"].close()


def path_of(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.path}?{parts.query}"


def test_a_person_signs_in_calls_graph_and_signs_out(example: dict[str, Any], people: People):  # noqa: F811
    client: FlaskClient = example["create_app"]().test_client()

    def get(path: str) -> Any:
        return client.get(path, base_url=ORIGIN, headers=BROWSER)

    assert get("/").json == {"hello": "stranger"}
    cai = people("cai@colors.example")
    back = get(path_of(cai.answer(get("/reports").headers["location"])))
    assert (back.status_code, back.headers["location"]) == (302, "/reports"), back.text
    assert get("/reports").json == {"of": "cai@colors.example"}
    profile = get("/profile")
    if profile.status_code == 302:  # consent to Graph, asked for when it is first needed
        assert get(path_of(cai.answer(profile.headers["location"]))).headers["location"] == "/profile"
        profile = get("/profile")
    assert profile.json["userPrincipalName"] == "cai@colors.example"
    assert get("/painters").json == {"paints": "Cai Crimson"}
    left = client.post("/auth/logout", base_url=ORIGIN, headers={"sec-fetch-site": "same-origin"})
    assert urlsplit(left.headers["location"]).path.endswith("/oauth2/v2.0/logout")
    assert get("/").json == {"hello": "stranger"}


def test_its_own_test_passes(example: dict[str, Any]):
    example["test_painters_see_their_page"]()

"""The page on FastAPI: its code, run as printed, and people who sign in to it through the real pages."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from starlette.testclient import TestClient

from tests.docs.examples import names_of
from tests.drivers.live_server import LiveServer, live_server
from tests.interop.conftest import people, trusting  # noqa: F401 - fixtures
from tests.interop.person import People

pytestmark = [pytest.mark.interop, pytest.mark.usefixtures("trusting")]

PAGE = "how-to/sign-in-with-fastapi.md"
KEY = "a" * 42 + "A"


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveServer]:
    with live_server(tmp_path_factory.mktemp("fastapi") / "data", "--no-samples") as server:
        yield server


@pytest.fixture(scope="module")
def example(live: LiveServer) -> dict[str, Any]:
    return names_of(live, PAGE)


@pytest.fixture
def client(example: dict[str, Any]) -> Iterator[TestClient]:
    page = {"accept": "text/html"}
    with TestClient(example["app"], base_url="http://localhost:5000", headers=page, follow_redirects=False) as client:
        yield client


def path_of(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.path}?{parts.query}"


def test_a_person_signs_in_calls_graph_and_signs_out(client: TestClient, people: People):  # noqa: F811
    assert client.get("/").json() == {"hello": "stranger"}
    cai = people("cai@colors.example")
    answer = cai.answer(client.get("/reports").headers["location"])
    back = client.get(path_of(answer))
    assert (back.status_code, back.headers["location"]) == (302, "/reports"), back.text
    assert client.get("/reports").json() == {"of": "cai@colors.example"}
    profile = client.get("/profile")
    if profile.is_redirect:  # consent to Graph, asked for when it is first needed
        back = client.get(path_of(cai.answer(profile.headers["location"])))
        assert back.headers["location"] == "/profile", back.text
        profile = client.get("/profile")
    assert profile.json()["userPrincipalName"] == "cai@colors.example"
    assert client.get("/painters").json() == {"paints": "Cai Crimson"}
    left = client.post("/auth/logout", headers={"sec-fetch-site": "same-origin"})
    assert urlsplit(left.headers["location"]).path.endswith("/oauth2/v2.0/logout")
    assert client.get("/").json() == {"hello": "stranger"}


def test_its_own_test_passes(example: dict[str, Any]):
    example["test_painters_see_their_page"]()


def test_production_names_what_it_needs(example: dict[str, Any], tmp_path):
    auth = example["production"](f"sqlite:///{tmp_path / 'sessions.db'}", KEY)
    assert auth.site.settings.public_url == "https://reports.example"
    assert auth.site.settings.allowed_tenants == {"c0105000-0000-4000-8000-000000000001"}

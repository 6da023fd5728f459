"""The page on Django: its project, run as printed, and people who sign in to it through the real pages."""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.test import Client, override_settings

from tests.docs.examples import at, blocks
from tests.drivers.django_project import start
from tests.drivers.live_server import LiveServer, live_server
from tests.interop.conftest import people, trusting  # noqa: F401 - fixtures
from tests.interop.person import People

pytestmark = [pytest.mark.interop, pytest.mark.usefixtures("trusting")]

PAGE = "how-to/sign-in-with-django.md"
BROWSER = {"accept": "text/html", "host": "localhost:5000"}


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveServer]:
    with live_server(tmp_path_factory.mktemp("django") / "data", "--no-samples") as server:
        yield server


@pytest.fixture(scope="module")
def project(live: LiveServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Any]]:
    """Its files where the page says; its settings over those that Django was started with."""
    start()
    folder: Path = tmp_path_factory.mktemp("reader")
    (folder / "project").mkdir()
    for block in blocks(PAGE, "python"):
        if block.startswith("# project/"):
            (folder / block.partition("\n")[0].removeprefix("# ")).write_text(at(live, block), "utf-8")
    sys.path.insert(0, str(folder))
    told: dict[str, Any] = {}
    exec((folder / "project/settings.py").read_text("utf-8"), told)
    settings = {name: value for name, value in told.items() if name.isupper()}
    assert "entrada.django" in settings.pop("INSTALLED_APPS")
    with override_settings(**settings):
        yield settings
        from entrada.django.running import running

        running().hands.close()
    sys.path.remove(str(folder))
    for name in ("project", "project.urls", "project.views"):
        sys.modules.pop(name, None)


def path_of(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.path}?{parts.query}"


def led(client: Client, path: str) -> str:
    """The authority's page that a page of ours leads to."""
    seen = client.get(path, headers=BROWSER)
    while seen.status_code == 302 and seen.headers["location"].startswith("/"):
        seen = client.get(seen.headers["location"], headers=BROWSER)
    return str(seen.headers["location"])


def test_a_person_signs_in_calls_graph_and_signs_out(project: dict[str, Any], people: People):  # noqa: F811
    client = Client()
    assert client.get("/", headers=BROWSER).json() == {"hello": "stranger"}
    cai = people("cai@colors.example")
    back = client.get(path_of(cai.answer(led(client, "/reports"))), headers=BROWSER)
    assert (back.status_code, back.headers["location"]) == (302, "/reports"), back.content
    assert client.get("/reports", headers=BROWSER).json() == {"of": "cai@colors.example"}
    profile = client.get("/profile", headers=BROWSER)
    if profile.status_code == 302:  # consent to Graph, asked for when it is first needed
        back = client.get(path_of(cai.answer(profile.headers["location"])), headers=BROWSER)
        assert back.headers["location"] == "/profile"
        profile = client.get("/profile", headers=BROWSER)
    assert profile.json()["userPrincipalName"] == "cai@colors.example"
    assert client.get("/painters", headers=BROWSER).json() == {"paints": "Cai Crimson"}
    left = client.post("/auth/logout", headers={**BROWSER, "sec-fetch-site": "same-origin"})
    assert urlsplit(left.headers["location"]).path.endswith("/oauth2/v2.0/logout")
    assert client.get("/", headers=BROWSER).json() == {"hello": "stranger"}


def test_its_own_test_passes(project: dict[str, Any]):
    [test] = [block for block in blocks(PAGE, "python") if "as_user" in block]
    names: dict[str, Any] = {}
    exec(test, names)
    names["test_painters_see_their_page"]()


def test_the_admin_has_the_door_that_the_page_puts_there(project: dict[str, Any]):
    [block] = [block for block in blocks(PAGE, "python") if "admin_login" in block]
    names: dict[str, Any] = {}
    exec(block, names)
    door = names["admin_urls"][0]
    assert (str(door.pattern), door.callback.__name__) == ("admin/login/", "admin_login")

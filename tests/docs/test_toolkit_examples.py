"""The page on tokens in Python: its code, run as printed against a live server."""

import asyncio
import base64
import json
import os
import re
from collections.abc import Iterator
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from entrada.client import EntradaError
from entrada.client import errors as failures
from tests.docs.examples import names_of
from tests.drivers.live_server import LiveServer, live_server
from tests.interop.conftest import ben, people, trusting  # noqa: F401 - fixtures
from tests.interop.person import Person
from tests.plugins.postgres import free_port

pytestmark = [pytest.mark.interop, pytest.mark.usefixtures("trusting")]

PAGE = "how-to/get-tokens-in-python.md"
BEN = "ben@colors.example"
DOCS = Path(__file__).parents[2] / "docs"


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveServer]:
    options = ("--no-samples", "--managed-identity-port", str(free_port()), "--managed-identity")
    with live_server(tmp_path_factory.mktemp("toolkit") / "data", *options) as server:
        yield server


def claims_of(token: str) -> dict[str, Any]:
    payload = token.split(".")[1]
    claims: dict[str, Any] = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    return claims


def at_the_browser(person):
    return lambda url: Thread(target=person.post_answer, args=[url]).start()


def test_for_the_program_itself(live: LiveServer):
    names = names_of(live, PAGE)
    for token in (names["token_of_the_program"](), asyncio.run(names["token_awaited"]())):
        assert claims_of(token)["roles"] == ["Colors.ReadAll"]
    with names["credential_of_the_program"]() as credential:
        assert credential.get_token(f"{names['COLORS']}/.default").token


def test_for_a_person(live: LiveServer, ben: Person):  # noqa: F811
    names = names_of(live, PAGE)
    username, token = names["signed_in"](at_the_browser(ben))
    assert (username, claims_of(token)["scp"]) == (BEN, "Colors.Read")
    assert names["signed_in_elsewhere"](lambda told: ben.let_in(told.url, told.user_code)) == BEN


def test_asking_kept_and_forgotten(live: LiveServer, ben: Person, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):  # noqa: F811
    monkeypatch.setenv("ENTRADA_CACHE_KEY", base64.urlsafe_b64encode(os.urandom(32)).decode())
    names = names_of(live, PAGE)
    scopes = [f"{names['COLORS']}/Colors.Read"]
    with names["kept_between_runs"](tmp_path) as client:
        token = names["token_or_ask"](client, scopes, at_the_browser(ben))
    with names["kept_between_runs"](tmp_path) as client:
        assert client.token_for(scopes).value == token.value
        [account] = client.accounts()
        assert names["signed_out"](client, account).startswith(live.authority)
    with names["kept_between_runs"](tmp_path) as client:
        assert client.accounts() == ()


def test_in_the_callers_name(live: LiveServer, ben: Person):  # noqa: F811
    names = names_of(live, PAGE)
    middle = names["middle"].client_id
    with names["Client"](names["command"]) as client:
        asked = client.sign_in_interactively([f"api://{middle}/.default"], open_browser=at_the_browser(ben))
    assert claims_of(names["token_in_the_callers_name"](asked.access.value))["azp"] == middle


def test_of_a_machine(live: LiveServer):
    names = names_of(live, PAGE)
    [line] = re.findall(r"App Service +export (.+)", live.log.read_text())
    environment = dict(word.split("=", 1) for word in line.split())
    with names["credential_of_the_machine"](environment) as credential:
        assert claims_of(credential.get_token(f"{names['COLORS']}/.default").token)["roles"] == ["Colors.ReadAll"]


def test_the_reference_has_every_name():
    from entrada import client

    page = (DOCS / "reference/python.md").read_text()
    assert [name for name in client.__all__ if f"`{name}" not in page] == []


def test_every_failure_is_in_the_package():
    from entrada import client

    types = {name for name, one in vars(failures).items() if isinstance(one, type) and issubclass(one, EntradaError)}
    assert types <= set(client.__all__)


def test_every_setting_is_in_the_reference():
    from attrs import fields_dict

    from entrada.client import Settings

    page = (DOCS / "reference/python.md").read_text()
    assert [name for name in fields_dict(Settings) if f"`{name}" not in page] == []
    assert [name for name in fields_dict(Settings) if f"ENTRADA_{name.upper()}" not in page] == []

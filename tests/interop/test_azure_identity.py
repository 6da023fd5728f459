"""azure-identity and @azure/identity where a person sits in front of them: InteractiveBrowserCredential, and in Node codes.

What acts without a person is in test_daemons.py, devices are in test_device_code.py, managed identities and on-behalf-of
in files of their own.
"""

import base64
import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread
from typing import Any

import httpx2
import pytest
from azure.core.exceptions import ClientAuthenticationError
from azure.identity import AuthenticationRequiredError, InteractiveBrowserCredential

from tests.drivers.live_server import CLI, COLORS, COLORS_API, LiveServer
from tests.interop.node_program import run
from tests.interop.person import Person
from tests.plugins.postgres import free_port

pytestmark = [pytest.mark.interop, pytest.mark.usefixtures("trusting")]

BEN = "c0105000-0000-4000-8000-0000000000b1"
GRAPH_READ = "https://graph.microsoft.com/User.Read"
COLORS_READ = f"api://{COLORS_API}/Colors.Read"


def known(live: LiveServer, **more: Any) -> dict[str, Any]:
    return {
        "client_id": CLI,
        "tenant_id": COLORS,
        "authority": live.origin,
        "disable_instance_discovery": True,
        "timeout": 30,
        **more,
    }


@pytest.fixture
def credential(live: LiveServer, bens_browser: None) -> Iterator[InteractiveBrowserCredential]:
    with InteractiveBrowserCredential(**known(live)) as made:
        yield made


def claims_of(token: str) -> dict[str, Any]:
    payload = token.split(".")[1]
    claims: dict[str, Any] = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    return claims


def test_the_person_signs_in_once(credential: InteractiveBrowserCredential):
    first = credential.get_token(GRAPH_READ)
    assert claims_of(first.token)["oid"] == BEN
    assert credential.get_token(GRAPH_READ).token == first.token  # from its cache
    assert claims_of(credential.get_token(COLORS_READ).token)["aud"] == COLORS_API


@pytest.mark.usefixtures("bens_browser")
def test_the_redirect_uri_may_be_named(live: LiveServer):
    with InteractiveBrowserCredential(**known(live, redirect_uri=f"http://localhost:{free_port()}")) as credential:
        assert claims_of(credential.get_token(GRAPH_READ).token)["oid"] == BEN


def test_who_signed_in_is_told(credential: InteractiveBrowserCredential):
    record = credential.authenticate(scopes=[GRAPH_READ])
    assert (record.username, record.tenant_id, record.home_account_id) == (
        "ben@colors.example",
        COLORS,
        f"{BEN}.{COLORS}",
    )


@pytest.mark.usefixtures("bens_browser")
def test_nobody_is_asked_where_that_is_not_wanted(live: LiveServer):
    made = InteractiveBrowserCredential(**known(live, disable_automatic_authentication=True))
    with made as credential:
        with pytest.raises(AuthenticationRequiredError):
            credential.get_token(GRAPH_READ)
        credential.authenticate(scopes=[GRAPH_READ])
        assert claims_of(credential.get_token(GRAPH_READ).token)["oid"] == BEN


def test_a_scope_that_does_not_exist(credential: InteractiveBrowserCredential):
    with pytest.raises(ClientAuthenticationError, match="AADSTS650053"):
        credential.get_token("https://graph.microsoft.com/User.Unknown")


# ---- Node ----

BROWSER = """#!/bin/sh
printf %s "$1" > "$0.opened" && mv "$0.opened" "$0.url"
"""
PATIENCE = 60


@contextmanager
def browser(folder: Path, person: Person) -> Iterator[Path]:
    """What the variable BROWSER is to name, and the person behind it, who goes where the answer leads."""
    program = folder / "browser"
    program.write_text(BROWSER)
    program.chmod(0o755)
    sits = Thread(target=sit_before, args=[program.with_suffix(".url"), person])
    sits.start()
    yield program
    sits.join()


def sit_before(opened: Path, person: Person) -> None:
    deadline = time.monotonic() + PATIENCE
    while not opened.exists():
        assert time.monotonic() < deadline, "no browser was opened"
        time.sleep(0.05)
    answer = httpx2.get(person.answer(opened.read_text()), trust_env=False)
    assert answer.status_code in (200, 302), answer.text


def test_node(live: LiveServer, ben: Person, tmp_path: Path):
    settings = {
        "origin": live.origin,
        "tenantId": COLORS,
        "clientId": CLI,
        "scope": GRAPH_READ,
        "other": COLORS_READ,
    }
    with browser(tmp_path, ben) as program:
        said = run("azure_identity.mjs", live, ben, {"BROWSER": str(program)}, **settings)
    assert [claims_of(said[name])["oid"] for name in ("first", "typed")] == [BEN, BEN]
    assert said["cached"] is True
    assert said["refused"] == "AuthenticationRequiredError"

"""Applications that ask for passwords themselves: by plain HTTP always, by MSAL Python where port 443 is to be had."""

import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx2
import pytest
from msal import PublicClientApplication  # type: ignore[import-untyped]

from tests.drivers.form_browser import PASSWORD
from tests.drivers.live_server import CLI, COLORS, LiveServer, live_server
from tests.interop.person import Person

pytestmark = pytest.mark.interop

BEN = "c0105000-0000-4000-8000-0000000000b1"
BEN_NAME = "ben@colors.example"
ALLOWED = f"""
tenants:
  - id: {COLORS}
    displayName: Colors
    domains: [colors.example]
    policies: {{passwordGrant: true}}
"""


def allow_passwords(live: LiveServer) -> None:
    live.entrada("apply", "--yes", "-f", "-", given=ALLOWED)


def consent(live: LiveServer) -> None:
    """Nobody can be asked later on."""
    ben = Person(live, BEN_NAME)
    scope = "openid%20profile%20offline_access%20User.Read"
    ben.answer(
        f"{live.authority}/oauth2/v2.0/authorize?client_id={CLI}&response_type=code"
        f"&redirect_uri=http%3A%2F%2Flocalhost&scope={scope}"
    )
    ben.browser.client.close()


def ask(live: LiveServer, **changes: str) -> httpx2.Response:
    form = {"grant_type": "password", "client_id": CLI, "username": BEN_NAME, "password": PASSWORD}
    with live.client() as client:
        return client.post(
            f"{live.authority}/oauth2/v2.0/token",
            data={**form, "scope": "openid profile offline_access User.Read", **changes},
        )


@pytest.fixture(scope="module")
def allowing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveServer]:
    with live_server(tmp_path_factory.mktemp("passwords") / "data") as server:
        assert ask(server).json()["error_codes"] == [53003]  # until the tenant allows it
        allow_passwords(server)
        consent(server)
        yield server


def test_plain_http(allowing: LiveServer):
    body: dict[str, Any] = ask(allowing).json()
    assert (body["token_type"], body["scope"]) == ("Bearer", "openid profile User.Read")
    assert {"access_token", "refresh_token", "id_token"} <= set(body)
    with allowing.client() as client:
        me = client.get(f"{allowing.origin}/v1.0/me", headers={"Authorization": f"Bearer {body['access_token']}"})
    assert me.json()["id"] == BEN


def test_a_wrong_password(allowing: LiveServer):
    body = ask(allowing, password="wrong").json()
    assert (body["error"], body["error_codes"]) == ("invalid_grant", [50126])


# MSAL asks https://{host}/common/userrealm/{name} first, and drops the port of its authority there.
def may_listen_at_443() -> bool:
    try:
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 443))
    except OSError:
        return False
    return True


@pytest.fixture
def at_443(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[LiveServer]:
    if not may_listen_at_443():
        pytest.skip("MSAL asks for the user realm at port 443, which this process may not listen at, or another does")
    with live_server(tmp_path / "data", port=443) as server:
        monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(server.bundle))
        allow_passwords(server)
        consent(server)
        yield server


@pytest.mark.filterwarnings("ignore:This API has been deprecated for public client flows:DeprecationWarning")
def test_msal_python(at_443: LiveServer):
    app = PublicClientApplication(CLI, authority=at_443.authority, instance_discovery=False)
    result = app.acquire_token_by_username_password(BEN_NAME, PASSWORD, ["User.Read"])
    assert "error" not in result, result
    assert result["id_token_claims"]["oid"] == BEN
    [account] = app.get_accounts()
    assert app.acquire_token_silent(["User.Read"], account)["token_source"] == "cache"
    again = app.acquire_token_silent(["User.Read"], account, force_refresh=True)
    assert again["token_source"] == "identity_provider"
    refused = app.acquire_token_by_username_password(BEN_NAME, "wrong", ["User.Read"])
    assert (refused["error"], refused["error_codes"]) == ("invalid_grant", [50126])
    app.http_client.close()

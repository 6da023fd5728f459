"""Devices without a browser: MSAL Python, azure-identity and MSAL Node, and the person who lets them in.  RFC 8628."""

import base64
import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest
from azure.identity import DeviceCodeCredential
from msal import PublicClientApplication  # type: ignore[import-untyped]

from tests.drivers.live_server import CLI, COLORS, COLORS_API, LiveServer
from tests.interop.node_program import run
from tests.interop.person import Person

pytestmark = [pytest.mark.interop, pytest.mark.usefixtures("trusting")]

BEN = "c0105000-0000-4000-8000-0000000000b1"
COLORS_READ = f"api://{COLORS_API}/Colors.Read"
GRAPH_READ = "https://graph.microsoft.com/User.Read"


def claims_of(token: str) -> dict[str, Any]:
    payload = token.split(".")[1]
    claims: dict[str, Any] = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    return claims


@pytest.fixture
def device(live: LiveServer) -> Iterator[PublicClientApplication]:
    app = PublicClientApplication(CLI, authority=live.authority, instance_discovery=False)
    yield app
    app.http_client.close()


def poll_once(device: PublicClientApplication, flow: dict[str, Any]) -> dict[str, Any]:
    flow.pop("latest_attempt_at", None)  # MSAL would remark on our haste
    result: dict[str, Any] = device.acquire_token_by_device_flow(flow, exit_condition=lambda _: True)
    return result


# ---- MSAL Python ----


def test_msal_python(device: PublicClientApplication, live: LiveServer, ben: Person):
    flow = device.initiate_device_flow(["User.Read"])
    assert flow["verification_uri"] == f"{live.origin}/devicelogin"
    assert flow["user_code"] in flow["message"]
    assert poll_once(device, flow)["error"] == "authorization_pending"
    ben.let_in(flow["verification_uri"], flow["user_code"])
    result = poll_once(device, flow)
    assert result["id_token_claims"]["oid"] == BEN, result
    [account] = device.get_accounts()
    assert account["home_account_id"] == f"{BEN}.{COLORS}"
    assert device.acquire_token_silent(["User.Read"], account)["token_source"] == "cache"
    refreshed = device.acquire_token_silent(["User.Read"], account, force_refresh=True)
    assert refreshed["token_source"] == "identity_provider"


def test_msal_python_is_turned_away(device: PublicClientApplication, ben: Person):
    flow = device.initiate_device_flow(["User.Read"])
    ben.let_in(flow["verification_uri"], flow["user_code"], decision="decline")
    assert poll_once(device, flow)["error"] == "authorization_declined"
    assert device.get_accounts() == []


def test_msal_python_redeems_once(device: PublicClientApplication, ben: Person):
    flow = device.initiate_device_flow(["User.Read"])
    ben.let_in(flow["verification_uri"], flow["user_code"])
    assert "access_token" in poll_once(device, flow)
    again = poll_once(device, flow)
    assert (again["error"], again["error_codes"]) == ("bad_verification_code", [70018])


def test_msal_python_is_told_what_is_wrong(device: PublicClientApplication):
    flow = device.initiate_device_flow(["User.Unknown"])
    assert (flow["error"], flow["error_codes"]) == ("invalid_client", [650053])


# ---- azure-identity ----


def test_azure_identity(live: LiveServer, ben: Person):
    def prompt(verification_uri: str, user_code: str, _expires_on: datetime) -> None:
        ben.let_in(verification_uri, user_code)

    credential = DeviceCodeCredential(
        CLI, tenant_id=COLORS, authority=live.origin, disable_instance_discovery=True, prompt_callback=prompt
    )
    with credential:
        first = credential.get_token(GRAPH_READ)
        assert claims_of(first.token)["oid"] == BEN
        assert credential.get_token(GRAPH_READ).token == first.token  # from its cache, nobody asked again
        # Nobody has consented to the other API yet: silence fails, and the person is asked once more.
        assert claims_of(credential.get_token(COLORS_READ).token)["aud"] == COLORS_API


# ---- MSAL Node ----


def test_msal_node(live: LiveServer, ben: Person):
    said = run("msal_node_device.mjs", live, ben, authority=live.authority, host=f"localhost:{live.port}", clientId=CLI)
    assert said["first"]["uniqueId"] == BEN
    assert said["cached"]["fromCache"] is True
    assert said["refreshed"]["fromCache"] is False
    assert said["told"]["verificationUri"] == f"{live.origin}/devicelogin"

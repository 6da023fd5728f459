"""azure-identity where a person sits in front of it: InteractiveBrowserCredential.

What acts without a person is in test_daemons.py, devices are in test_device_code.py, managed identities and on-behalf-of
in files of their own.
"""

import base64
import json
from collections.abc import Iterator
from typing import Any

import pytest
from azure.core.exceptions import ClientAuthenticationError
from azure.identity import AuthenticationRequiredError, InteractiveBrowserCredential

from tests.drivers.live_server import CLI, COLORS, COLORS_API, LiveServer
from tests.plugins.postgres import free_port

pytestmark = [pytest.mark.interop, pytest.mark.usefixtures("trusting", "bens_browser")]

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
def credential(live: LiveServer) -> Iterator[InteractiveBrowserCredential]:
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

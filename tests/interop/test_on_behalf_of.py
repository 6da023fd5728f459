"""An API that acts on behalf of whoever called it: MSAL Python, azure-identity, MSAL Node and @azure/identity.

The entrada CLI calls the sample middle tier, which calls the Colors API.  The person consents once, to both.
Reference section 21.
"""

import asyncio
import base64
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from azure.core.exceptions import ClientAuthenticationError
from azure.identity import OnBehalfOfCredential, aio
from msal import ConfidentialClientApplication, PublicClientApplication  # type: ignore[import-untyped]

from tests.drivers.form_browser import Page
from tests.drivers.live_server import CLI, COLORS, COLORS_API, LiveServer, live_server
from tests.interop.node_program import run
from tests.interop.person import People, Person

pytestmark = [
    pytest.mark.interop,
    pytest.mark.usefixtures("trusting"),
    pytest.mark.filterwarnings("ignore:response_mode='form_post' is recommended:UserWarning"),
]

BEN = "c0105000-0000-4000-8000-0000000000b1"
MIDDLE = "c0105000-0000-4000-8000-00000000b0b0"
SECRET = "middle-dev-secret"
BOTH = f"api://{MIDDLE}/.default"
COLORS_READ = f"api://{COLORS_API}/Colors.Read"
GRAPH_READ = "https://graph.microsoft.com/User.Read"


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveServer]:
    """Where nobody has consented to anything yet."""
    folder: Path = tmp_path_factory.mktemp("on-behalf-of")
    with live_server(folder / "data", "--no-samples") as server:
        yield server


@pytest.fixture
def middle(live: LiveServer) -> Iterator[ConfidentialClientApplication]:
    app = ConfidentialClientApplication(
        MIDDLE, client_credential=SECRET, authority=live.authority, instance_discovery=False
    )
    yield app
    app.http_client.close()


@pytest.fixture
def assertion(live: LiveServer, ben: Person) -> str:
    """What the middle tier receives from the CLI."""
    return users_token(live, ben, BOTH)


def users_token(live: LiveServer, person: Person, scope: str) -> str:
    cli = PublicClientApplication(CLI, authority=live.authority, instance_discovery=False)
    try:
        flow = cli.initiate_auth_code_flow([scope], redirect_uri="http://localhost:1")
        result = cli.acquire_token_by_auth_code_flow(flow, person.fields(flow["auth_uri"]))
        assert "access_token" in result, result
        token: str = result["access_token"]
        return token
    finally:
        cli.http_client.close()


def claims_of(token: str) -> dict[str, Any]:
    payload = token.split(".")[1]
    claims: dict[str, Any] = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    return claims


def assert_on_bens_behalf(token: str) -> None:
    claims = claims_of(token)
    assert (claims["aud"], claims["azp"], claims["oid"], claims["scp"]) == (COLORS_API, MIDDLE, BEN, "Colors.Read")


# ---- consent ----


def test_one_prompt_covers_what_the_middle_tier_needs_of_others(live: LiveServer, people: People):
    cai = people("cai@colors.example")
    cli = PublicClientApplication(CLI, authority=live.authority, instance_discovery=False)
    flow = cli.initiate_auth_code_flow([BOTH], redirect_uri="http://localhost:1")
    shown = consent_page(cai, flow["auth_uri"])
    assert "Use the sample middle tier as you" in shown.text
    assert "Read your colors" in shown.text
    cai.browser.consent(shown)
    assert cai.browser.left_to is not None
    assert "code=" in cai.browser.left_to
    cli.http_client.close()


def consent_page(person: Person, url: str) -> Page:
    page = person.browser.submit(person.browser.open(url), "username", username=person.username)
    return person.browser.submit(page, "passwd", passwd="Entrada-dev-2026")


def test_nobody_acts_for_whom_has_not_consented_to_it(
    live: LiveServer, people: People, middle: ConfidentialClientApplication
):
    # Only the middle tier's own scope was asked for: what lies behind it was not consented to.
    token = users_token(live, people("ada@colors.example"), f"api://{MIDDLE}/access_as_user")
    refused = middle.acquire_token_on_behalf_of(token, [COLORS_READ])
    assert (refused["error"], refused["error_codes"]) == ("invalid_grant", [65001])


# ---- MSAL Python ----


def test_msal_python(middle: ConfidentialClientApplication, assertion: str):
    first = middle.acquire_token_on_behalf_of(assertion, [COLORS_READ])
    assert first.get("token_source") == "identity_provider", first
    assert_on_bens_behalf(first["access_token"])
    # It never looks into its cache for whoever sends an assertion; what is there is found by the account.
    [account] = middle.get_accounts()
    again = middle.acquire_token_silent([COLORS_READ], account)
    assert (again["access_token"], again["token_source"]) == (first["access_token"], "cache")
    refreshed = middle.acquire_token_silent([COLORS_READ], account, force_refresh=True)
    assert refreshed["token_source"] == "identity_provider"
    assert_on_bens_behalf(refreshed["access_token"])


def test_msal_python_calls_graph_on_bens_behalf(
    live: LiveServer, middle: ConfidentialClientApplication, assertion: str
):
    token = middle.acquire_token_on_behalf_of(assertion, [GRAPH_READ])["access_token"]
    with live.client() as client:
        answer = client.get(f"{live.origin}/v1.0/me", headers={"Authorization": f"Bearer {token}"})
    assert (answer.status_code, answer.json()["id"]) == (200, BEN)


def test_msal_python_is_told_why_it_is_refused(
    live: LiveServer, middle: ConfidentialClientApplication, ben: Person, assertion: str
):
    for_somebody_else = middle.acquire_token_on_behalf_of(users_token(live, ben, COLORS_READ), [COLORS_READ])
    assert (for_somebody_else["error"], for_somebody_else["error_codes"]) == ("invalid_grant", [500131])
    head, payload, signature = assertion.split(".")
    spoilt = middle.acquire_token_on_behalf_of(f"{head}.{payload}.{signature[::-1]}", [COLORS_READ])
    assert spoilt["error"] == "invalid_grant"


# ---- azure-identity ----


def credential_arguments(live: LiveServer, assertion: str) -> dict[str, Any]:
    return {"client_secret": SECRET, "user_assertion": assertion, "authority": live.origin}


def test_azure_identity_synchronous(live: LiveServer, assertion: str):
    known = {**credential_arguments(live, assertion), "disable_instance_discovery": True}
    with OnBehalfOfCredential(COLORS, MIDDLE, **known) as credential:
        first = credential.get_token(COLORS_READ)
        assert_on_bens_behalf(first.token)
        assert credential.get_token(COLORS_READ).token == first.token  # from its cache


def test_azure_identity_asynchronous(live: LiveServer, assertion: str):
    async def tokens() -> list[str]:
        # Its transport makes its TLS context when aiohttp is imported, so the CA is named where it can still be heard.
        known = {**credential_arguments(live, assertion), "connection_verify": str(live.bundle)}
        async with aio.OnBehalfOfCredential(COLORS, MIDDLE, **known) as credential:
            return [(await credential.get_token(COLORS_READ)).token for _ in range(2)]

    first, again = asyncio.run(tokens())
    assert_on_bens_behalf(first)
    assert again == first


def test_azure_identity_is_told_why_it_is_refused(live: LiveServer, assertion: str):
    known = {**credential_arguments(live, assertion), "client_secret": "wrong", "disable_instance_discovery": True}
    with (
        OnBehalfOfCredential(COLORS, MIDDLE, **known) as credential,
        pytest.raises(ClientAuthenticationError, match="AADSTS7000215"),
    ):
        credential.get_token(COLORS_READ)


# ---- Node ----


def test_node(live: LiveServer, ben: Person, assertion: str):
    settings = {
        "authority": live.authority,
        "origin": live.origin,
        "host": f"localhost:{live.port}",
        "tenantId": COLORS,
        "clientId": MIDDLE,
        "clientSecret": SECRET,
        "assertion": assertion,
        "stranger": users_token(live, ben, COLORS_READ),
        "scope": COLORS_READ,
    }
    said = run("on_behalf_of.mjs", live, ben, **settings)
    assert_on_bens_behalf(said["first"])
    assert_on_bens_behalf(said["viaIdentity"])
    assert said["cached"] == [True, True]
    assert said["refused"] == {"errorCode": "invalid_grant", "errorNo": 500131}

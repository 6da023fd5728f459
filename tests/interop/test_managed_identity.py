"""Programs with a managed identity, unchanged: the environment variables that `entrada up` prints, and nothing else.

MSAL Python, azure-identity (synchronous and asynchronous), @azure/identity and @azure/msal-node, each by both of Azure's
local endpoints.
"""

import asyncio
import base64
import json
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from azure.core.exceptions import ClientAuthenticationError
from azure.identity import CredentialUnavailableError, DefaultAzureCredential, ManagedIdentityCredential, aio
from msal import (  # type: ignore[import-untyped]
    ManagedIdentityClient,
    SystemAssignedManagedIdentity,
    UserAssignedManagedIdentity,
)
from requests import Session

from entrada.core.directory.derived_id import service_principal_id
from entrada.core.directory.ids import ClientId, TenantId
from tests.drivers.live_server import COLORS, COLORS_API, MULTI, REPSYS, LiveServer, live_server
from tests.interop.node_program import run
from tests.interop.person import Person
from tests.plugins.postgres import free_port

pytestmark = pytest.mark.interop

DAEMON = "c0105000-0000-4000-8000-0000000dae01"
RESOURCE = f"api://{COLORS_API}"
SCOPE = f"{RESOURCE}/.default"
AZURE = re.compile(r"(AZURE|IDENTITY|MSI|IMDS)_")
REFUSED = (CredentialUnavailableError, ClientAuthenticationError)


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveServer]:
    folder: Path = tmp_path_factory.mktemp("managed-identity")
    options = ("--no-samples", "--managed-identity", f"{DAEMON},{MULTI}", "--managed-identity-port", str(free_port()))
    with live_server(folder / "data", *options) as server:
        yield server


@pytest.fixture(params=["App Service", "machine"])
def environment(request: pytest.FixtureRequest, live: LiveServer, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """That of a program on the machine: the printed line, and nothing of this machine's own settings."""
    [line] = re.findall(rf"{request.param} +export (.+)", live.log.read_text())
    variables = dict(word.split("=", 1) for word in line.split())
    for name in list(os.environ):
        if AZURE.match(name):
            monkeypatch.delenv(name)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    return variables


def principal_id(app_id: str) -> str:
    return service_principal_id(TenantId(COLORS), ClientId(app_id))


def claims_of(token: str) -> dict[str, Any]:
    payload = token.split(".")[1]
    claims: dict[str, Any] = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    return claims


def assert_daemons(token: str) -> None:
    claims = claims_of(token)
    assert (claims["azp"], claims["azpacr"], claims["aud"], claims["tid"]) == (DAEMON, "2", COLORS_API, COLORS)
    assert claims["roles"] == ["Colors.ReadAll"]
    assert claims["sub"] == claims["oid"]


# ---- MSAL Python ----


@pytest.mark.usefixtures("environment")
def test_msal_python():
    with Session() as session:
        client = ManagedIdentityClient(SystemAssignedManagedIdentity(), http_client=session)
        first = client.acquire_token_for_client(resource=RESOURCE)
        assert first["token_source"] == "identity_provider", first
        assert_daemons(first["access_token"])
        assert 3590 <= first["expires_in"] <= 3600
        again = client.acquire_token_for_client(resource=RESOURCE)
        assert (again["access_token"], again["token_source"]) == (first["access_token"], "cache")


@pytest.mark.usefixtures("environment")
def test_msal_python_names_another_identity():
    object_id = principal_id(MULTI)
    for named in ({"client_id": MULTI}, {"object_id": object_id}, {"resource_id": "/x/Multi-tenant web app"}):
        with Session() as session:
            client = ManagedIdentityClient(UserAssignedManagedIdentity(**named), http_client=session)
            result = client.acquire_token_for_client(resource=RESOURCE)
        assert claims_of(result["access_token"])["oid"] == object_id


@pytest.mark.usefixtures("environment")
def test_msal_python_is_told_why_it_is_refused():
    with Session() as session:
        stranger = ManagedIdentityClient(UserAssignedManagedIdentity(client_id=REPSYS), http_client=session)
        assert "AADSTS700016" in stranger.acquire_token_for_client(resource=RESOURCE)["error_description"]
        client = ManagedIdentityClient(SystemAssignedManagedIdentity(), http_client=session)
        assert "AADSTS500011" in client.acquire_token_for_client(resource="api://nobody")["error_description"]


# ---- azure-identity ----


@pytest.mark.usefixtures("environment")
@pytest.mark.parametrize("make", [ManagedIdentityCredential, DefaultAzureCredential])
def test_azure_identity_synchronous(make: Any):
    with make() as credential:
        first = credential.get_token(SCOPE)
        assert_daemons(first.token)
        assert credential.get_token(SCOPE).token == first.token  # from its cache


@pytest.mark.usefixtures("environment")
@pytest.mark.parametrize("make", [aio.ManagedIdentityCredential, aio.DefaultAzureCredential])
def test_azure_identity_asynchronous(make: Any):
    async def tokens() -> list[str]:
        async with make() as credential:
            return [(await credential.get_token(SCOPE)).token for _ in range(2)]

    first, again = asyncio.run(tokens())
    assert_daemons(first)
    assert again == first


@pytest.mark.usefixtures("environment")
def test_azure_identity_names_another_identity():
    with ManagedIdentityCredential(client_id=MULTI) as credential:
        assert claims_of(credential.get_token(SCOPE).token)["azp"] == MULTI

    async def token() -> str:
        async with aio.ManagedIdentityCredential(identity_config={"object_id": principal_id(MULTI)}) as credential:
            return (await credential.get_token(SCOPE)).token

    assert claims_of(asyncio.run(token()))["azp"] == MULTI


@pytest.mark.usefixtures("environment")
def test_azure_identity_is_told_why_it_is_refused():
    with ManagedIdentityCredential(client_id=REPSYS) as credential, pytest.raises(REFUSED, match="AADSTS700016"):
        credential.get_token(SCOPE)


@pytest.mark.parametrize("environment", ["App Service"], indirect=True)
def test_a_guessed_header_opens_nothing(environment: dict[str, str], monkeypatch: pytest.MonkeyPatch):
    assert environment["IDENTITY_HEADER"] != "guessed"
    monkeypatch.setenv("IDENTITY_HEADER", "guessed")
    with ManagedIdentityCredential() as credential, pytest.raises(REFUSED, match="AADSTS7000215"):
        credential.get_token(SCOPE)


# ---- Node ----


def test_node(live: LiveServer, ben: Person, environment: dict[str, str]):
    asked = {"scope": SCOPE, "resource": RESOURCE, "otherId": MULTI, "strangerId": REPSYS}
    said = run("managed_identity.mjs", live, ben, environment, **asked)
    for token in said["tokens"]:
        assert_daemons(token)
    assert claims_of(said["other"])["azp"] == MULTI
    assert said["cached"] == [True, True]
    assert said["source"] == ("AppService" if "IDENTITY_HEADER" in environment else "DefaultToImds")
    assert "AADSTS700016" in said["stranger"]["message"]

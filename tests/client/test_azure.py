"""Our credentials at azure-core: its protocols, its policy with a claims challenge, a pipeline of an SDK, and `aio`."""

import asyncio
import base64
import json

import pytest
from azure.core import AsyncPipelineClient, PipelineClient
from azure.core.credentials import SupportsTokenInfo, TokenCredential
from azure.core.credentials_async import AsyncSupportsTokenInfo, AsyncTokenCredential
from azure.core.pipeline.policies import AsyncBearerTokenCredentialPolicy, BearerTokenCredentialPolicy, RetryPolicy
from azure.core.pipeline.transport import AsyncHttpTransport, HttpTransport
from azure.core.rest import HttpRequest

from entrada.client import (
    AsyncAzureCredential,
    AsyncClient,
    AzureCredential,
    BadSettings,
    Client,
    MachineIdentity,
    Settings,
)
from entrada.client.authority import entra_authority
from entrada.client.driver import silent
from tests.client.fake_authority import CLIENT, NOW, TENANT, FakeAuthority, said

AUTHORITY = f"https://login.example/{TENANT}"
APP = Settings(authority=entra_authority(AUTHORITY), client_id=CLIENT, client_secret="s3")
SCOPE = "https://vault.example/.default"
CLAIMS = '{"access_token":{"nbf":{"essential":true,"value":"1800000000"}}}'
CHALLENGE = f'Bearer error="insufficient_claims", claims="{base64.urlsafe_b64encode(CLAIMS.encode()).decode()}"'


def authority():
    return FakeAuthority(
        issuer=f"https://login.example/{TENANT}/v2.0",
        answer={"id_token": None, "refresh_in": 1800, "access_token": "at-1"},
    )


def client(there):
    return Client(APP, send=there, clock=lambda: NOW)


def async_client(there):
    async def send(call):
        return there(call)

    return AsyncClient(APP, send=send, clock=lambda: NOW)


class Answered:
    """What azure-core calls a response, as far as its pipeline looks."""

    def __init__(self, request, status, headers):
        self.request, self.status_code, self.headers = request, status, headers
        self.reason, self.content_type = "", "application/json"

    def raise_for_status(self):
        assert self.status_code < 400


class Vault(HttpTransport):
    """A resource that wants more claims of the first token it sees."""

    def __init__(self):
        self.seen = []

    def send(self, request, **_):
        self.seen.append(request.headers["Authorization"])
        first = len(self.seen) == 1
        return Answered(request, 401 if first else 200, {"WWW-Authenticate": CHALLENGE} if first else {})

    def open(self):
        pass

    def close(self):
        pass

    def __exit__(self, *_):
        pass


class AsyncVault(AsyncHttpTransport):
    def __init__(self):
        self.inner = Vault()

    async def send(self, request, **_):
        return self.inner.send(request)

    async def open(self):
        pass

    async def close(self):
        pass

    async def __aexit__(self, *_):
        pass


def test_azure_core_takes_them_for_credentials():
    credential = AzureCredential(client(authority()))
    assert isinstance(credential, TokenCredential)
    assert isinstance(credential, SupportsTokenInfo)
    awaited = AsyncAzureCredential(async_client(authority()))
    assert isinstance(awaited, AsyncTokenCredential)
    assert isinstance(awaited, AsyncSupportsTokenInfo)


def test_what_they_answer():
    credential = AzureCredential(client(authority()))
    token, expires_on = credential.get_token(SCOPE, tenant_id=TENANT, enable_cae=True, something_new=1)
    info = credential.get_token_info(SCOPE, options={"tenant_id": TENANT, "enable_cae": True})
    assert (token, expires_on) == ("at-1", NOW + 3600)
    assert (info.token, info.expires_on, info.refresh_on, info.token_type) == ("at-1", NOW + 3600, NOW + 1800, "Bearer")
    assert "at-1" not in repr(info) + repr(credential.get_token(SCOPE))


def test_a_resource_of_another_tenant_gets_none():
    there = authority()
    with pytest.raises(BadSettings, match="asks for a token of the tenant"):
        AzureCredential(client(there)).get_token(SCOPE, tenant_id="9e7a1500-0000-4000-8000-000000000001")
    assert there.calls == []


def test_a_pipeline_answers_a_claims_challenge():
    there, vault = authority(), Vault()
    credential = AzureCredential(client(there))
    policies = [RetryPolicy(), BearerTokenCredentialPolicy(credential, SCOPE)]
    with PipelineClient("https://vault.example", policies=policies, transport=vault) as pipeline:
        there.first = [
            said({"token_type": "Bearer", "access_token": name, "expires_in": 3600}) for name in ("at-1", "at-2")
        ]
        assert pipeline.send_request(HttpRequest("GET", "https://vault.example/s")).status_code == 200
    assert vault.seen == ["Bearer at-1", "Bearer at-2"]
    assert json.loads(there.forms[-1]["claims"]) == json.loads(CLAIMS)


def test_an_asynchronous_pipeline_answers_one_too():
    there, vault = authority(), AsyncVault()
    there.first = [
        said({"token_type": "Bearer", "access_token": name, "expires_in": 3600}) for name in ("at-1", "at-2")
    ]

    async def called():
        async with AsyncAzureCredential(async_client(there)) as credential:
            policies = [AsyncBearerTokenCredentialPolicy(credential, SCOPE)]
            async with AsyncPipelineClient("https://vault.example", policies=policies, transport=vault) as pipeline:
                return await pipeline.send_request(HttpRequest("GET", "https://vault.example/s"))

    assert asyncio.run(called()).status_code == 200
    assert vault.inner.seen == ["Bearer at-1", "Bearer at-2"]


def test_of_a_person():
    there = FakeAuthority(device={"interval": 1}, answer={"refresh_token": "rt"})
    signed_in = Client(
        Settings(authority=entra_authority("https://login.example/organizations"), client_id=CLIENT),
        send=there, tell=silent, clock=lambda: NOW,
    )  # fmt: skip
    account = signed_in.sign_in_by_device_code([SCOPE]).account
    assert AzureCredential(signed_in, account=account).get_token(SCOPE).token == "at"
    assert there.count("/token") == 1


def test_of_a_machine():
    asked = []

    def machine(call):
        asked.append(call.url)
        return said({"access_token": "at-m", "expires_in": "3600", "token_type": "Bearer"})

    with AzureCredential(MachineIdentity(environment={}, send=machine, clock=lambda: NOW)) as credential:
        assert credential.get_token(SCOPE, tenant_id=TENANT).token == "at-m"
        assert credential.get_token(SCOPE).token == "at-m"
    assert len(asked) == 1

"""Programs that act for themselves, on Microsoft's own libraries, against a live server over TLS.

MSAL Python, azure-identity (synchronous and asynchronous), @azure/msal-node and @azure/identity, each with the constructor
arguments that its documentation names: by secret, by certificate, by another issuer's token.
"""

import asyncio
import base64
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from attrs import frozen
from azure.core.exceptions import ClientAuthenticationError
from azure.identity import (
    CertificateCredential,
    ClientAssertionCredential,
    ClientSecretCredential,
    DefaultAzureCredential,
    WorkloadIdentityCredential,
    aio,
)
from msal import ConfidentialClientApplication  # type: ignore[import-untyped]

from tests.drivers.assertions import Certified, certified
from tests.drivers.live_server import COLORS, COLORS_API, LiveServer, live_server
from tests.interop.external_issuer import AUDIENCE, SUBJECT, ExternalIssuer, external_issuer
from tests.interop.node_program import run
from tests.interop.person import Person

pytestmark = [pytest.mark.interop, pytest.mark.usefixtures("trusting")]

PAINTER = "c0105000-0000-4000-8000-00000000da11"
SECRET = "painter-secret-of-enough-characters"
SCOPE = f"api://{COLORS_API}/.default"
ONE = certified("painter")
REGISTRATION = """
tenants:
  - id: {tenant}
    displayName: Colors
    domains: [colors.example]
    applications:
      - appId: {client}
        displayName: Painter
        passwordCredentials: [{{displayName: test, secretText: {secret}}}]
        keyCredentials: [{{displayName: test, key: {certificate}}}]
        federatedIdentityCredentials:
          - {{name: test, issuer: "{issuer}", subject: "{subject}", audiences: ["{audience}"]}}
    appRoleAssignments:
      - {{clientAppId: {client}, resourceAppId: {api}, appRole: Colors.ReadAll}}
"""


@pytest.fixture(scope="module")
def issuer() -> Iterator[ExternalIssuer]:
    with external_issuer() as made:
        yield made


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory, issuer: ExternalIssuer) -> Iterator[LiveServer]:
    folder: Path = tmp_path_factory.mktemp("daemons")
    with live_server(folder / "data", "--no-samples", ENTRADA_EGRESS_ALLOW="localhost") as server:
        _register(server, issuer, folder / "painter.yaml")
        yield server


def _register(server: LiveServer, issuer: ExternalIssuer, file: Path) -> None:
    text = REGISTRATION.format(
        tenant=COLORS,
        client=PAINTER,
        secret=SECRET,
        certificate=ONE.base64,
        issuer=issuer.url,
        subject=SUBJECT,
        audience=AUDIENCE,
        api=COLORS_API,
    )
    file.write_text(text)
    command = [str(Path(sys.executable).parent / "entrada"), "apply", "--yes", "-f", str(file)]
    said = subprocess.run(
        [*command, "--data-dir", str(server.folder)], capture_output=True, text=True, check=False, env=os.environ
    )
    assert said.returncode == 0, said.stderr + said.stdout


def claims_of(token: str) -> dict[str, Any]:
    payload = token.split(".")[1]
    return json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))


def assert_painters(token: str, proof: str) -> None:
    claims = claims_of(token)
    assert (claims["azp"], claims["azpacr"], claims["aud"], claims["tid"]) == (PAINTER, proof, COLORS_API, COLORS)
    assert claims["roles"] == ["Colors.ReadAll"]
    assert claims["sub"] == claims["oid"]
    assert "scp" not in claims


# ---- MSAL Python ----


def msal_token(live: LiveServer, credential: Any) -> dict[str, Any]:
    app = ConfidentialClientApplication(
        PAINTER, authority=live.authority, client_credential=credential, instance_discovery=False
    )
    try:
        first = app.acquire_token_for_client([SCOPE])
        if "access_token" in first:
            again = app.acquire_token_for_client([SCOPE])
            assert (again["access_token"], again["token_source"]) == (first["access_token"], "cache")
        return first
    finally:
        app.http_client.close()


# fmt: off
CREDENTIALS = [  # as the documentation of ConfidentialClientApplication shows them
    pytest.param(lambda _: SECRET,                                                                       "1", id="secret"),
    pytest.param(lambda _: {"private_key": ONE.key_pem, "public_certificate": ONE.certificate_pem},      "2", id="certificate: PS256 by x5t#S256"),
    pytest.param(lambda _: {"private_key": ONE.key_pem, "thumbprint": ONE.sha1.hex()},                   "2", id="thumbprint alone: RS256 by x5t"),
    pytest.param(lambda issuer: {"client_assertion": issuer.token},                                      "2", id="another issuer's token"),
]
# fmt: on


@pytest.mark.parametrize(("credential", "proof"), CREDENTIALS)
def test_msal_python(live: LiveServer, issuer: ExternalIssuer, credential: Callable[[ExternalIssuer], Any], proof: str):
    result = msal_token(live, credential(issuer))
    assert "access_token" in result, result
    assert_painters(result["access_token"], proof)
    assert result["expires_in"] == 3599


def test_msal_python_is_told_why_it_is_refused(live: LiveServer, issuer: ExternalIssuer):
    other = certified("somebody else")
    refused = [
        msal_token(live, "wrong"),
        msal_token(live, {"private_key": other.key_pem, "public_certificate": other.certificate_pem}),
        msal_token(live, {"client_assertion": lambda: issuer.token(subject="somebody else")}),
        msal_token(live, {"client_assertion": lambda: issuer.token(key="somebody else")}),
    ]
    assert [one["error_codes"] for one in refused] == [[7000215], [700027], [700213], [700027]]
    assert {one["error"] for one in refused} == {"invalid_client"}


def test_the_issuer_is_asked_for_its_keys_once(live: LiveServer, issuer: ExternalIssuer):
    msal_token(live, {"client_assertion": issuer.token})
    issuer.asked.clear()
    for _ in range(3):
        assert "access_token" in msal_token(live, {"client_assertion": issuer.token})
    assert issuer.asked == []


# ---- azure-identity ----


@frozen
class Places:
    live: LiveServer
    issuer: ExternalIssuer
    folder: Path

    @property
    def certificate(self) -> Path:
        return self._file("painter.pem", ONE.pem)

    @property
    def token(self) -> Path:
        return self._file("token", self.issuer.token())

    def _file(self, name: str, content: str) -> Path:
        file = self.folder / name
        file.write_text(content)
        return file


@pytest.fixture
def places(live: LiveServer, issuer: ExternalIssuer, tmp_path: Path) -> Places:
    return Places(live, issuer, tmp_path)


def known(places: Places) -> dict[str, Any]:
    return {"authority": places.live.origin, "disable_instance_discovery": True}


# fmt: off
MADE: list[Any] = [  # the credential of a module (azure.identity or azure.identity.aio), the proof
    pytest.param("ClientSecretCredential",     lambda make, there: make(COLORS, PAINTER, SECRET, **known(there)),                              "1", id="ClientSecretCredential"),
    pytest.param("CertificateCredential",      lambda make, there: make(COLORS, PAINTER, str(there.certificate), **known(there)),              "2", id="CertificateCredential"),
    pytest.param("CertificateCredential",      lambda make, there: make(COLORS, PAINTER, certificate_data=ONE.pem.encode(), send_certificate_chain=True, **known(there)), "2", id="CertificateCredential with its chain"),
    pytest.param("ClientAssertionCredential",  lambda make, there: make(COLORS, PAINTER, there.issuer.token, authority=there.live.origin),     "2", id="ClientAssertionCredential"),
    pytest.param("WorkloadIdentityCredential", lambda make, there: make(tenant_id=COLORS, client_id=PAINTER, token_file_path=str(there.token), authority=there.live.origin), "2", id="WorkloadIdentityCredential"),
]
SYNCHRONOUS = {one.__name__: one for one in (CertificateCredential, ClientAssertionCredential, ClientSecretCredential, WorkloadIdentityCredential)}
# fmt: on


@pytest.mark.parametrize(("name", "make", "proof"), MADE)
def test_azure_identity(places: Places, name: str, make: Callable[..., Any], proof: str):
    with make(SYNCHRONOUS[name], places) as credential:
        assert_painters(credential.get_token(SCOPE).token, proof)


@pytest.mark.parametrize(("name", "make", "proof"), MADE)
def test_azure_identity_asynchronous(places: Places, name: str, make: Callable[..., Any], proof: str):
    async def token() -> str:
        # Its transport makes its TLS context when aiohttp is imported, so the CA is named where it can still be heard.
        kind = getattr(aio, name)
        trusting = lambda *given, **named: kind(*given, **named, connection_verify=str(places.live.bundle))  # noqa: E731
        async with make(trusting, places) as credential:
            return (await credential.get_token(SCOPE)).token

    assert_painters(asyncio.run(token()), proof)


def test_azure_identity_is_told_why_it_is_refused(places: Places):
    with (
        ClientSecretCredential(COLORS, PAINTER, "wrong", **known(places)) as credential,
        pytest.raises(ClientAuthenticationError, match="AADSTS7000215"),
    ):
        credential.get_token(SCOPE)


def test_a_pod_needs_environment_variables_alone(places: Places, monkeypatch: pytest.MonkeyPatch):
    """What Azure's webhook gives a Kubernetes pod, and code that names nothing."""
    environment = {
        "AZURE_TENANT_ID": COLORS,
        "AZURE_CLIENT_ID": PAINTER,
        "AZURE_FEDERATED_TOKEN_FILE": str(places.token),
        "AZURE_AUTHORITY_HOST": places.live.origin,
    }
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    with DefaultAzureCredential() as credential:
        assert_painters(credential.get_token(SCOPE).token, "2")


# ---- Node ----


def test_node(live: LiveServer, issuer: ExternalIssuer, ben: Person, tmp_path: Path):
    token_file = tmp_path / "token"
    token_file.write_text(issuer.token())
    settings: dict[str, Any] = {
        "authority": live.authority,
        "origin": live.origin,
        "host": f"localhost:{live.port}",
        "tenantId": COLORS,
        "clientId": PAINTER,
        "clientSecret": SECRET,
        "certificate": _for_node(ONE),
        "assertion": issuer.token(),
        "stranger": issuer.token(key="somebody else"),
        "tokenFile": str(token_file),
        "scope": SCOPE,
    }
    said = run("daemon.mjs", live, ben, **settings)
    for name, found in said["viaMsal"].items():
        assert_painters(found["accessToken"], "1" if name == "secret" else "2")
    for name, found in said["viaIdentity"].items():
        assert_painters(found["token"], "1" if name == "secret" else "2")
    assert said["refused"] == {"errorCode": "invalid_client", "errorNo": 700027}
    assert "AADSTS7000215" in said["wrongSecret"]["message"]


def _for_node(one: Certified) -> dict[str, str]:
    return {
        "privateKey": one.key_pem,
        "certificatePem": one.certificate_pem,
        "sha1": one.sha1.hex(),
        "sha256": one.sha256.hex(),
    }

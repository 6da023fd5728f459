"""The authorization code lab of Azure's documentation, done by Graph requests alone; then MSAL Python gets its token."""

from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import httpx2
import pytest
from attrs import define
from msal import ConfidentialClientApplication, PublicClientApplication  # type: ignore[import-untyped]

from tests.drivers.live_server import CLI, LiveServer
from tests.interop.person import People, Person
from tests.interop.test_msal_python import claims_of

pytestmark = [
    pytest.mark.interop,
    pytest.mark.usefixtures("trusting"),
    pytest.mark.filterwarnings("ignore:response_mode='form_post' is recommended:UserWarning"),
]

GRAPH = "https://graph.microsoft.com"
CALLBACK = "https://localhost:8443/developer/signin-oauth/code/callback/lab"


@define
class Administrator:
    """Sends what a script of an administrator would send."""

    http: httpx2.Client
    origin: str
    token: str

    def send(self, method: str, path: str, body: object = None) -> Any:
        answer = self.http.request(
            method, f"{self.origin}/v1.0{path}", json=body, headers={"Authorization": f"Bearer {self.token}"}
        )
        assert answer.is_success, f"{method} {path}: {answer.status_code} {answer.text}"
        return answer.json() if answer.content else None


@pytest.fixture
def ada(people: People) -> Person:
    return people("ada@colors.example")


@pytest.fixture
def administrator(live: LiveServer, ada: Person) -> Iterator[Administrator]:
    app = PublicClientApplication(CLI, authority=live.authority, instance_discovery=False)
    scopes = [f"{GRAPH}/Application.ReadWrite.All", f"{GRAPH}/DelegatedPermissionGrant.ReadWrite.All"]
    flow = app.initiate_auth_code_flow(scopes, redirect_uri="http://localhost")
    result = app.acquire_token_by_auth_code_flow(flow, ada.fields(flow["auth_uri"]))
    app.http_client.close()
    assert "error" not in result, result
    with live.client() as http:
        yield Administrator(http, live.origin, result["access_token"])


def register_backend(administrator: Administrator) -> dict[str, Any]:
    made: dict[str, Any] = administrator.send("POST", "/applications", {"displayName": "oauth-backend-app"})
    uri, scope_id = f"api://{made['appId']}", str(uuid4())
    scope = {
        "id": scope_id,
        "value": "Colors.Read",
        "type": "User",
        "isEnabled": True,
        "adminConsentDisplayName": "Read colors",
        "adminConsentDescription": "The app reads the colors that the signed-in user may see.",
    }
    change = {"identifierUris": [uri], "api": {"requestedAccessTokenVersion": 2, "oauth2PermissionScopes": [scope]}}
    administrator.send("PATCH", f"/applications/{made['id']}", change)
    principal = administrator.send("POST", "/servicePrincipals", {"appId": made["appId"]})
    return {**made, "uri": uri, "scope_id": scope_id, "principal": principal["id"]}


def register_client(administrator: Administrator, backend: dict[str, Any]) -> dict[str, Any]:
    made: dict[str, Any] = administrator.send("POST", "/applications", {"displayName": "oauth-client-app"})
    where = f"/applications/{made['id']}"
    added = administrator.send("POST", f"{where}/addPassword", {"passwordCredential": {"displayName": "lab"}})
    access = {"resourceAppId": backend["appId"], "resourceAccess": [{"id": backend["scope_id"], "type": "Scope"}]}
    web = {"redirectUris": [CALLBACK], "implicitGrantSettings": {"enableIdTokenIssuance": True}}
    administrator.send(
        "PATCH", where, {"api": {"requestedAccessTokenVersion": 2}, "requiredResourceAccess": [access], "web": web}
    )
    principal = administrator.send("POST", "/servicePrincipals", {"appId": made["appId"]})
    return {**made, "secret": added["secretText"], "principal": principal["id"]}


def test_the_lab_by_graph_requests(live: LiveServer, administrator: Administrator, ben: Person):
    backend = register_backend(administrator)
    client = register_client(administrator, backend)
    grant = {
        "clientId": client["principal"],
        "consentType": "AllPrincipals",
        "resourceId": backend["principal"],
        "scope": "Colors.Read",
    }
    administrator.send("POST", "/oauth2PermissionGrants", grant)
    app = ConfidentialClientApplication(
        client["appId"], client_credential=client["secret"], authority=live.authority, instance_discovery=False
    )
    flow = app.initiate_auth_code_flow([f"{backend['uri']}/Colors.Read"], redirect_uri=CALLBACK)
    result = app.acquire_token_by_auth_code_flow(flow, ben.fields(flow["auth_uri"]))
    app.http_client.close()
    assert "error" not in result, result
    claims = claims_of(result["access_token"])
    assert (claims["aud"], claims["scp"], claims["ver"]) == (backend["appId"], "Colors.Read", "2.0")
    assert (claims["azp"], claims["preferred_username"]) == (client["appId"], "ben@colors.example")
    stored = administrator.send("GET", f"/applications/{client['id']}")
    assert [one.get("secretText") for one in stored["passwordCredentials"]] == [None]

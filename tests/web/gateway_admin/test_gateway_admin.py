"""The gateway's admin API: Azure's nouns and names, Graph's manners."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest
from attrs import define, field

from entrada.core.directory.derived_id import service_principal_id
from entrada.core.directory.gateway_record import GatewayRecord
from entrada.core.directory.ids import ClientId, TenantId
from entrada.core.directory.microsoft_graph import APP_ROLES, graph_principal
from entrada.core.directory.service_principal import AppRoleAssignment
from entrada.core.protocol.effects import PutEntity, RemoveEntity
from entrada.server.usecases.gateway.load import load_configuration
from entrada.server.web.gateway_admin.table import TABLE
from tests.plugins.platforms import InProcess
from tests.usecases.acting import audits
from tests.web.seats import COLORS, DAEMON, commit

TENANT = TenantId(COLORS)
API = {"displayName": "Shades", "path": "shades", "serviceUrl": "https://shades.example"}
OPERATION = {"displayName": "List", "method": "GET", "urlTemplate": "/"}
SERVER = {
    "displayName": "Login",
    "authorizationEndpoint": "https://x.example/authorize",
    "tokenEndpoint": "https://x.example/token",
    "clientId": "c",
    "clientSecret": "hush hush",
}
POLICY = (
    "<policies>\n <inbound>\n  <base />\n  <set-header name='a'><value>b</value></set-header>\n </inbound>\n</policies>"
)
OPENAPI = json.dumps(
    {
        "openapi": "3.0.3",
        "info": {"title": "Shop", "version": "1"},
        "paths": {"/orders": {"get": {"responses": {"200": {"description": "ok"}}}}},
    }
)


@define
class Admin:
    there: InProcess
    token: str = field(repr=False)

    def __call__(self, method: str, path: str, body: Any = None, expected: int = 200, **headers: str) -> Any:
        given = {
            "authorization": f"Bearer {self.token}",
            **{name.replace("_", "-"): it for name, it in headers.items()},
        }
        answer = self.there.client.request(method, f"/gateway/v1{path}", json=body, headers=given)
        assert answer.status_code == expected, answer.text
        return answer.json() if answer.content else None


def holding(there: InProcess, *names: str) -> Admin:
    """A program that holds these app roles."""
    principal = service_principal_id(TENANT, ClientId(DAEMON))
    ids = {one.value: one.id for one in APP_ROLES}
    for name in names:
        role = AppRoleAssignment(
            tenant_id=TENANT, principal_id=principal, resource_id=graph_principal(TENANT).id, app_role_id=ids[name]
        )
        commit(there.platform.here.store, PutEntity(role))
    form = {
        "grant_type": "client_credentials",
        "client_id": DAEMON,
        "client_secret": "daemon-dev-secret",
        "scope": "https://graph.microsoft.com/.default",
    }
    token: str = there.client.post(f"/{COLORS}/oauth2/v2.0/token", data=form).json()["access_token"]
    for name in names:
        store = there.platform.here.store
        key = (TENANT, principal, graph_principal(TENANT).id, ids[name])
        assigned = asyncio.run(store.find_entity(AppRoleAssignment, key))
        assert assigned is not None
        commit(store, RemoveEntity(assigned))
    return Admin(there, token)


@pytest.fixture(scope="module")
def admin(shared: InProcess) -> Admin:
    return holding(shared, "Gateway.ReadWrite.All")


@pytest.fixture(scope="module")
def reader(shared: InProcess) -> Admin:
    return holding(shared, "Gateway.Read.All")


@pytest.fixture(autouse=True)
def emptied(shared: InProcess) -> Any:
    """What a test makes is gone after it."""
    yield
    store = shared.platform.here.store
    for one in asyncio.run(store.list_entities(GatewayRecord, TENANT)):
        commit(store, RemoveEntity(one))


def test_an_api_is_put_patched_and_deleted(admin: Admin, reader: Admin) -> None:
    made = admin("PUT", "/apis/shades", API, 201)
    assert (made["id"], made["protocols"], made["@odata.etag"]) == ("shades", ["https"], 'W/"1"')
    changed = admin("PATCH", "/apis/shades", {"description": "All", "protocols": ["https", "http"]}, if_match='W/"1"')
    assert (changed["description"], changed["path"], changed["@odata.etag"]) == ("All", "shades", 'W/"2"')
    assert reader("GET", "/apis/shades") == changed
    late = admin("PATCH", "/apis/shades", {"description": "x"}, 412, if_match='W/"1"')
    assert late["error"]["details"][0]["target"] in {"description", "protocols"}
    assert admin("PATCH", "/apis/shades", {"description": None})["description"] == ""
    replaced = admin("PUT", "/apis/shades", API)
    assert replaced["protocols"] == ["https"]
    assert [one["id"] for one in reader("GET", "/apis")["value"]] == ["shades"]
    admin("DELETE", "/apis/shades", None, 204)
    assert reader("GET", "/apis/shades", None, 404)["error"]["code"] == "Request_ResourceNotFound"


def test_who_may(shared: InProcess, reader: Admin) -> None:
    reader("PUT", "/apis/shades", API, 403)
    reader("POST", "/namedValues/x/listValue", None, 403)
    other = holding(shared, "Application.Read.All")
    for row in TABLE:
        path = row.path.replace("{id}", "a").replace("{api}", "b")
        other(row.method, path, {} if row.takes else None, 403)
        assert shared.client.request(row.method, f"/gateway/v1{path}").status_code == 401


def test_what_is_wrong_is_named(admin: Admin) -> None:
    error = admin("PUT", "/apis/shades", {**API, "colour": "red", "protocols": "https"}, 400)["error"]
    assert {one["target"] for one in error["details"]} == {"colour", "protocols"}
    assert admin("PUT", "/apis/shades", {**API, "path": "/shades"}, 400)["error"]["target"] == "path"
    assert admin("PUT", "/apis/shades", {**API, "id": "other"}, 400)["error"]["target"] == "id"
    admin("GET", "/nothing", None, 404)
    admin("POST", "/apis", {}, 405)
    assert admin.there.client.options("/gateway/v1/apis").status_code == 204


def test_operations_and_policies(admin: Admin) -> None:
    admin("PUT", "/apis/shades", API, 201)
    admin("PUT", "/apis/shades/operations/list", OPERATION, 201)
    saved = admin("PUT", "/apis/shades/policy", {"format": "rawxml", "value": POLICY})
    assert (saved["value"], saved["id"]) == (POLICY, "apis/shades")
    broken = admin(
        "PUT", "/apis/shades/operations/list/policy", {"value": "<policies>\n<inbound><no-such/></inbound>"}, 400
    )
    assert broken["error"]["details"][0]["target"] == "apis/shades/operations/list"
    of_all = "<policies><inbound><set-variable name='a' value='b' /></inbound></policies>"
    assert admin("PUT", "/policy", {"value": of_all})["id"] == "global"
    sections = admin("GET", "/apis/shades/effectivePolicy?operation=list")["sections"]
    assert [(one["element"], one["scope"], one["line"]) for one in sections["inbound"]] == [
        ("set-variable", "global", 1),
        ("set-header", "apis/shades", 4),
    ]
    admin("GET", "/apis/shades/effectivePolicy?operation=none", None, 404)
    admin("DELETE", "/apis/shades/policy", None, 204)
    admin("GET", "/apis/shades/policy", None, 404)


def test_products_and_subscriptions(admin: Admin, reader: Admin) -> None:
    admin("PUT", "/apis/shades", API, 201)
    admin("PUT", "/products/starter", {"displayName": "Starter", "state": "published"}, 201)
    admin("PUT", "/products/starter/apis/shades", None, 204)
    assert [one["id"] for one in admin("GET", "/products/starter/apis")["value"]] == ["shades"]
    made = admin("PUT", "/subscriptions/one", {"displayName": "One", "scope": "/products/starter"}, 201)
    assert not {"primaryKey", "secondaryKey"} & made.keys()
    keys = admin("POST", "/subscriptions/one/listSecrets")
    reader("POST", "/subscriptions/one/listSecrets", None, 403)
    assert len(keys["primaryKey"]) == 32
    admin("POST", "/subscriptions/one/regeneratePrimaryKey", None, 204)
    admin("PATCH", "/subscriptions/one", {"state": "suspended"})
    after = admin("POST", "/subscriptions/one/listSecrets")
    assert (after["primaryKey"] != keys["primaryKey"], after["secondaryKey"] == keys["secondaryKey"]) == (True, True)
    admin("DELETE", "/products/starter", None, 400)
    admin("DELETE", "/products/starter?deleteSubscriptions=true", None, 204)
    assert admin("GET", "/subscriptions")["value"] == []


def test_secrets_are_shown_by_a_request_of_their_own(admin: Admin, reader: Admin) -> None:
    made = admin("PUT", "/authorizationServers/login", SERVER, 201)
    assert "hush" not in str(made) + str(reader("GET", "/authorizationServers"))
    admin("PATCH", "/authorizationServers/login", {"description": "d"})
    assert admin("POST", "/authorizationServers/login/listSecrets")["clientSecret"] == "hush hush"
    admin("PUT", "/namedValues/key", {"displayName": "key", "secret": True, "value": "hush hush"}, 201)
    assert "hush" not in str(reader("GET", "/namedValues/key"))
    admin("PUT", "/namedValues/key", {"displayName": "key", "secret": True, "tags": ["a"]})
    assert admin("POST", "/namedValues/key/listValue") == {"value": "hush hush"}
    provider = {"displayName": "O", "metadataEndpoint": "https://x.example/m", "clientId": "c", "clientSecret": "hush"}
    admin("PUT", "/openidConnectProviders/oidc", provider, 201)
    assert admin("POST", "/openidConnectProviders/oidc/listSecrets") == {"clientSecret": "hush"}
    assert "hush" not in str(audits(admin.there.platform.here))
    secured = {**API, "authenticationSettings": {"oAuth2AuthenticationSettings": [{"authorizationServerId": "login"}]}}
    admin("PUT", "/apis/shades", secured, 201)
    admin("DELETE", "/authorizationServers/login", None, 409)
    admin("DELETE", "/authorizationServers/login?force=true", None, 204)


def test_an_api_is_imported(admin: Admin) -> None:
    body = {"id": "shop", "path": "shop", "format": "openapi", "value": OPENAPI, "subscriptionRequired": False}
    made = admin("POST", "/apis/import", body, 201)
    assert (made["displayName"], made["subscriptionRequired"]) == ("Shop", False)
    assert len(admin("GET", "/apis/shop/operations")["value"]) == 1
    assert admin("POST", "/apis/import", {**body, "value": "{}"}, 400)["error"]["details"]
    assert admin("POST", "/apis/import", {**body, "format": "wsdl"}, 400)["error"]["target"] == "format"
    assert admin("POST", "/apis/import", {**body, "path": 7}, 400)["error"]["target"] == "path"


def test_what_it_is_for_programs(shared: InProcess) -> None:
    described = shared.client.get("/gateway/v1/openapi.json").json()
    assert set(described["paths"]) == {row.path for row in TABLE}
    assert described["paths"]["/apis"]["get"]["description"] == "Needs Gateway.Read.All or Gateway.ReadWrite.All."


def test_nothing_was_left_by_what_was_refused(admin: Admin) -> None:
    admin("PUT", "/apis/shades/policy", {"value": POLICY}, 400)
    assert asyncio.run(load_configuration(admin.there.platform.here, TENANT)).policies == {}

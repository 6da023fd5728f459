"""How Graph answers over HTTP, whatever is asked: envelopes, pages, versions, and bodies that are none."""

import asyncio
from urllib.parse import parse_qs, urlsplit

import pytest
from attrs import evolve

from entrada.core.directory.administration.actor import Actor, Via
from entrada.core.directory.ids import TenantId
from entrada.server.web.graph.in_process import ask
from entrada.testing import ORIGIN
from tests.web.seats import COLORS, COLORS_API, PETALS
from tests.web.test_revoke_sign_in_sessions import token_of

OPERATOR = Actor(tenant_id=TenantId(COLORS), via=Via.COMMAND_LINE, correlation_id="x", operator=True)
API = f"/v1.0/applications(appId='{COLORS_API}')"
JSON = {"content-type": "application/json"}


@pytest.fixture(scope="module")
def admin(shared):
    token = token_of(shared, "Directory.AccessAsUser.All", "ada@colors.example")

    def call(method, path, **more):
        headers = {"authorization": f"Bearer {token}", **more.pop("headers", {})}
        return shared.client.request(method, path, headers=headers, **more)

    return call


def error_of(answer):
    return answer.status_code, answer.json()["error"]["code"]


def test_one_object(admin):
    answer = admin("GET", API)
    assert answer.json()["@odata.context"] == f"{ORIGIN}/v1.0/$metadata#applications/$entity"
    assert answer.headers["etag"] == answer.json()["@odata.etag"] == 'W/"1"'
    assert {"request-id", "client-request-id"} < set(answer.headers)
    named = admin("GET", f"/v1.0/applications('{answer.json()['id']}')?$select=id,displayName")
    assert set(named.json()) == {"@odata.context", "@odata.etag", "id", "displayName"}
    assert named.json()["@odata.context"].endswith("#applications(id,displayName)/$entity")
    head = admin("HEAD", API)
    assert (head.status_code, head.content, head.headers["etag"]) == (200, b"", 'W/"1"')


def test_pages_lead_from_one_to_the_next(admin):
    link, seen, pages = "/v1.0/users?$top=2&$count=true&$orderby=displayName desc", [], 0
    while link:
        page = admin("GET", link).json()
        assert page["@odata.count"] == 5
        seen += [one["displayName"] for one in page["value"]]
        link, pages = page.get("@odata.nextLink"), pages + 1
    assert (pages, seen) == (3, sorted(seen, reverse=True))
    assert len(seen) == 5


def test_page_tokens_are_for_one_request_of_one_tenant(shared, admin):
    link = urlsplit(admin("GET", "/v1.0/users?$top=1").json()["@odata.nextLink"])
    (token,) = parse_qs(link.query)["$skiptoken"]
    assert admin("GET", f"/v1.0/users?$top=3&$skiptoken={token}").status_code == 200
    for path in (
        f"/v1.0/groups?$skiptoken={token}",
        f"/v1.0/users?$orderby=displayName&$skiptoken={token}",
        f"/v1.0/users?$filter=accountEnabled eq true&$skiptoken={token}",
        f"/v1.0/users?$skiptoken={token[:-2]}AA",
        "/v1.0/users?$skiptoken=2",
        "/v1.0/users?$skiptoken=" + "A" * 20_000,
    ):
        assert admin("GET", path).status_code == 400, path
    elsewhere = evolve(OPERATOR, tenant_id=TenantId(PETALS))
    status, _ = asyncio.run(ask(shared.platform.here, elsewhere, "GET", f"/users?$skiptoken={token}"))
    assert status == 400


def test_a_change_on_what_was_seen(in_process):
    def do(*asked, **more):
        return asyncio.run(ask(in_process.platform.here, OPERATOR, *asked, **more))

    path = f"/applications(appId='{COLORS_API}')"
    assert do("PATCH", path, {"notes": "one"}, seen='W/"1"') == (204, None)
    status, answer = do("PATCH", path, {"notes": "two"}, seen='W/"1"')
    assert (status, answer["error"]["code"]) == (412, "PreconditionFailed")
    assert "notes" in str(answer["error"]["details"])
    assert do("GET", path)[1]["notes"] == "one"
    assert do("PATCH", path, {"notes": "three"}, seen="*")[0] == 204
    for tag in ("1", 'W/"x"', 'W/"1", W/"2"', '""', ""):
        expected = 204 if tag == "" else 400
        assert do("PATCH", path, {"notes": "four"}, seen=tag)[0] == expected, tag


# fmt: off
BODIES = [
    pytest.param(b"{",                                  JSON, (400, "Request_BadRequest"),          id="no JSON"),
    pytest.param(b"[]",                                 JSON, (400, "Request_BadRequest"),          id="no object"),
    pytest.param(b'{"displayName":"a","displayName":"b"}', JSON, (400, "Request_BadRequest"),       id="a member twice"),
    pytest.param(b'{"displayName":NaN}',                JSON, (400, "Request_BadRequest"),          id="no number"),
    pytest.param(b'{"displayName":"\xff"}',             JSON, (400, "Request_BadRequest"),          id="not UTF-8"),
    pytest.param(b'{"x":' + b"[" * 40 + b"]" * 40 + b"}", JSON, (400, "Request_BadRequest"),        id="deep"),
    pytest.param(b'{"x":' + b"[" * 90_000,              JSON, (400, "Request_BadRequest"),          id="a bomb"),
    pytest.param(b'{"displayName":"' + b"x" * 1_048_576 + b'"}', JSON, (413, "RequestEntityTooLarge"), id="large"),
    pytest.param(b'{"displayName":"x"}',                {}, (415, "UnsupportedMediaType"),          id="of no type"),
    pytest.param(b'{"displayName":"x"}', {"content-type": "text/plain"}, (415, "UnsupportedMediaType"), id="of another type"),
    pytest.param(b'{"displayName":"x"}', {"content-type": "application/json; charset=utf-16"}, (415, "UnsupportedMediaType"), id="of another charset"),
]
ADDRESSES = [
    pytest.param("GET",    "/v1.0/nothing",               (404, "ResourceNotFound"),          id="nothing"),
    pytest.param("GET",    "/v1.0/applications/a/b/c/d",  (404, "ResourceNotFound"),          id="too deep"),
    pytest.param("GET",    "/v1.0/users(appId='x')",      (404, "ResourceNotFound"),          id="a key of others"),
    pytest.param("GET",    "/v1.0/users/a%0Ab",           (404, "Request_ResourceNotFound"),  id="a line break"),
    pytest.param("DELETE", "/v1.0/applications",          (405, "MethodNotAllowed"),          id="another method"),
    pytest.param("GET",    "/v1.0/users/$count",          (400, "Request_UnsupportedQuery"),  id="count without the header"),
    pytest.param("GET",    "/v1.0/users?$select=password", (400, "Request_BadRequest"),       id="an unknown member"),
    pytest.param("GET",    "/v1.0/users?$top=1&$top=2",   (400, "Request_BadRequest"),        id="an option twice"),
]
# fmt: on


@pytest.mark.parametrize(("body", "headers", "refused"), BODIES)
def test_bodies_that_are_none(admin, body, headers, refused, untouched):
    assert error_of(admin("POST", "/v1.0/applications", content=body, headers=headers)) == refused


@pytest.mark.parametrize(("method", "path", "refused"), ADDRESSES)
def test_addresses_and_options_that_are_none(admin, method, path, refused):
    answer = admin(method, path)
    assert error_of(answer) == refused
    if answer.status_code == 405:
        assert answer.headers["allow"] == "GET, HEAD, OPTIONS, POST"


def test_what_is_preferred(in_process):
    token = token_of(in_process, "Directory.AccessAsUser.All", "ada@colors.example")
    headers = {"authorization": f"Bearer {token}", **JSON}
    full = in_process.client.patch(API, json={"notes": "x"}, headers={**headers, "prefer": "return=representation"})
    assert (full.status_code, full.json()["notes"], full.headers["etag"]) == (200, "x", 'W/"2"')
    least = {**headers, "prefer": "return=minimal"}
    made = in_process.client.post("/v1.0/applications", json={"displayName": "x"}, headers=least)
    assert (made.status_code, made.content) == (204, b"")
    assert in_process.client.get(made.headers["location"], headers=headers).json()["displayName"] == "x"


def test_scripts_of_other_origins_may_ask(shared):
    answer = shared.client.options("/v1.0/applications", headers={"origin": "https://app.example"})
    assert answer.status_code == 204
    assert "PATCH" in answer.headers["access-control-allow-methods"]
    assert "if-match" in answer.headers["access-control-allow-headers"]


def test_descriptions_need_no_token(shared):
    described = shared.client.get("/v1.0/openapi.json").json()
    assert described["openapi"] == "3.1.0"
    assert "/applications/{id}/addPassword" in described["paths"]
    metadata = shared.client.get("/v1.0/$metadata")
    assert metadata.headers["content-type"].startswith("application/xml")
    assert '<EntityType Name="application">' in metadata.text


# What is told is what is described: neither more nor less.
KINDS = [
    "applications",
    "servicePrincipals",
    "groups",
    "oauth2PermissionGrants",
    "directoryRoles",
    "organization",
    "domains",
]


@pytest.mark.parametrize("name", KINDS)
def test_objects_have_the_members_that_are_described(shared, name):
    schemas = shared.client.get("/v1.0/openapi.json").json()
    page = schemas["paths"][f"/{name}"]["get"]["responses"]["200"]["content"]["application/json"]["schema"]
    kind = page["properties"]["value"]["items"]["$ref"].rpartition("/")[2]
    described = set(schemas["components"]["schemas"][kind]["properties"])
    _, answer = asyncio.run(ask(shared.platform.here, OPERATOR, "GET", f"/{name}"))
    seldom = {"serviceManagementReference"}  # where there is one
    for one in answer["value"]:
        assert set(one) - seldom == described - seldom

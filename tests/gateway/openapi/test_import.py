"""An OpenAPI document becomes an API with operations.  Gateway reference section 15."""

import json
from typing import Any

import pytest
from attrs import evolve

from entrada.core.gateway.entities import api
from entrada.core.gateway.entities.authorization_server import AuthorizationServer, GrantType
from entrada.core.gateway.entities.ids import ApiId, AuthorizationServerId, OpenIdProviderId, OperationId
from entrada.core.gateway.entities.openid_provider import OpenIdProvider
from entrada.core.gateway.entities.operation import Operation, Parameter, Representation
from entrada.core.gateway.openapi.binding import fitting, proposed
from entrada.core.gateway.openapi.imported import Imported, Need, SchemeType, normalised
from entrada.core.gateway.openapi.merge import merged
from tests.gateway.openapi.documents import COLORS, GOOD, imported, kennel, spoiled

DOG = {"$ref": "#/components/schemas/Dog"}


@pytest.fixture(scope="module")
def dogs() -> Imported:
    return imported(kennel())


def operation(found: Imported, name: str) -> Operation:
    return next(one for one in found.operations if one.id == name)


def test_the_api(dogs: Imported):
    made = dogs.api(ApiId(dogs.suggested_id), "dogs")
    assert (made.id, made.display_name, made.path) == ("kennel", "Kennel", "dogs")
    assert made.description == "Dogs, and *whom* they live with.\n"
    assert made.service_url == "https://eu.kennel.example/v1"
    assert made.terms_of_service_url == "https://kennel.example/terms"
    assert list(api.problems(made)) == []


def test_the_operations(dogs: Imported):
    assert [(one.id, one.display_name, one.method, one.url_template) for one in dogs.operations] == [
        ("list-the-dogs", "List the dogs", "GET", "/dogs?breed={breed}"),
        ("post-dogs", "Take a dog in", "POST", "/dogs"),
        ("getdog", "getDog", "GET", "/dogs/{name}"),
        ("delete-dogs-name", "DELETE /dogs/{name}", "DELETE", "/dogs/{name}"),
        ("list-the-dogs-1", "list-the-dogs", "GET", "/dogs/{name}/photo/{size}.png"),
    ]
    assert operation(dogs, "list-the-dogs").description == "All of them."
    assert operation(dogs, "post-dogs").description == "It needs a name."


def test_parameters(dogs: Imported):
    listing = operation(dogs, "list-the-dogs")
    breeds = ("poodle", "terrier")
    assert listing.template_parameters == (
        Parameter(name="breed", required=True, values=breeds, default_value="poodle"),
    )
    assert listing.request.query_parameters == (
        Parameter(name="limit", type="integer", description="How many", default_value="10"),
        Parameter(name="filter[age]", type="integer", required=True, example="3"),
    )
    assert listing.request.headers == (Parameter(name="X-Trace", required=True, description="Of this call"),)
    assert operation(dogs, "getdog").template_parameters == (Parameter(name="name", required=True, example="Rex"),)
    assert operation(dogs, "list-the-dogs-1").template_parameters == (
        Parameter(name="name", required=True),  # that nobody described
        Parameter(name="size", required=True, values=("1", "2")),
    )


def test_required_query_parameters_stay_out_of_the_template_where_that_is_wanted():
    found = operation(imported(kennel(), required_query_in_template=False), "list-the-dogs")
    assert found.url_template == "/dogs"
    assert [one.name for one in found.request.query_parameters] == ["limit", "breed", "filter[age]"]


def test_a_query_parameter_of_the_name_of_a_path_parameter_stays_out_of_the_template():
    document = spoiled("paths", "/dogs/{name}", "parameters", by=[{"name": "name", "in": "query", "required": True}])
    (found,) = imported(document).operations
    assert found.url_template == "/dogs/{name}"
    assert [one.name for one in found.request.query_parameters] == ["name"]


def test_requests(dogs: Imported):
    asked = operation(dogs, "post-dogs").request
    text_of = "#/components/requestBodies/Dog/content/text~1json/schema"
    assert asked.description == "The dog"
    assert asked.representations == (
        Representation(content_type="application/json", schema={"$ref": text_of}),
        Representation(content_type="text/json", schema={"$ref": "#/components/schemas/Dog/$defs/New"}),
    )
    assert dogs.schemas[text_of] == {"$ref": "#/components/schemas/Dog/$defs/New"}
    assert operation(dogs, "list-the-dogs").request.representations == ()  # the body of a GET


def test_responses(dogs: Imported):
    (listed,) = operation(dogs, "list-the-dogs").responses
    assert (listed.status_code, listed.description) == (200, "Those that there are")
    total = Parameter(name="x-total", type="integer", description="All in all", example="3")
    assert listed.headers == (total,)
    as_json, as_csv = listed.representations
    assert as_json.schema == {"type": "array", "items": DOG}
    shown = {name: json.loads(text) for name, text in as_json.examples.items()}
    assert shown == {"two": [{"name": "Rex"}, {"name": "Ada"}], "none": []}
    assert as_csv == Representation(content_type="text/csv", examples={"default": "name\nRex"})
    taken = operation(dogs, "post-dogs").responses
    assert [(one.status_code, one.description) for one in taken] == [
        (201, "Taken in"), (400, "What went wrong"), (404, "No room"),
    ]  # fmt: skip
    assert taken[0].representations[0].examples == {"default": '{"name": "Rex"}'}  # JSON that stood in a text
    assert [one.status_code for one in operation(dogs, "getdog").responses] == [200]  # all that is said of it


def test_schemas_are_kept_as_they_are_written(dogs: Imported):
    document = kennel()
    for name, schema in document["components"]["schemas"].items():
        assert dogs.schemas[name] == schema


def test_what_is_left_out_is_told(dogs: Imported):
    assert [one.pointer for one in dogs.remarks] == [
        "#/webhooks",
        "#/paths/~1dogs/servers",
        "#/paths/~1dogs/get/parameters/3",
        "#/paths/~1dogs",
        "#/paths/~1dogs/get/requestBody",
        "#/paths/~1dogs/get/responses/200/links",
        "#/paths/~1dogs/get/responses/200/content/application~1json/examples/far",
        "#/paths/~1dogs/get/responses/default",
        "#/paths/~1dogs/post/callbacks",
        "#/servers",
    ]
    assert "filter[age]" in str(dogs.remarks[3])


# ---- where the backend is ----

# fmt: off
SERVERS = [  # servers, where the document was, the backend
    pytest.param([],                                                            None,                    "",                     id="none"),
    pytest.param(["http://a.example/v1/", "https://b.example"],                 None,                    "https://b.example",    id="the first with https"),
    pytest.param(["http://127.0.0.1:5001"],                                     None,                    "http://127.0.0.1:5001", id="http where there is no other"),
    pytest.param(["/v2"],                                                       None,                    "",                     id="relative, to nothing"),
    pytest.param(["/v2"],                                                       "https://c.example/docs/openapi.json", "https://c.example/v2", id="relative to the host"),
    pytest.param(["../v2/"],                                                    "https://c.example/docs/openapi.json", "https://c.example/v2", id="relative to the document"),
    pytest.param(["/v2", "https://b.example/"],                                 None,                    "https://b.example",    id="one that is not relative"),
]
# fmt: on


@pytest.mark.parametrize(("urls", "source", "backend"), SERVERS)
def test_the_backend(urls: list[str], source: str | None, backend: str):
    assert imported(spoiled("servers", by=[{"url": url} for url in urls]), source).service_url == backend


def test_a_relative_server_is_told_of():
    assert [one.pointer for one in imported(spoiled("servers", by=[{"url": "/"}])).remarks] == ["#/servers/0/url"]


# ---- ids and names ----

# fmt: off
IDS = [
    ("List_the  Dogs!", "list-the-dogs"), ("getDog", "getdog"), ("--a--b--", "a-b"), ("äb", "b"), ("", ""), ("日本", ""),
    ("x" * 100, "x" * 76), ("x" * 75 + "-y", "x" * 75), ("GET /dogs/{name}", "get-dogs-name"),
]
# fmt: on


@pytest.mark.parametrize(("text", "name"), IDS)
def test_ids(text: str, name: str):
    assert normalised(text) == name


def test_operations_of_one_id_are_numbered():
    one = {"operationId": "a", "responses": {}}
    found = imported(
        spoiled(
            "paths",
            by={"/1": {"get": one}, "/2": {"get": one}, "/3": {"get": {**one, "operationId": "A-1"}}, "/": {"get": {}}},
        )
    )
    assert [each.id for each in found.operations] == ["a", "a-1", "a-1-1", "get"]


def test_names_are_cut_and_stand_on_one_line():
    found = imported(spoiled("paths", by={"/": {"get": {"summary": "a\n\x00b " + "c" * 400}}}))
    (made,) = found.operations
    assert made.display_name == "a b " + "c" * 296


# ---- security ----


def test_security_schemes_are_read(dogs: Imported):
    by_name = {one.name: one for one in dogs.security.schemes}
    assert [one.type for one in by_name.values()] == [
        SchemeType.OAUTH2, SchemeType.API_KEY, SchemeType.HTTP, SchemeType.OPENID_CONNECT, SchemeType.MUTUAL_TLS,
    ]  # fmt: skip
    code, credentials = by_name["kennelmaster"].flows
    assert (code.grant_type, code.authorization_url) == (
        GrantType.AUTHORIZATION_CODE,
        "https://login.example/authorize",
    )
    assert (code.token_url, list(code.scopes)) == ("https://login.example/token", ["dogs.read", "dogs.write"])
    assert credentials.grant_type is GrantType.CLIENT_CREDENTIALS
    assert (by_name["key"].parameter, by_name["key"].where) == ("X-Key", "header")
    assert by_name["bearer"].http_scheme == "bearer"
    assert by_name["oidc"].openid_connect_url.endswith("/.well-known/openid-configuration")


def test_what_an_operation_needs(dogs: Imported):
    assert dogs.security.needed_by(OperationId("getdog")) == ((Need("kennelmaster", ("dogs.read",)),), ())
    assert dogs.security.needed_by(OperationId("post-dogs")) == ((Need("kennelmaster", ("dogs.write",)), Need("key")),)
    assert dogs.security.needed_by(OperationId("list-the-dogs-1")) == ()


SERVER = AuthorizationServer(
    id=AuthorizationServerId("k"),
    display_name="K",
    authorization_endpoint="https://login.example/authorize",
    token_endpoint="https://login.example/token",
    client_id="c",
)
PROVIDER = OpenIdProvider(
    id=OpenIdProviderId("o"),
    display_name="O",
    metadata_endpoint="https://login.example/.well-known/openid-configuration",
    client_id="c",
)


def test_settings_that_are_there_already_are_found(dogs: Imported):
    others = (
        evolve(SERVER, id=AuthorizationServerId("t"), token_endpoint="https://other.example/token"),
        evolve(SERVER, id=AuthorizationServerId("n"), token_endpoint="", authorization_endpoint=""),
    )
    found = fitting(
        dogs.security, (*others, SERVER), (evolve(PROVIDER, metadata_endpoint="https://x.example"), PROVIDER)
    )
    assert [one.authorization_server_id for one in found.oauth2] == ["k"]
    assert [one.openid_provider_id for one in found.openid] == ["o"]
    nothing = fitting(imported(GOOD).security, (SERVER, *others), (PROVIDER,))
    assert (nothing.oauth2, nothing.openid) == ((), ())


def test_a_server_is_proposed_of_a_scheme(dogs: Imported):
    made = [proposed(one) for one in dogs.security.schemes]
    assert made[0] == AuthorizationServer(
        id=AuthorizationServerId("kennelmaster"),
        display_name="kennelmaster",
        description="Of the kennel",
        authorization_endpoint="https://login.example/authorize",
        token_endpoint="https://login.example/token",
        grant_types=(GrantType.AUTHORIZATION_CODE, GrantType.CLIENT_CREDENTIALS),
        default_scope="dogs.read dogs.write",
    )
    assert made[1:] == [None] * 4


# ---- the file that ships ----


def test_the_colors():
    found = imported(json.loads(COLORS.read_text()))
    assert [(one.id, one.method, one.url_template) for one in found.operations] == [
        ("list-colors", "GET", "/colors"),
        ("create-color", "POST", "/colors"),
        ("random-color", "GET", "/colors/random"),
        ("get-color", "GET", "/colors/{name}"),
        ("wash", "POST", "/admin/wash"),
    ]
    assert found.remarks == ()
    assert set(found.schemas) == {"Color", "Colors", "HTTPValidationError", "ValidationError", "Washed"}
    assert found.security.needed_by(OperationId("wash")) == ((Need("entrada"),),)


def test_3_1_without_paths():
    assert imported({"openapi": "3.1.0", "info": {"title": "A"}, "components": {}}).operations == ()


# ---- again ----


def made(name: str, id: str, method: str, template: str) -> Operation:  # noqa: A002 - its name
    return Operation(id=OperationId(id), display_name=name, method=method, url_template=template)


# fmt: off
AGAIN: list[Any] = [  # before, now, the ids from now on, the ids that are gone
    pytest.param([("a", "GET", "/a")], [("a", "POST", "/b")], ["a"], [], id="the id says it"),
    pytest.param([("A_b", "GET", "/a")], [("a-b", "GET", "/b")], ["A_b"], [], id="the id, as it would be written now"),
    pytest.param([("x", "GET", "/a")], [("a", "GET", "/a")], ["x"], [], id="method and template say it"),
    pytest.param([("x", "GET", "/a")], [("a", "POST", "/a")], ["a"], ["x"], id="another method"),
    pytest.param([("x", "GET", "/a"), ("y", "GET", "/b")], [("y", "GET", "/a")], ["y"], ["x"], id="the id before the template"),
    pytest.param([("x", "GET", "/a"), ("y", "GET", "/b")], [("y", "GET", "/a"), ("x", "GET", "/b")], ["y", "x"], [], id="ids that changed places"),
    pytest.param([("A", "GET", "/1"), ("a", "GET", "/2")], [("a", "GET", "/3")], ["a"], ["A"], id="the very id first"),
    pytest.param([], [("a", "GET", "/a")], ["a"], [], id="the first time"),
    pytest.param([("a", "GET", "/a")], [], [], ["a"], id="nothing is left"),
]
# fmt: on


@pytest.mark.parametrize(("before", "now", "ids", "gone"), AGAIN)
def test_again(before: Any, now: Any, ids: list[str], gone: list[str]):
    result, removed = merged([made("old", *one) for one in before], [made("new", *one) for one in now])
    assert [one.id for one in result] == ids
    assert [one.display_name for one in result] == ["new"] * len(now)
    assert [(one.method, one.url_template) for one in result] == [tuple(one[1:]) for one in now]
    assert [one.id for one in removed] == gone


def test_what_the_author_of_an_api_decided_stays(dogs: Imported):
    before = evolve(dogs.api(ApiId("d"), "pets"), display_name="Pets", service_url="http://127.0.0.1:1", schemas={})
    after = dogs.renewed(before)
    assert (after.id, after.path, after.service_url) == ("d", "pets", "http://127.0.0.1:1")
    assert (after.display_name, after.schemas) == ("Kennel", dogs.schemas)

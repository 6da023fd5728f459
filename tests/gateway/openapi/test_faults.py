"""What is wrong with a document is told, all of it, with its place and what to write instead."""

import json
import time
from typing import Any

import pytest

from entrada.core.gateway.openapi.reading import MOST_TOLD
from tests.gateway.openapi.documents import GOOD, faults, imported, spoiled

GET = ("paths", "/dogs/{name}", "get")
CONTENT = (*GET, "responses", "200", "content")
MEDIA = (*CONTENT, "application/json")
AT_GET = "#/paths/~1dogs~1{name}/get"
AT_MEDIA = f"{AT_GET}/responses/200/content/application~1json"

# fmt: off
ROWS = [  # what is spoiled, where it is told, in which words
    pytest.param(spoiled("openapi", by="2.0"),                     "#/openapi",            "3.0 and 3.1",      id="an older version"),
    pytest.param(spoiled("openapi", by="3.2.0"),                   "#/openapi",            "3.0 and 3.1",      id="a newer version"),
    pytest.param(spoiled("openapi", by=None),                      "#/openapi",            "no OpenAPI",       id="no version"),
    pytest.param({"swagger": "2.0", "info": {}},                   "#/swagger",            "swagger2openapi",  id="Swagger"),
    pytest.param({},                                               "#/openapi",            "no OpenAPI",       id="nothing"),
    pytest.param(spoiled("info", by=None),                         "#/info/title",         "no title",         id="no title"),
    pytest.param(spoiled("info", by=[]),                           "#/info/title",         "no title",         id="info that is a list"),
    pytest.param({"openapi": "3.0.0", "info": {"title": "A"}},     "#/paths",              "no paths",         id="no paths"),
    pytest.param(spoiled("paths", by=[]),                          "#/paths",              "a list",           id="paths that are a list"),
    pytest.param(spoiled("paths", "dogs", by={"get": {}}),         "#/paths/dogs",         "a slash",          id="a path without a slash"),
    pytest.param(spoiled("paths", "/a b", by={"get": {}}),         "#/paths/~1a b",        "path and query",   id="a space in a path"),
    pytest.param(spoiled("paths", "/a#b", by={"get": {}}),         "#/paths/~1a#b",        "path and query",   id="a fragment in a path"),
    pytest.param(spoiled("paths", "/{a b}", by={"get": {}}),       "#/paths/~1{a b}",      "path and query",   id="a name that is none"),
    pytest.param(spoiled("paths", "/{a}/{a}", by={"get": {}}),     "#/paths/~1{a}~1{a}",   "twice",            id="a name twice"),
    pytest.param(spoiled("paths", "/" + "a" * 1000, by={"get": {}}), "#/paths/~1" + "a" * 199, "at most 1000",  id="a long path"),
    pytest.param(spoiled(*GET, by="x"),                            AT_GET,                 "a text",           id="an operation that is a text"),
    pytest.param(spoiled(*GET, "summary", by=["x"]),               f"{AT_GET}/summary",    "a list",           id="a summary that is a list"),
    pytest.param(spoiled(*GET, "summary", by=True),                f"{AT_GET}/summary",    "true or false",    id="a summary that is true"),
    pytest.param(spoiled(*GET, "parameters", by={}),               f"{AT_GET}/parameters", "an object",        id="parameters that are no list"),
    pytest.param(spoiled(*GET, "parameters", "0", by=3),           f"{AT_GET}/parameters/0", "a number",       id="a parameter that is a number"),
    pytest.param(spoiled(*GET, "parameters", "0", "name", by=None), f"{AT_GET}/parameters/0/name", "no name",  id="a parameter without a name"),
    pytest.param(spoiled(*GET, "parameters", "0", "in", by="body"), f"{AT_GET}/parameters/0/in", "no place",   id="a parameter in the body"),
    pytest.param(spoiled(*GET, "parameters", "0", "name", by="id"), "#/paths/~1dogs~1{name}", "`id`",          id="a path parameter that the path lacks"),
    pytest.param(spoiled(*GET, "parameters", "0", by={"name": "X Y", "in": "header"}), f"{AT_GET}/parameters/0/name", "no name of a header", id="a header with a space"),
    pytest.param(spoiled(*GET, "parameters", "0", "required", by="yes"), f"{AT_GET}/parameters/0/required", "true or false", id="a flag that is a text"),
    pytest.param(spoiled(*GET, "parameters", "0", "schema", by=[]), f"{AT_GET}/parameters/0/schema", "a list",  id="a schema that is a list"),
    pytest.param(spoiled(*GET, "responses", "0200", by={}),        f"{AT_GET}/responses/0200", "no status",    id="a status of four digits"),
    pytest.param(spoiled(*GET, "responses", "200", by=None),       "",                     "",                 id="a response that is null is none"),
    pytest.param(spoiled(*GET, "responses", "200", "headers", by={"X Y": {}}), f"{AT_GET}/responses/200/headers/X Y", "no name of a header", id="a header of a response"),
    pytest.param(spoiled(*CONTENT, "json", by={}),                 f"{AT_GET}/responses/200/content/json", "no media type", id="a media type without a slash"),
    pytest.param(spoiled(*MEDIA, by="x"),                          AT_MEDIA,               "a text",           id="a media type that holds a text"),
    pytest.param(spoiled(*MEDIA, "schema", "properties", by={"a": 1}), f"{AT_MEDIA}/schema/properties/a", "a number", id="a property that is a number"),
    pytest.param(spoiled("components", "schemas", "Dog", by="x"),  "#/components/schemas/Dog", "a text",       id="a schema that is a text"),
    pytest.param(spoiled("servers", by=[{"url": "ftp://a.example"}]), "#/servers/0/url",    "no URL of a backend", id="a server of another kind"),
    pytest.param(spoiled("servers", by=[{"url": "https://a.example/?x=1"}]), "#/servers/0/url", "no URL of a backend", id="a server with a query"),
    pytest.param(spoiled("servers", by=[{"url": "https://{a}.example"}]), "#/servers/0/variables/a", "no default", id="a variable without a default"),
    pytest.param(spoiled("security", by=[{"a": []}]),              "#/security/0/a",       "not described",    id="a security scheme that is not described"),
    pytest.param(spoiled("components", "securitySchemes", by={"a": {"type": "basic"}}), "#/components/securitySchemes/a/type", "openIdConnect", id="a kind of security of Swagger"),
]
REFERENCES = [  # the reference, in which words
    pytest.param("other.yaml#/Dog",             "`other.yaml#/Dog` leads out",  id="another file"),
    pytest.param("https://a.example/x.json",    "leads out",                    id="another host"),
    pytest.param("#Dog",                        "an anchor",                    id="an anchor"),
    pytest.param("",                            "leads out",                    id="nothing"),
    pytest.param("a\nb",                        "unprintable",                  id="a line break"),
    pytest.param("#/components/schemas/Cat",    "leads nowhere",                id="no such schema"),
    pytest.param("#/components/schemas/Dog/type/x", "leads nowhere",            id="below a text"),
    pytest.param("#/paths/~1dogs~1{name}/get/parameters/1", "leads nowhere",    id="behind the end of a list"),
    pytest.param("#/paths/~1dogs~1{name}/get/parameters/\u0660", "leads nowhere",    id="a digit of another script"),
    pytest.param(7,                             "a number",                     id="a number"),
]
PLACES = [  # where a reference may stand
    pytest.param((*MEDIA, "schema"), f"{AT_MEDIA}/schema/$ref", id="schema"),
    pytest.param(("components", "schemas", "Dog", "properties", "mother"), "#/components/schemas/Dog/properties/mother/$ref", id="property"),
    pytest.param((*GET, "parameters", "0"), f"{AT_GET}/parameters/0/$ref", id="parameter"),
    pytest.param((*GET, "responses", "200"), f"{AT_GET}/responses/200/$ref", id="response"),
    pytest.param(("paths", "/dogs"), "#/paths/~1dogs/$ref", id="path"),
]
# fmt: on


@pytest.mark.parametrize(("document", "pointer", "words"), ROWS)
def test_a_fault(document: dict[str, Any], pointer: str, words: str):
    if not pointer:
        imported(document)
        return
    found = faults(document)
    assert [one.pointer for one in found if words in str(one)] == [pointer], found
    assert all(one.instead and one.what.endswith(".") for one in found)


@pytest.mark.parametrize(("place", "pointer"), PLACES)
@pytest.mark.parametrize(("reference", "words"), REFERENCES)
def test_a_reference_that_is_not_followed(place: tuple[str, ...], pointer: str, reference: Any, words: str):
    found = faults(spoiled(*place, by={"$ref": reference}))
    assert [one.pointer for one in found if words in one.what] == [pointer], found


def test_a_reference_within_data_is_none():
    imported(spoiled(*MEDIA, "schema", by={"enum": [{"$ref": "other.json"}], "default": {"$ref": "other.json"}}))


def test_references_that_lead_back_to_themselves():
    looped = {
        "A": {"$ref": "#/components/schemas/B"},
        "B": {"$ref": "#/components/schemas/A"},
        "C": {"$ref": "#/components/schemas/C"},
    }
    found = faults(spoiled("components", "schemas", by=looped))
    assert {one.pointer for one in found} == {f"#/components/schemas/{name}" for name in "ABC"}
    assert all("back to itself" in one.what for one in found)


def test_schemas_that_hold_themselves_are_taken():
    tree = {"properties": {"left": {"$ref": "#/components/schemas/Dog"}, "all": {"$ref": "#/components/schemas"}}}
    imported(spoiled("components", "schemas", "Dog", by=tree))


def test_every_fault_is_told():
    document = spoiled("info", by={"title": 3.5, "description": []})
    document["paths"]["no"] = {"get": {"parameters": "x", "responses": {"x": {}}}}
    document["servers"] = "x"
    assert {one.pointer for one in faults(document)} == {
        "#/info/description", "#/paths/no", "#/paths/no/get/parameters", "#/paths/no/get/responses/x", "#/servers",
    }  # fmt: skip


def test_a_fault_of_a_part_that_many_share_is_told_once():
    document = spoiled("components", "responses", by={"A": {"description": []}})
    document["paths"] = {
        f"/{n}": {"get": {"responses": {"200": {"$ref": "#/components/responses/A"}}}} for n in range(9)
    }
    assert [one.pointer for one in faults(document)] == ["#/components/responses/A/description"]


def test_not_more_faults_are_told_than_anybody_reads():
    document = spoiled("paths", by={f"no{n}": {"get": {}} for n in range(2 * MOST_TOLD)})
    assert len(faults(document)) <= 2 * MOST_TOLD


# ---- documents that are small, and would become large ----


def chained(count: int) -> dict[str, Any]:
    return {f"S{n}": {"$ref": f"#/components/schemas/S{n + 1}"} for n in range(count)} | {f"S{count}": {}}


def repeated() -> dict[str, Any]:
    """A large answer in many operations."""
    document = spoiled("components", by={"responses": {"A": {"description": "x" * 100_000}}})
    document["paths"] = {
        f"/{n}": {"get": {"responses": {"200": {"$ref": "#/components/responses/A"}}}} for n in range(4000)
    }
    return document


def repeated_paths() -> dict[str, Any]:
    item = {"get": {"responses": {"200": {"content": {"application/json": {"schema": {"enum": ["x" * 10] * 20_000}}}}}}}
    document = spoiled("components", by={"pathItems": {"A": item}})
    document["paths"] = {f"/{n}": {"$ref": "#/components/pathItems/A"} for n in range(4000)}
    return document


def deep(value: Any) -> Any:
    for _ in range(500):
        value = {"properties": {"a": value}}
    return value


# fmt: off
LARGE = [
    pytest.param(spoiled("components", "schemas", by=chained(20_000)),                    "and so on",      id="a chain of references"),
    pytest.param(repeated(),                                                               "too large",      id="a large part that is repeated"),
    pytest.param(repeated_paths(),                                                         "too large",      id="a large path that is repeated"),
    pytest.param(GOOD | {"paths": {f"/{n}": {"get": {}} for n in range(20_000)}},          "5000 operations", id="many operations"),
    pytest.param(GOOD | {"x": deep({})},                                                   "100 levels",     id="deep"),
]
# fmt: on


@pytest.mark.parametrize(("document", "words"), LARGE)
def test_what_would_become_large_is_refused_quickly(document: dict[str, Any], words: str):
    started = time.process_time()
    found = faults(document)
    assert any(words in one.what for one in found), found[:3]
    assert time.process_time() - started < 5


def test_a_document_of_four_megabytes_is_read():
    schema = {"type": "object", "properties": {f"p{n}": {"type": "string", "description": "x" * 50} for n in range(40)}}
    document = spoiled("components", "schemas", by={f"S{n}": schema for n in range(1000)})
    assert len(json.dumps(document)) > 3_800_000
    assert len(imported(document).schemas) == 1000

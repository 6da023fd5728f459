"""Whatever a document says, the answer is an import or faults with places; never an exception, and never late."""

import json
import time
from copy import deepcopy
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from entrada.core.gateway.entities import operation as rules
from entrada.core.gateway.openapi.imported import Imported
from entrada.core.gateway.openapi.merge import merged
from entrada.core.gateway.openapi.read import read_openapi
from entrada.core.gateway.schemas.sample import sample_of
from entrada.server.usecases.gateway.import_api import read_text
from tests.gateway.openapi.documents import COLORS, GOOD, kennel

NAMES = [
    "openapi", "info", "title", "servers", "url", "variables", "default", "paths", "/a", "/a/{b}", "get", "post", "parameters", "name", "in",
    "path", "query", "required", "schema", "content", "application/json", "example", "examples", "value", "requestBody", "responses", "200", "2XX",
    "headers", "X-A", "components", "schemas", "A", "properties", "items", "allOf", "enum", "type", "$ref", "security", "securitySchemes", "flows",
    "authorizationCode", "scopes", "x-a", "operationId", "summary", "description",
]  # fmt: skip
REFERENCES = [
    "#",
    "#/components/schemas/A",
    "#/paths/~1a",
    "#/info",
    "#/components/schemas/A/properties/A",
    "#/x",
    "x.json",
    "#/servers/0",
    "#//",
]
LEAVES = st.one_of(
    st.none(), st.booleans(), st.integers(-5, 2**70), st.floats(allow_nan=False, allow_infinity=False), st.text(max_size=5),
    st.sampled_from([*NAMES, *REFERENCES, "3.1.0", "3.0.3", "https://a.example", "{a}"]),
)  # fmt: skip
TREES = st.recursive(
    LEAVES,
    lambda inside: (
        st.lists(inside, max_size=3)
        | st.dictionaries(st.sampled_from(NAMES) | st.text(max_size=4), inside, max_size=4)
        | st.builds(lambda reference: {"$ref": reference}, st.sampled_from(REFERENCES))
    ),
    max_leaves=30,
)
DOCUMENTS = [GOOD, json.loads(COLORS.read_text()), kennel()]


def places(tree: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Of everything in it."""
    inside = tree.items() if isinstance(tree, dict) else enumerate(tree) if isinstance(tree, list) else ()
    return [path, *(place for name, value in inside for place in places(value, (*path, name)))]


PLACES = [(number, place) for number, document in enumerate(DOCUMENTS) for place in places(document) if place]


def put(document: Any, place: tuple[Any, ...], value: Any) -> Any:
    spoiled = deepcopy(document)
    at = spoiled
    for name in place[:-1]:
        at = at[name]
    at[place[-1]] = value
    return spoiled


def assert_sound(found: Any) -> None:
    if not isinstance(found, Imported):
        assert found
        assert all(one.pointer.startswith("#") and one.what and one.instead for one in found)
        return
    ids = [one.id for one in found.operations]
    assert len(set(ids)) == len(ids)
    assert [problem for one in found.operations for problem in rules.problems(one)] == []
    assert merged(found.operations, found.operations) == (found.operations, ())
    for one in found.schemas.values():
        json.dumps(sample_of(one, found.schemas))


@settings(max_examples=150, deadline=None)
@given(st.dictionaries(st.sampled_from(NAMES), TREES, max_size=6))
def test_anything(tree: Any):
    assert_sound(read_openapi({"openapi": "3.1.0", "info": {"title": "A"}, **tree}))
    assert_sound(read_openapi(tree))


@settings(max_examples=400, deadline=None)
@given(st.sampled_from(PLACES), TREES)
def test_anything_in_a_good_document(place: Any, tree: Any):
    number, path = place
    assert_sound(read_openapi(put(DOCUMENTS[number], path, tree)))


@pytest.mark.parametrize("number", range(len(DOCUMENTS)))
@pytest.mark.parametrize("value", [None, True, 3, "x", [], {}, {"$ref": "#"}], ids=repr)
def test_one_thing_everywhere(number: int, value: Any):
    for place in places(DOCUMENTS[number])[1 :: 2 if number else 1]:
        assert_sound(read_openapi(put(DOCUMENTS[number], place, value)))


LONG = 4_000_000
YAML = 1_000_000
# fmt: off
PATHOLOGICAL = [
    pytest.param("[" * YAML,                                             id="lists"),
    pytest.param('{"a":' * (LONG // 5),                                  id="objects"),
    pytest.param('{"a":[' * (LONG // 6),                                 id="objects and lists"),
    pytest.param('{"a":' + "[" * 300 + "]" * 300 + "}",                  id="deep, and whole"),
    pytest.param('{"a":"' + "\\" * LONG,                                 id="escapes"),
    pytest.param("{" * LONG,                                             id="braces"),
    pytest.param("a: " + "{b: " * (YAML // 4),                           id="YAML's braces"),
    pytest.param("- " * (YAML // 2),                                     id="dashes"),
    pytest.param("? " * (YAML // 2),                                     id="questions"),
    pytest.param("&a " * (YAML // 3),                                    id="anchors"),
    pytest.param("a: [" + "!a, " * (YAML // 4),                          id="many tags"),
    pytest.param("a: " + "\u2028" * YAML,                                id="separators"),
    pytest.param("a: 1\n" * (LONG // 5),                                 id="large YAML"),
    pytest.param("a: " + "!" * YAML,                                     id="tags"),
    pytest.param("a:\n" + " " * YAML + "b",                              id="blanks"),
    pytest.param("#" * YAML,                                             id="a comment"),
    pytest.param('{"openapi":"3.1.0","info":{"title":"A"},"paths":{' + ",".join(f'"/{n}":{{"$ref":"#/paths/~1{n + 1}"}}' for n in range(90_000)) + "}}", id="a chain of paths"),
    pytest.param('{"openapi":"3.1.0","info":{"title":"A"},"x":[' + "0," * (LONG // 2 - 100) + "0]}", id="nothing much, often"),
]
# fmt: on


@pytest.mark.parametrize("text", PATHOLOGICAL)
def test_four_megabytes_of_nonsense_are_refused_quickly(text: str):
    assert len(text) < 4 * 1024 * 1024 + 1
    started = time.process_time()
    assert read_text(text)
    assert time.process_time() - started < 8


PIECES = [
    "&a ", "*a", "!", "!!str ", "!<", "%YAML 1.1\n", "---\n", "...\n", "[", "]", "{", "}", ",", ": ", "- ", "? ", "|", ">-\n", '"', "'", "\\", "\t", "\r",
    "#", "<<: ", "\x00", "\ufeff", "\u2028", "\x85", "\U0001f337", "~", "0x", ".5", "@", "`", "\n", "\n\n  ", '"\\x', '"\\ud800"', "=", "1e5",
]  # fmt: skip
TEXT = "openapi: 3.0.0\ninfo: {title: A, x: [1, 'b', \"c\"]}\npaths:\n  /a:\n    get: &g\n      summary: |\n        long\n      tags:\n      - t\n  /b: *g\n"


@settings(max_examples=300, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, len(TEXT)), st.integers(0, 6), st.sampled_from(PIECES)), min_size=1, max_size=4)
)
def test_any_text(changes: list[tuple[int, int, str]]):
    text = TEXT
    for start, length, piece in changes:
        text = text[:start] + piece + text[start + length :]
    assert_sound(read_text(text))

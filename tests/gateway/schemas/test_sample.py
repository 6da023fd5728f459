"""A sample is what the author shows, else something that fits; it always comes to an end."""

import json
import time
from typing import Any

import jsonschema_rs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from entrada.core.gateway.entities.operation import Representation
from entrada.core.gateway.schemas.body import body_of, made_of
from entrada.core.gateway.schemas.kept import schema_at
from entrada.core.gateway.schemas.sample import MOST_VALUES, sample_of
from tests.gateway.openapi.documents import COLORS

NAME = {"type": "string", "example": "Rex"}
SCHEMAS: dict[str, Any] = {
    "Name": NAME,
    "Dog": {
        "type": "object",
        "required": ["name"],
        "properties": {"name": {"$ref": "#/components/schemas/Name"}, "mother": {"$ref": "#/components/schemas/Dog"}},
    },
    "List": {"type": "object", "required": ["next"], "properties": {"next": {"$ref": "#/components/schemas/List"}}},
    "Loop": {"$ref": "#/components/schemas/Loop"},
    "There": {"$ref": "#/components/schemas/Back"},
    "Back": {"allOf": [{"$ref": "#/components/schemas/There"}]},
    "Base": {"type": "object", "required": ["id"], "properties": {"id": {"type": "integer"}}},
    "A/B~": {"const": "slashed"},
    "Nested": {"$defs": {"In": {"const": "nested"}}},
    "#/paths/x": {"const": "elsewhere"},
}


def ref(name: str) -> dict[str, str]:
    return {"$ref": f"#/components/schemas/{name}"}


# fmt: off
SHOWN = [  # the schema, its sample
    pytest.param({"type": "string", "example": "a", "default": "b"},               "a",                   id="an example"),
    pytest.param({"type": "string", "examples": ["a"], "default": "b"},            "a",                   id="the first of several"),
    pytest.param({"type": "string", "examples": [], "default": "b"},               "b",                   id="none of no several"),
    pytest.param({"type": "string", "default": "b", "enum": ["a", "b"]},           "b",                   id="the default"),
    pytest.param({"default": False},                                               False,                 id="a default that is false"),
    pytest.param({"const": 7},                                                     7,                     id="what is always the same"),
    pytest.param({"enum": [None, "a"]},                                            "a",                   id="the first of a choice that is something"),
    pytest.param({"example": None, "type": "string"},                              None,                  id="an example that is null"),
    pytest.param({"type": "object", "example": {"x": 1}, "required": ["y"]},       {"x": 1},              id="the author is right"),
]
MADE = [
    pytest.param({"type": "string"},                                               "text",                id="text"),
    pytest.param({"type": "string", "minLength": 6},                               "texttext"[:6],        id="at least so long"),
    pytest.param({"type": "string", "maxLength": 2},                               "te",                  id="at most so long"),
    pytest.param({"type": "string", "minLength": 10**9},                           "text" * 250,          id="longer than anybody looks at"),
    pytest.param({"type": "string", "format": "date-time"},                        "2026-01-31T12:30:00Z", id="a time"),
    pytest.param({"format": "email"},                                              "ada@example.com",     id="a format alone"),
    pytest.param({"type": "string", "format": "x"},                                "text",                id="a format that nobody knows"),
    pytest.param({"type": "string", "format": ["x"]},                              "text",                id="a format that is none"),
    pytest.param({"type": "string", "contentEncoding": "base64"},                  "dGV4dA==",            id="bytes"),
    pytest.param({"type": "integer"},                                              0,                     id="a number"),
    pytest.param({"type": "integer", "minimum": 3},                                3,                     id="at least"),
    pytest.param({"type": "integer", "minimum": 1.5},                              2,                     id="at least, and whole"),
    pytest.param({"type": "integer", "exclusiveMinimum": 3},                       4,                     id="more than"),
    pytest.param({"type": "integer", "minimum": 3, "exclusiveMinimum": True},      4,                     id="more than, as 3.0 says it"),
    pytest.param({"type": "integer", "maximum": -3},                               -3,                    id="at most"),
    pytest.param({"type": "integer", "maximum": -3, "exclusiveMaximum": True},     -4,                    id="less than, as 3.0 says it"),
    pytest.param({"type": "integer", "minimum": 5, "multipleOf": 4},               8,                     id="a multiple"),
    pytest.param({"type": "number", "minimum": 0.5},                               0.5,                   id="a part"),
    pytest.param({"type": "number", "maximum": 9},                                 0,                     id="nought is allowed"),
    pytest.param({"type": "number", "minimum": 1e300},                             0,                     id="out of proportion"),
    pytest.param({"type": "number", "minimum": 1, "multipleOf": 1e-300},           1,                     id="steps of nothing"),
    pytest.param({"type": "boolean"},                                              True,                  id="yes"),
    pytest.param({"type": "null"},                                                 None,                  id="null"),
    pytest.param({"type": ["null", "integer"], "minimum": 1},                      1,                     id="rather than null"),
    pytest.param({},                                                               None,                  id="anything"),
    pytest.param(True,                                                             None,                  id="true"),
    pytest.param("x",                                                              None,                  id="no schema"),
    pytest.param({"type": "array", "items": {"type": "integer"}},                  [0],                   id="a list"),
    pytest.param({"type": "array", "items": {"type": "integer"}, "minItems": 3},   [0, 0, 0],             id="of several"),
    pytest.param({"type": "array", "items": {"type": "integer"}, "minItems": 999}, [0] * 5,               id="but not of many"),
    pytest.param({"type": "array", "items": {}, "minItems": 3, "uniqueItems": True}, [None],              id="each of its own"),
    pytest.param({"type": "array", "items": NAME, "maxItems": 0},                  [],                    id="of none"),
    pytest.param({"prefixItems": [{"const": 1}, {"const": 2}], "items": NAME, "minItems": 3}, [1, 2, "Rex"], id="of several kinds"),
    pytest.param({"type": "array"},                                                [],                    id="of nobody knows what"),
    pytest.param({"properties": {"a": {"type": "integer"}, "b": NAME}},            {"a": 0, "b": "Rex"},  id="an object"),
    pytest.param({"properties": {"a": {"type": "integer", "deprecated": True}}},   {},                    id="without what is going away"),
    pytest.param({"required": ["a"], "properties": {"a": {"deprecated": True}}},   {"a": None},           id="unless it must be there"),
    pytest.param({"required": ["a"]},                                              {"a": None},           id="what must be there and nobody described"),
    pytest.param({"required": ["a"], "additionalProperties": NAME},                {"a": "Rex"},          id="what must be there and is like others"),
    pytest.param({"type": "object", "additionalProperties": NAME},                 {"name": "Rex"},       id="names of anybody's choice"),
    pytest.param({"properties": [], "required": True, "type": "object"},           {},                    id="properties that are none"),
    pytest.param({"allOf": [ref("Base"), {"required": ["x"], "properties": {"x": NAME}}]}, {"id": 0, "x": "Rex"}, id="all of"),
    pytest.param({"allOf": [ref("Base"), ref("Base"), {"allOf": [ref("Base")]}]},  {"id": 0},             id="all of the same"),
    pytest.param({"allOf": [ref("Base")], "properties": {"inner": ref("Base")}},   {"inner": {"id": 0}, "id": 0}, id="of what it is itself made of"),
    pytest.param({"oneOf": [{"type": "null"}, {"type": "integer"}]},               0,                     id="one of"),
    pytest.param({"anyOf": [NAME, {"type": "integer"}]},                           "Rex",                 id="any of"),
    pytest.param(ref("Name"),                                                      "Rex",                 id="a reference"),
    pytest.param({**ref("Name"), "example": "Ada"},                                "Ada",                 id="a reference with words beside it"),
    pytest.param(ref("A~1B~0"),                                                    "slashed",             id="an escaped reference"),
    pytest.param(ref("Nested/$defs/In"),                                           "nested",              id="a reference into a schema"),
    pytest.param({"$ref": "#/paths/x"},                                            "elsewhere",           id="a reference elsewhere"),
    pytest.param(ref("Nowhere"),                                                   None,                  id="a reference to nowhere"),
    pytest.param({"$ref": 7},                                                      None,                  id="a reference that is none"),
    pytest.param(ref("Dog"),                                                       {"name": "Rex"},       id="what holds itself is left out"),
    pytest.param(ref("List"),                                                      {"next": None},        id="null where it must be there"),
    pytest.param({"type": "array", "items": ref("Loop")},                          [],                    id="a list of what has no end"),
    pytest.param(ref("Loop"),                                                      None,                  id="a reference to itself"),
    pytest.param(ref("There"),                                                     None,                  id="there and back"),
]
# fmt: on
CUT = (  # where no sample fits, or none that anybody wants to see
    "longer than anybody looks at",
    "but not of many",
    "each of its own",
    "out of proportion",
    "steps of nothing",
    "no schema",
    "null where it must be there",
    "a reference to itself",
    "there and back",
    "a reference to nowhere",
    "a reference that is none",
    "a reference elsewhere",
    "properties that are none",
    "a format that is none",
)  # fmt: skip


@pytest.mark.parametrize(("schema", "value"), SHOWN + MADE)
def test_a_sample(schema: Any, value: Any):
    assert json.dumps(sample_of(schema, SCHEMAS)) == json.dumps(value)  # JSON tells 1 from true


def test_members_that_the_other_side_alone_sees():
    seen = {"id": {"type": "integer", "readOnly": True}, "secret": {"allOf": [{"type": "string", "writeOnly": True}]}}
    schema = {"properties": seen, "required": ["id", "secret"]}
    assert sample_of(schema, {}) == {"id": 0, "secret": "text"}
    assert sample_of(schema, {}, "request") == {"secret": "text"}
    assert sample_of(schema, {}, "response") == {"id": 0}


def test_a_reference_leads_to_an_object_or_nowhere():
    assert schema_at("#/components/schemas/Name", SCHEMAS) == NAME
    assert schema_at("Name", {"Name": NAME}) == NAME
    for reference in ("#/components/schemas", "#/components/schemas/Name/type", "https://a.example", "#", None):
        assert schema_at(reference, SCHEMAS) is None


def test_samples_are_what_the_schemas_of_the_colors_say():
    document = json.loads(COLORS.read_text())
    schemas = document["components"]["schemas"]
    for name in schemas:
        valid = jsonschema_rs.Draft202012Validator({**document, **ref(name)})
        made = sample_of(ref(name), schemas)
        assert made
        assert valid.is_valid(made), name


TRUE = [row for row in MADE if isinstance(row.values[0], dict) and row.id not in CUT]


@pytest.mark.parametrize(("schema", "value"), TRUE)
def test_samples_are_what_the_schema_says(schema: Any, value: Any):
    of_3_1 = {keyword: said for keyword, said in schema.items() if not isinstance(said, bool)}
    assert jsonschema_rs.Draft202012Validator({**of_3_1, "components": {"schemas": SCHEMAS}}).is_valid(value)


# ---- it always comes to an end ----


def doubling(levels: int) -> dict[str, Any]:
    """Each holds the next twice, and so on."""
    pair = {
        f"S{n}": {"required": ["a", "b"], "properties": {"a": ref(f"S{n + 1}"), "b": ref(f"S{n + 1}")}}
        for n in range(levels)
    }
    return pair | {f"S{levels}": {"type": "string"}}


def combined(levels: int) -> dict[str, Any]:
    return {f"S{n}": {"allOf": [ref(f"S{n + 1}"), {"allOf": [ref(f"S{n + 1}")]}]} for n in range(levels)} | {
        f"S{levels}": NAME
    }


def everybody(count: int) -> dict[str, Any]:
    """Each knows each."""
    known = {f"p{n}": ref(f"S{n}") for n in range(count)}
    return {f"S{n}": {"required": list(known), "properties": known} for n in range(count)}


def wide(count: int) -> dict[str, Any]:
    return {"S0": {"properties": {f"p{n}": {"type": "string"} for n in range(count)}}}


@pytest.mark.parametrize(
    "schemas",
    [doubling(60), combined(60), everybody(60), wide(50_000)],
    ids=["doubling", "combined", "everybody", "wide"],
)
def test_it_comes_to_an_end(schemas: dict[str, Any]):
    started = time.process_time()
    made = sample_of(ref("S0"), schemas)
    assert time.process_time() - started < 1
    assert json.dumps(made).count(":") <= 3 * MOST_VALUES


KEYWORDS = st.sampled_from(
    ["$ref", "type", "properties", "items", "prefixItems", "required", "allOf", "oneOf", "anyOf", "enum", "examples", "minItems", "maxItems",
     "minimum", "maximum", "exclusiveMinimum", "multipleOf", "minLength", "maxLength", "format", "additionalProperties", "deprecated", "uniqueItems"]
)  # fmt: skip
LEAVES = st.one_of(
    st.none(), st.booleans(), st.integers(-3, 2**70), st.floats(allow_nan=False, allow_infinity=False),
    st.sampled_from(["string", "integer", "number", "object", "array", "null", "date", "a", *(f"#/components/schemas/{name}" for name in "ab")]),
)  # fmt: skip
TREES = st.recursive(
    LEAVES,
    lambda inside: st.lists(inside, max_size=3) | st.dictionaries(KEYWORDS | st.sampled_from("ab"), inside, max_size=5),
    max_leaves=25,
)


@settings(max_examples=150, deadline=None)
@given(TREES, st.fixed_dictionaries({"a": TREES, "b": TREES}), st.sampled_from(["request", "response", None]))
def test_anything_has_a_sample(schema: Any, schemas: Any, direction: Any):
    json.dumps(sample_of(schema, schemas, direction), allow_nan=False)


# ---- bodies ----

DOG = ref("Dog")
# fmt: off
BODIES = [  # media type, schema, the body
    pytest.param("application/json",                  DOG,                  '{\n  "name": "Rex"\n}', id="JSON"),
    pytest.param("application/problem+json; v=1",     {"type": "integer"},  "0",                     id="JSON by its suffix"),
    pytest.param("text/plain",                        NAME,                 "Rex",                   id="text"),
    pytest.param("text/csv",                          DOG,                  "",                      id="an object as text"),
    pytest.param("application/x-www-form-urlencoded", {"properties": {"a b": {"const": "c&d"}, "n": {"const": [1]}}}, "a+b=c%26d&n=%5B1%5D", id="a form"),
    pytest.param("application/xml",                   DOG,                  "",                      id="XML"),
    pytest.param("application/json",                  None,                 "",                      id="without a schema"),
]
# fmt: on


@pytest.mark.parametrize(("content_type", "schema", "body"), BODIES)
def test_a_body(content_type: str, schema: Any, body: str):
    described = Representation(content_type=content_type, schema=schema)
    assert body_of(described, SCHEMAS, "request") == made_of(described, SCHEMAS, "request") == body


def test_the_author_s_example_is_the_body():
    described = Representation(content_type="application/json", schema=DOG, examples={"a": "[1]", "b": "[2]"})
    assert body_of(described, SCHEMAS, "request") == "[1]"
    assert json.loads(made_of(described, SCHEMAS, "request")) == {"name": "Rex"}


class Counted(dict[str, Any]):
    """Schemas that know how often one of them was asked for."""

    asked = 0

    def __contains__(self, name: object) -> bool:
        self.asked += 1
        return super().__contains__(name)


def required_by_name(count: int) -> dict[str, Any]:
    """More members that must be there than a sample has values, each the beginning of many parts."""
    parts = {f"P{n}": {"allOf": [ref(f"P{n + 1}")]} for n in range(200)}
    names = [f"m{n}" for n in range(count)]
    return parts | {"P200": {}, "S0": {"required": names, "properties": {name: ref("P0") for name in names}}}


@pytest.mark.parametrize(
    "schemas",
    [doubling(60), combined(60), everybody(60), required_by_name(5_000)],
    ids=["doubling", "combined", "everybody", "required"],
)
def test_no_more_is_looked_at_than_is_shown(schemas: dict[str, Any]):
    counted = Counted(schemas)
    sample_of(ref("S0"), counted, "request")
    assert counted.asked <= 3 * MOST_VALUES


def test_a_long_example_is_not_shown_a_thousand_times():
    schemas = {"Long": {"example": "x" * 100_000}}
    made = sample_of({"properties": {f"m{n}": ref("Long") for n in range(900)}}, schemas)
    assert len(json.dumps(made)) < 2_000_000


def test_a_large_body_is_written_without_blanks():
    described = Representation(content_type="application/json", schema={"example": nested(80, [0] * 50_000)})
    assert len(body_of(described, {}, "request")) < 200_000


def nested(levels: int, value: Any) -> Any:
    for _ in range(levels):
        value = [value]
    return value

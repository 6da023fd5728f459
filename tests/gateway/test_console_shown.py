"""What pages show of requests, answers, schemas and tokens."""

import json

import pytest

from entrada.core.gateway.console.explained import explain, nonce_of, who
from entrada.core.gateway.console.schema_rows import Steps, schema_rows
from entrada.core.gateway.console.shown import hidden, read_body, short, shown_headers
from entrada.core.jose import base64url
from entrada.core.jose.numeric_date import NumericDate
from entrada.core.protocol.tokens.taken_apart import NotReadable

NOW = NumericDate(1_800_000_000)


def jwt(**claims):
    parts = ({"alg": "RS256", "typ": "JWT"}, claims)
    return ".".join([*(base64url.encode(json.dumps(one).encode()) for one in parts), "c2ln"])


TOKEN = jwt(sub="s", aud="a", exp=NOW + 60, scp="Read", preferred_username="ben@x.example")


def test_a_token_is_shown_by_its_beginning_and_a_key_not_at_all():
    assert short(TOKEN) == f"{TOKEN[:6]}… ({len(TOKEN):,} characters)"
    assert short("k" * 32) == "… (32 characters)"
    assert hidden(f"a {TOKEN} b", [TOKEN, ""]) == f"a {short(TOKEN)} b"


@pytest.mark.parametrize("name", ["Authorization", "cookie", "Set-Cookie", "Proxy-Authorization"])
def test_lines_that_carry_secrets_are_short_whatever_is_in_them(name):
    ((_, value),) = shown_headers(((name, "Basic c2VjcmV0"),), ())
    assert "c2VjcmV0" not in value


# fmt: off
BODIES = [
    ("application/json",          b'{"a":[1]}',      '{\n  "a": [\n    1\n  ]\n}'),
    ("application/problem+json",  b'{"a":1}',        '{\n  "a": 1\n}'),
    ("application/json",          b"{broken",        "{broken"),
    ("",                          b"[1]",            "[\n  1\n]"),
    ("application/xml",           b"<a><b>1</b></a>", "<a>\n  <b>1</b>\n</a>"),
    ("text/xml",                  b"<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>", "<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>"),
    ("text/plain",                b"hello",          "hello"),
    ("text/plain",                b"\xff",           None),
    ("text/plain",                b"a\0b",           None),
    ("image/png",                 b"abc",            None),
    ("application/octet-stream",  b"abc",            None),
]
# fmt: on


@pytest.mark.parametrize(("kind", "body", "text"), BODIES)
def test_a_body_is_laid_out_or_saved(kind, body, text):
    headers = (("Content-Type", kind),) if kind else ()
    assert read_body(headers, body, ()).text == text


def test_a_compressed_body_is_not_text():
    headers = (("Content-Type", "text/plain"), ("Content-Encoding", "gzip"))
    assert read_body(headers, b"abc", ()).text is None


def test_a_body_that_holds_the_token_does_not_show_it():
    found = read_body((("Content-Type", "application/json"),), json.dumps({"t": TOKEN}).encode(), (TOKEN,))
    assert found.text is not None
    assert TOKEN not in found.text


def test_deep_json_is_shown_as_it_came():
    body = b"[" * 100_000
    assert read_body((("Content-Type", "application/json"),), body, ()).text == body.decode()


def test_a_token_is_explained_with_what_is_wrong_first():
    found = explain(jwt(aud="a", exp=NOW - 5, x=1), NOW)
    assert not isinstance(found, NotReadable)
    assert found.findings[0].bad
    claims = {one.name: one for one in found.claims}
    assert "5 s ago" in claims["exp"].value
    assert claims["aud"].words
    assert claims["x"].words == ""


def test_what_is_no_token_is_said():
    assert isinstance(explain("opaque", NOW), NotReadable)


def test_who_is_the_first_that_is_named():
    assert who("", TOKEN) == "ben@x.example"
    assert who(jwt(azp="c")) == "the application c itself"
    assert who("opaque") == ""
    assert nonce_of(jwt(nonce="n")) == "n"
    assert nonce_of(jwt(nonce=1)) is None


SCHEMAS = {
    "Color": {
        "type": "object",
        "required": ["name"],
        "properties": {"name": {"type": "string", "maxLength": 9}, "like": {"$ref": "#/components/schemas/Color"}},
    },
    "Loop": {"$ref": "#/components/schemas/Loop"},
    "All": {"allOf": [{"$ref": "#/components/schemas/All"}, {"$ref": "#/components/schemas/Color"}]},
}


def rows(schema):
    return [(one.depth, one.name, one.type, one.required) for one in schema_rows(schema, SCHEMAS)]


def test_a_schema_is_read_through_its_references_and_ends():
    assert rows({"$ref": "#/components/schemas/Color"}) == [(1, "name", "string", True), (1, "like", "Color", False)]
    assert schema_rows({"$ref": "#/components/schemas/Color"}, SCHEMAS)[0].limits == ("at most 9 characters",)


@pytest.mark.parametrize("name", ["Loop", "All", "Gone"])
def test_no_schema_goes_round_for_ever(name):
    assert len(rows({"$ref": f"#/components/schemas/{name}"})) <= 4


def test_what_a_part_of_a_schema_requires_is_required():
    found = rows({"$ref": "#/components/schemas/All"})
    assert found[0] == (1, "name", "string", True)


def test_a_large_schema_is_cut():
    found = schema_rows({"properties": {f"m{number}": {} for number in range(500)}}, {})
    assert len(found) == 201
    assert found[-1].type == "and more"


def test_lists_choices_and_scalars_have_rows():
    assert rows({"type": "array", "items": {"type": "string"}}) == [(1, "[ ]", "string", False)]
    assert rows({"oneOf": [{"type": "string"}, {"type": "integer"}]})[0][1:3] == ("(either)", "string")
    assert rows({"type": "string", "format": "date"}) == [(1, "(the body)", "string (date)", False)]


def bomb(make, levels):
    """Each of the schemas leads to the next in many ways, and so to the last in numbers without end."""
    below = {f"A{n}": make({"$ref": f"#/components/schemas/A{n + 1}"}) for n in range(levels)}
    return {**below, f"A{levels}": {"type": "object"}}


BOMBS = [
    pytest.param(lambda one: {"allOf": [one, one]}, id="allOf twice"),
    pytest.param(lambda one: {"allOf": [{"allOf": [one]}, {"allOf": [one]}]}, id="allOf within"),
    pytest.param(lambda one: {"allOf": [{"oneOf": [one, one]}, {"anyOf": [one, one]}]}, id="choices"),
    pytest.param(lambda one: {"allOf": [{"properties": {"a": one, "b": one}}, one], "items": one}, id="members"),
]


@pytest.mark.parametrize("make", BOMBS)
@pytest.mark.parametrize("levels", [60, 5_000])
def test_no_schema_is_looked_at_without_end(make, levels):
    steps = Steps(2_000)
    found = schema_rows({"$ref": "#/components/schemas/A0"}, bomb(make, levels), steps)
    assert len(found) <= 201
    assert steps.left >= -300  # a step more for each row that was begun


def test_what_is_too_large_to_show_is_said_to_be():
    found = schema_rows({"$ref": "#/components/schemas/A0"}, bomb(lambda one: {"allOf": [one]}, 5_000))
    assert found[-1].type == "too large to show"


def test_each_reference_of_a_level_is_taken_once():
    steps = Steps(100)
    schema_rows({"$ref": "#/components/schemas/A0"}, bomb(lambda one: {"allOf": [one, one]}, 10), steps)
    assert steps.left > 20


def test_a_text_that_many_members_share_is_cut():
    schemas = {"Long": {"description": "d" * 100_000, "default": "x" * 100_000, "enum": [{"y": "y" * 100_000}]}}
    one = {"$ref": "#/components/schemas/Long"}
    found = schema_rows({"properties": {f"m{n}": one for n in range(150)}}, schemas)
    assert len(repr(found)) < 150 * 3_000


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        pytest.param("application/json", "[" * 900 + "0," * 5_000 + "0" + "]" * 900, id="deep"),
        pytest.param("application/json", '{"a":' * 40 + "1" + "}" * 40, id="deep objects"),
        pytest.param("application/json", "[" + "0," * 100_000 + "0]", id="large"),
        pytest.param("application/json", "[" * 20_000 + "]" * 20_000, id="deeper than can be read"),
        pytest.param("application/xml", "<a>" * 900 + "</a>" * 900, id="deep XML"),
        pytest.param("application/xml", "<a>" + "<b/>" * 30_000 + "</a>", id="large XML"),
    ],
)
def test_what_would_be_blanks_for_the_most_part_is_shown_as_it_came(kind, body):
    found = read_body((("Content-Type", kind),), body.encode(), ())
    assert found.text == body[: 256 * 1024]

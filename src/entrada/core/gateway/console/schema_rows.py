"""A schema as a table that a person reads: a row for each member, indented below what it is a member of."""

from collections.abc import Iterator, Mapping
from typing import Final, cast

from attrs import evolve, frozen

from entrada.core.gateway.schemas.inner import Schema, as_schema
from entrada.core.gateway.schemas.kept import Schemas, schema_at

_DEEPEST: Final = 6
_MOST: Final = 200
_LIMITS: Final = (
    ("minimum", "at least {}"),
    ("maximum", "at most {}"),
    ("exclusiveMinimum", "more than {}"),
    ("exclusiveMaximum", "less than {}"),
    ("minLength", "at least {} characters"),
    ("maxLength", "at most {} characters"),
    ("minItems", "at least {} entries"),
    ("maxItems", "at most {} entries"),
    ("pattern", "like {}"),
    ("default", "by default {}"),
)


@frozen(kw_only=True)
class Row:
    depth: int
    name: str
    type: str
    required: bool = False
    description: str = ""
    limits: tuple[str, ...] = ()


def schema_rows(schema: Mapping[str, object], schemas: Schemas) -> tuple[Row, ...]:
    """Bounded in depth and number: a schema may refer to itself."""
    rows: list[Row] = []
    for row in _rows(schema, schemas, "", 0, ()):
        if len(rows) == _MOST:
            rows.append(Row(depth=0, name="…", type="and more"))
            break
        rows.append(row)
    return tuple(rows)


def _rows(schema: Schema, schemas: Schemas, name: str, depth: int, above: tuple[str, ...]) -> Iterator[Row]:
    shown, called, seen = _led(schema, schemas, above)
    if name:
        yield _row(shown, called, name, depth)
    if called in above or depth >= _DEEPEST:
        return
    for member, below, required in _members(shown, schemas, seen):
        for number, row in enumerate(_rows(below, schemas, member, depth + 1, seen)):
            yield row if number else evolve(row, required=required)
    if not name and not _has_members(shown):
        yield _row(shown, called, "(the body)", depth + 1)


def _led(schema: Schema, schemas: Schemas, above: tuple[str, ...]) -> tuple[Schema, str, tuple[str, ...]]:
    """Through references to what they mean, and by which name; each reference once."""
    called, seen = "", above
    while "$ref" in schema:
        reference = str(schema["$ref"])
        called = reference.rpartition("/")[2]
        found = schema_at(reference, schemas)
        if found is None or called in seen:
            return {}, called, seen
        seen, schema = (*seen, called), found
    return schema, "" if called in above else called, seen


def _members(schema: Schema, schemas: Schemas, above: tuple[str, ...]) -> Iterator[tuple[str, Schema, bool]]:
    """Each with whether it must be there."""
    for part in _parts(schema, "allOf"):
        shown, _, seen = _led(part, schemas, above)
        yield from _members(shown, schemas, seen)
    required = schema.get("required")
    wanted = cast("list[object]", required) if isinstance(required, list) else []
    properties = as_schema(schema.get("properties")) or {}
    for member, below in properties.items():
        yield member, as_schema(below) or {}, member in wanted
    items = as_schema(schema.get("items"))
    if items is not None:
        yield "[ ]", items, False
    additional = as_schema(schema.get("additionalProperties"))
    if additional:
        yield "{name}", additional, False
    for word in ("oneOf", "anyOf"):
        for number, part in enumerate(_parts(schema, word), start=1):
            yield f"({'either' if number == 1 else 'or'})", part, False


def _has_members(schema: Schema) -> bool:
    return any(word in schema for word in ("properties", "items", "allOf", "oneOf", "anyOf"))


def _parts(schema: Schema, word: str) -> list[Schema]:
    listed = schema.get(word)
    found = cast("list[object]", listed) if isinstance(listed, list) else []
    return [one for part in found if (one := as_schema(part)) is not None]


def _row(schema: Schema, called: str, name: str, depth: int) -> Row:
    description = schema.get("description") or schema.get("title")
    return Row(
        depth=depth,
        name=name,
        type=_type(schema, called),
        description=description if isinstance(description, str) else "",
        limits=tuple(_limits(schema)),
    )


def _type(schema: Schema, called: str) -> str:
    kind = schema.get("type")
    words = [str(one) for one in cast("list[object]", kind)] if isinstance(kind, list) else [str(kind)] if kind else []
    if not words:
        words = ["object"] if "properties" in schema else ["array"] if "items" in schema else []
    of = f"{' or '.join(words)} ({schema['format']})" if "format" in schema else " or ".join(words)
    if schema.get("nullable") is True:
        of = f"{of} or null"
    return f"{called}: {of}" if called and of else called or of or "anything"


def _limits(schema: Schema) -> Iterator[str]:
    one_of = schema.get("enum")
    if isinstance(one_of, list):
        yield f"one of {', '.join(str(one) for one in cast('list[object]', one_of)[:20])}"
    for word, said in _LIMITS:
        value = schema.get(word)
        if isinstance(value, str | int | float) and not isinstance(value, bool):
            yield said.format(value)
    for word, said in (
        ("readOnly", "only in answers"),
        ("writeOnly", "only in requests"),
        ("deprecated", "deprecated"),
    ):
        if schema.get(word) is True:
            yield said

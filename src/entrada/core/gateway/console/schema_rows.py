"""A schema as a table that a person reads: a row for each member, indented below what it is a member of."""

from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Final, cast

from attrs import define, evolve, frozen

from entrada.core.gateway.schemas.inner import Schema, as_schema
from entrada.core.gateway.schemas.kept import Schemas, schema_at

_DEEPEST: Final = 6
_MOST: Final = 200
_LONGEST: Final = 1_000  # characters of a text: one reference shows it again and again
_LONGEST_LIST: Final = 1_000
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


@define
class Steps:
    """How much looking is left: schemas that refer to each other may mean more than anybody can show."""

    left: int = 2_000

    def take(self) -> bool:
        self.left -= 1
        return self.left >= 0


def schema_rows(schema: Mapping[str, object], schemas: Schemas, steps: Steps | None = None) -> tuple[Row, ...]:
    """Bounded in depth, number and *steps*, which several schemas of one page may share."""
    table = _Table(schemas, steps or Steps())
    rows = list(islice(table.rows(schema, "", 0, ()), _MOST + 1))
    if len(rows) > _MOST:
        rows[_MOST:] = [Row(depth=0, name="…", type="and more")]
    elif table.steps.left < 0:
        rows.append(Row(depth=0, name="…", type="too large to show"))
    return tuple(rows)


@frozen
class _Table:
    schemas: Schemas
    steps: Steps

    def rows(self, schema: Schema, name: str, depth: int, above: tuple[str, ...]) -> Iterator[Row]:
        shown, called, seen = self._led(schema, above)
        if name:
            yield _row(shown, called, name, depth)
        if called in above or depth >= _DEEPEST:
            return
        for member, below, required in self._members(shown, seen):
            for number, row in enumerate(self.rows(below, member, depth + 1, seen)):
                yield row if number else evolve(row, required=required)
        if not name and not _has_members(shown):
            yield _row(shown, called, "(the body)", depth + 1)

    def _led(self, schema: Schema, above: tuple[str, ...]) -> tuple[Schema, str, tuple[str, ...]]:
        """Through references to what they mean, and by which name; each reference once."""
        called, seen = "", above
        while "$ref" in schema:
            reference = str(schema["$ref"])
            called = reference.rpartition("/")[2]
            found = schema_at(reference, self.schemas)
            if found is None or called in seen or not self.steps.take():
                return {}, called, seen
            seen, schema = (*seen, called), found
        return schema, "" if called in above else called, seen

    def _members(self, schema: Schema, above: tuple[str, ...]) -> Iterator[tuple[str, Schema, bool]]:
        for part in self._together(schema, above):
            yield from _own_members(part)

    def _together(self, schema: Schema, taken: tuple[str, ...]) -> Iterator[Schema]:
        """With what its `allOf` names, that first: each reference once, however many ways lead to it."""
        waiting = [(schema, False)]
        while waiting and self.steps.take():
            part, is_open = waiting.pop()
            if is_open:
                yield part
                continue
            shown, _, taken = self._led(part, taken)
            waiting.append((shown, True))
            waiting += [(one, False) for one in reversed(_parts(shown, "allOf"))]


def _own_members(schema: Schema) -> Iterator[tuple[str, Schema, bool]]:
    """Each with whether it must be there."""
    wanted = _listed(schema, "required")
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
    return [one for part in _listed(schema, word) if (one := as_schema(part)) is not None]


def _listed(schema: Schema, word: str) -> list[object]:
    listed = schema.get(word)
    return cast("list[object]", listed)[:_LONGEST_LIST] if isinstance(listed, list) else []


def _row(schema: Schema, called: str, name: str, depth: int) -> Row:
    description = schema.get("description") or schema.get("title")
    return Row(
        depth=depth,
        name=_cut(name),
        type=_cut(_type(schema, called)),
        description=_cut(description) if isinstance(description, str) else "",
        limits=tuple(_limits(schema)),
    )


def _type(schema: Schema, called: str) -> str:
    kind = schema.get("type")
    words = [_said(one) for one in _listed(schema, "type")] or ([_said(kind)] if kind else [])
    if not words:
        words = ["object"] if "properties" in schema else ["array"] if "items" in schema else []
    of = f"{' or '.join(words)} ({_said(schema['format'])})" if "format" in schema else " or ".join(words)
    if schema.get("nullable") is True:
        of = f"{of} or null"
    return f"{called}: {of}" if called and of else called or of or "anything"


def _limits(schema: Schema) -> Iterator[str]:
    one_of = _listed(schema, "enum")
    if one_of:
        yield f"one of {', '.join(_said(one) for one in one_of[:20])}"
    for word, said in _LIMITS:
        value = schema.get(word)
        if isinstance(value, str | int | float) and not isinstance(value, bool):
            yield said.format(_said(value))
    for word, said in (
        ("readOnly", "only in answers"),
        ("writeOnly", "only in requests"),
        ("deprecated", "deprecated"),
    ):
        if schema.get(word) is True:
            yield said


def _said(value: object) -> str:
    """Of a list or an object, that it is one: it may be as long as the whole document."""
    return "[…]" if isinstance(value, list) else "{…}" if isinstance(value, Mapping) else _cut(str(value))


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"

"""An example of a schema: what its author shows, else something of the right shape.  Gateway reference section 9.

Not every word of a schema is heard: a text has its format and length, though not its pattern; a number its limits.
"""

from collections.abc import Iterator, Mapping
from typing import Final, Literal, cast

from attrs import define, frozen

from entrada.core.gateway.schemas.flat import Flat, Way
from entrada.core.gateway.schemas.inner import Schema, as_schema
from entrada.core.gateway.schemas.kept import Schemas
from entrada.core.gateway.schemas.plain_sample import number, text
from entrada.core.gateway.schemas.weight import weight_of

Direction = Literal["request", "response"]
MOST_VALUES: Final = 1000
_DEEPEST: Final = 12
_OPTIONAL_UNTIL: Final = 5  # levels; below it what is required alone
_MOST_ITEMS: Final = 5
_MOST_LOOKED_AT: Final = 100  # of the examples of a schema
_HEAVIEST: Final = 1024 * 1024
_CHEAP: Final = 20  # keywords that are looked at cost as much as one value
_UNSEEN: Final = {"request": "readOnly", "response": "writeOnly"}


@frozen
class _Nothing:
    """There is no end to it: left out where that may be."""


_NOTHING: Final = _Nothing()


def sample_of(schema: object, schemas: Schemas, direction: Direction | None = None) -> object:
    """A value of JSON; null where nothing is known, and for what holds itself without end.

    *direction*: members that the other side alone may see are left out.
    """
    value = _Sampler(schemas, _UNSEEN.get(direction or "", "")).value(schema, (), 0)
    return None if isinstance(value, _Nothing) else value


@define
class _Sampler:
    schemas: Schemas
    unseen: str  # the keyword of members that are left out
    made: int = 0
    weight: int = 0  # of the examples shown

    def value(self, given: object, way: Way, depth: int) -> object:
        self.made += 1
        schema = as_schema(given)
        if schema is None:
            return None
        if self.made > MOST_VALUES or depth > _DEEPEST:
            return _NOTHING
        flat = self._flat(schema, way)
        shown = _shown(flat.members)
        if not isinstance(shown, _Nothing):
            return self._weighed(shown)
        return _NOTHING if flat.is_endless else self._made(flat, depth + 1)

    def _weighed(self, shown: object) -> object:
        """An example that many references lead to is shown as often as there is room for it."""
        self.weight += weight_of(shown)
        return shown if self.weight <= _HEAVIEST else _NOTHING

    def _flat(self, schema: Schema, way: Way) -> Flat:
        flat = Flat(self.schemas).take(schema, way)
        required = flat.members.get("required")
        listed = len(cast("list[object]", required)) if isinstance(required, list) else 0
        self.made += flat.parts - 1 + (len(flat.ways) + listed) // _CHEAP
        return flat

    def _made(self, flat: Flat, depth: int) -> object:
        match _type(flat.members):
            case "object":
                return self._object(flat, depth)
            case "array":
                return self._array(flat, depth)
            case "string":
                return text(flat.members)
            case "integer" | "number" as kind:
                return number(flat.members, whole=kind == "integer")
            case "boolean":
                return True
            case _:
                return None

    def _object(self, flat: Flat, depth: int) -> dict[str, object]:
        required = _names(flat.members.get("required"))
        made = dict[str, object]()
        for name, inside, way in _members(flat, required):
            if name in required:
                self._add(made, name, inside, way, depth, otherwise=None)
            elif depth <= _OPTIONAL_UNTIL and self.made < MOST_VALUES:
                self._add(made, name, inside, way, depth, otherwise=_NOTHING)
        return made

    def _add(
        self, made: dict[str, object], name: str, inside: object, way: Way, depth: int, *, otherwise: object
    ) -> None:
        if self._is_left_out(inside, way, is_required=otherwise is None):
            return
        value = self.value(inside, way, depth)
        value = otherwise if isinstance(value, _Nothing) else value
        if not isinstance(value, _Nothing):
            made[name] = value

    def _is_left_out(self, inside: object, way: Way, *, is_required: bool) -> bool:
        schema = as_schema(inside)
        if schema is None or self.made > MOST_VALUES:
            return False
        flat = self._flat(schema, way)
        return flat.members.get(self.unseen) is True or (not is_required and flat.members.get("deprecated") is True)

    def _array(self, flat: Flat, depth: int) -> list[object]:
        schema = flat.members
        first, items = schema.get("prefixItems"), schema.get("items")
        given = cast("list[object]", first)[:_MOST_ITEMS] if isinstance(first, list) else []
        wanted = _items_wanted(schema) if isinstance(items, Mapping) else 0
        listed = [(one, "prefixItems") for one in given] + [(items, "items")] * (wanted - len(given))
        made = [self.value(one, flat.ways[keyword,], depth) for one, keyword in listed]
        return [one for one in made if not isinstance(one, _Nothing)]


def _members(flat: Flat, required: Mapping[str, None]) -> Iterator[tuple[str, object, Way]]:
    """Its properties, and what is required or allowed beside them."""
    properties = as_schema(flat.members.get("properties")) or {}
    yield from ((name, inside, flat.ways["properties", name]) for name, inside in properties.items())
    others = flat.members.get("additionalProperties")
    way = flat.ways.get(("additionalProperties",), ())
    yield from ((name, others, way) for name in required if name not in properties)
    if not properties and not required and isinstance(others, Mapping):
        yield "name", cast("Schema", others), way


def _items_wanted(schema: Schema) -> int:
    least, most = _count(schema.get("minItems"), 1), _count(schema.get("maxItems"), _MOST_ITEMS)
    wanted = min(max(least, 1), most, _MOST_ITEMS)
    return min(wanted, 1) if schema.get("uniqueItems") is True else wanted


def _shown(schema: Schema) -> object:
    """Where the author wrote one down."""
    if "example" in schema:
        return schema["example"]
    for keyword in ("examples", "default", "const", "enum"):
        if keyword in schema:
            value = schema[keyword]
            if keyword in ("default", "const"):
                return value
            if isinstance(value, list) and value:
                return next((one for one in cast("list[object]", value)[:_MOST_LOOKED_AT] if one is not None), None)
    return _NOTHING


def _type(schema: Schema) -> object:
    given = schema.get("type")
    if isinstance(given, list):
        return next((one for one in cast("list[object]", given) if one != "null"), "null")
    return given if isinstance(given, str) else next(_implied(schema), None)


def _implied(schema: Schema) -> Iterator[str]:
    """By the keywords that only values of that type obey."""
    for kind, keywords in _OF_TYPE.items():
        if any(keyword in schema for keyword in keywords):
            yield kind


_OF_TYPE: Final = {
    "object": ("properties", "required", "additionalProperties", "patternProperties"),
    "array": ("items", "prefixItems", "minItems", "uniqueItems"),
    "string": ("format", "pattern", "minLength", "maxLength", "contentEncoding"),
    "number": ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"),
}


def _names(value: object) -> dict[str, None]:
    """In order, each once."""
    return {one: None for one in cast("list[object]", value) if isinstance(one, str)} if isinstance(value, list) else {}


def _count(value: object, otherwise: int) -> int:
    return value if isinstance(value, int) and not isinstance(value, bool) and value >= 0 else otherwise

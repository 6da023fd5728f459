"""A schema with its reference followed, its `allOf` taken together and one of its choices made.

JSON Schema 2020-12, sections 8.2.3 and 10.2; OpenAPI 3.0 has references without siblings, which reads the same.
"""

from collections.abc import Iterator
from typing import Final, TypeAlias, cast

from attrs import define, field

from entrada.core.gateway.schemas.inner import Schema, as_schema
from entrada.core.gateway.schemas.kept import Schemas, schema_at

Way: TypeAlias = tuple[str, ...]
"""The references that led to a schema, from the outside in."""
MOST_PARTS: Final = 500
_CHOICES: Final = ("oneOf", "anyOf")
_NULL: Final = "null"


@define
class Flat:
    """*ways* are of its keywords and, with their names, of its properties: what is within them came that way."""

    schemas: Schemas
    members: dict[str, object] = field(factory=dict[str, object])
    ways: dict[tuple[str, ...], Way] = field(factory=dict[tuple[str, ...], Way])
    is_endless: bool = False  # a reference leads back to where it came from
    parts: int = 0
    _taken: set[str] = field(factory=set[str])

    def take(self, schema: Schema, way: Way) -> "Flat":
        waiting = [(schema, way)]
        while waiting and self.parts < MOST_PARTS:
            part, way = waiting.pop()
            self.parts += 1
            self._own(part, way)
            waiting += reversed(list(self._parts(part, way)))
        return self

    def _own(self, schema: Schema, way: Way) -> None:
        """What is said first counts; properties, and what is required, come together."""
        for keyword, value in schema.items():
            if keyword == "properties":
                self._properties(as_schema(value) or {}, way)
            elif keyword == "required":
                said = cast("list[object]", self.members.setdefault(keyword, list[object]()))
                said += cast("list[object]", value) if isinstance(value, list) else ()
            elif keyword not in self.members:
                self.members[keyword] = value
                self.ways[keyword,] = way

    def _properties(self, properties: Schema, way: Way) -> None:
        known = cast("dict[str, object]", self.members.setdefault("properties", {}))
        for name, value in properties.items():
            if name not in known:
                known[name] = value
                self.ways["properties", name] = way

    def _parts(self, schema: Schema, way: Way) -> Iterator[tuple[Schema, Way]]:
        reference = schema.get("$ref")
        if isinstance(reference, str):
            self.is_endless = self.is_endless or reference in way
            found = schema_at(reference, self.schemas)
            if found is not None and reference not in way and reference not in self._taken:
                self._taken.add(reference)
                yield found, (*way, reference)
        yield from ((part, way) for part in _listed(schema.get("allOf")))
        for keyword in _CHOICES:
            chosen = next((one for one in _listed(schema.get(keyword)) if one.get("type") != _NULL), None)
            if chosen is not None:
                yield chosen, way


def _listed(value: object) -> Iterator[Schema]:
    if isinstance(value, list):
        for one in cast("list[object]", value)[:MOST_PARTS]:
            schema = as_schema(one)
            if schema is not None:
                yield schema

"""The schemas directly within a schema, each with the way to it.  JSON Schema 2020-12, section 10; OpenAPI 3.0, 4.7.24.

Whatever stands elsewhere (examples, defaults, what a value is compared with) is data, though it may look like a schema.
"""

from collections.abc import Iterator, Mapping
from typing import Final, cast

_ONE: Final = (
    "additionalItems", "additionalProperties", "contains", "contentSchema", "else", "if", "items", "not",
    "propertyNames", "then", "unevaluatedItems", "unevaluatedProperties",
)  # fmt: skip
_LISTED: Final = ("allOf", "anyOf", "items", "oneOf", "prefixItems")
_NAMED: Final = ("$defs", "definitions", "dependentSchemas", "patternProperties", "properties")

Schema = Mapping[str, object]


def as_schema(value: object) -> Schema | None:
    """None for `true` and `false`, which say nothing of the shape, and for what is no schema."""
    return cast("Schema", value) if isinstance(value, Mapping) else None


def inner(schema: Schema) -> Iterator[tuple[tuple[str, ...], object]]:
    for keyword in _ONE:
        if isinstance(schema.get(keyword), Mapping):
            yield (keyword,), schema[keyword]
    for keyword in _LISTED:
        listed = schema.get(keyword)
        if isinstance(listed, list):
            yield from (((keyword, str(n)), one) for n, one in enumerate(cast("list[object]", listed)))
    for keyword in _NAMED:
        named = as_schema(schema.get(keyword)) or {}
        yield from (((keyword, str(name)), one) for name, one in named.items())

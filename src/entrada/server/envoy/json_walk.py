"""Every object within a JSON value, the outer before the inner."""

from collections.abc import Iterator
from typing import Any, cast


def objects_in(value: object) -> Iterator[dict[str, Any]]:
    match value:
        case dict():
            found = cast("dict[str, Any]", value)
            yield found
            yield from (inner for part in found.values() for inner in objects_in(part))
        case list() | tuple():
            yield from (inner for part in cast("list[object]", value) for inner in objects_in(part))
        case _:
            pass

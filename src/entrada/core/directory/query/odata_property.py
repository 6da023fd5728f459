"""What a collection may be asked by: its properties under Graph's names, and the fields they stand for."""

from collections.abc import Iterable, Mapping
from enum import StrEnum

from attrs import frozen


class Shape(StrEnum):
    """What a property is compared with."""

    TEXT = "a text in single quotes"
    NUMBER = "a number"
    BOOLEAN = "true or false"
    MOMENT = "a date, as 2026-01-31T12:00:00Z"  # kept as seconds since the epoch


@frozen
class Property:
    """*path* is Graph's, as `web/logoutUrl`; *field* is the stores' name of it, of `query.fields`."""

    path: str
    field: str
    shape: Shape = Shape.TEXT
    collection: bool = False  # asked by `any`
    searched: bool = False  # by `$search`
    ordered: bool = False  # by `$orderby`


Properties = Mapping[str, Property]


def properties(*each: Property) -> Properties:
    return {one.path: one for one in each}


def names_of(some: Iterable[Property]) -> str:
    return ", ".join(sorted(one.path for one in some)) or "nothing"

"""A noun as JSON has it."""

from collections.abc import Iterable, Mapping
from enum import Enum
from typing import Any, Final, cast

import attrs

from entrada.core.directory.graph.json_members import written_moment
from entrada.core.gateway.members.names import members_of

DATES: Final = frozenset({"createdDate", "startDate", "expirationDate", "endDate"})
PAIRS: Final = "tokenBodyParameters"


def as_json(noun: "attrs.AttrsInstance", *, whole: bool = True) -> dict[str, object]:
    """*whole*: with what is as it would be if nobody had said it."""
    said = {name: (one, getattr(noun, one.name)) for name, one in members_of(type(noun)).items()}
    return {
        name: _member(name, value, whole=whole)
        for name, (one, value) in said.items()
        if whole or value != _default(one)
    }


def _default(member: "attrs.Attribute[Any]") -> object:
    default: Any = member.default
    return default.factory() if hasattr(default, "factory") else default


def _member(name: str, value: object, *, whole: bool) -> object:
    if name in DATES:
        return None if value is None else written_moment(cast("Any", value))
    if name == PAIRS:
        return [{"name": one, "value": other} for one, other in cast("Iterable[tuple[str, str]]", value)]
    return _plain(value, whole=whole)


def _plain(value: object, *, whole: bool) -> object:
    if attrs.has(type(value)):
        return as_json(cast("attrs.AttrsInstance", value), whole=whole)
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, Mapping):
        return dict(cast("Mapping[str, object]", value))
    if isinstance(value, frozenset):
        return sorted(cast("Iterable[str]", value))
    if isinstance(value, tuple):
        return [_plain(one, whole=whole) for one in cast("Iterable[object]", value)]
    return value

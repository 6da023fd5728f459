"""A noun of what JSON says of it, or everything that is wrong with that, by member."""

from collections.abc import Callable, Mapping
from enum import EnumType
from types import NoneType, UnionType
from typing import Any, Final, TypeVar, Union, cast, get_args, get_origin

import attrs

from entrada.core.directory.application_rules import Broken
from entrada.core.directory.graph.json_members import MemberFault, moment
from entrada.core.gateway.members.names import members_of, types_of
from entrada.core.gateway.members.written import DATES, PAIRS

T = TypeVar("T")
_WORDS: Final[Mapping[type, str]] = {str: "a text", bool: "true or false", int: "a whole number"}


class _Wrong(Exception):
    """Leaves one value unread; its object notes it and goes on with the next."""

    def __init__(self, message: str, at: str) -> None:
        super().__init__(message)
        self.broken = Broken(message, at)


def from_json(kind: type[T], given: Mapping[str, object]) -> T | tuple[Broken, ...]:
    """What is not given, or null, is as if nobody had said it."""
    wrong = list[Broken]()
    try:
        made = _object(kind, given, "", wrong)
    except _Wrong as found:
        wrong.append(found.broken)
        made = None
    return tuple(wrong) if wrong else cast("T", made)


def _object(kind: Any, given: object, at: str, wrong: list[Broken]) -> object:
    if not isinstance(given, Mapping):
        raise _Wrong("This is an object, with members.", at)
    said, known = cast("Mapping[str, object]", given), members_of(kind)
    unknown = sorted(said.keys() - known.keys())
    wrong += [Broken(f"There is no member {one}; there are {', '.join(known)}.", _below(at, one)) for one in unknown]
    values = dict[str, object]()
    for name, member in known.items():
        value = said.get(name)
        if value is None:
            if member.default is attrs.NOTHING:
                wrong.append(Broken(f"{name} is needed.", _below(at, name)))
            continue
        try:
            values[member.name] = _member(name, types_of(kind)[member.name], value, _below(at, name), wrong)
        except _Wrong as found:
            wrong.append(found.broken)
    return None if wrong else kind(**values)


def _member(name: str, kind: Any, value: object, at: str, wrong: list[Broken]) -> object:
    if name in DATES:
        try:
            return moment(value, name)
        except MemberFault:
            raise _Wrong("This is a moment such as 2026-01-31T12:00:00Z.", at) from None
    if name == PAIRS:
        return tuple(_pair(one, f"{at}[{number}]") for number, one in enumerate(_items(value, at)))
    return _value(kind, value, at, wrong)


def _pair(given: object, at: str) -> tuple[str, str]:
    match given:
        case {"name": str(name), "value": str(value)}:
            return name, value
        case _:
            raise _Wrong("This is an object with a name and a value.", at)


def _value(kind: Any, value: object, at: str, wrong: list[Broken]) -> object:
    kind = getattr(kind, "__supertype__", kind)
    origin, inside = get_origin(kind), get_args(kind)
    if origin in (Union, UnionType):
        return _value(next(one for one in inside if one is not NoneType), value, at, wrong)
    if origin in (tuple, frozenset):
        items = (_value(inside[0], one, f"{at}[{number}]", wrong) for number, one in enumerate(_items(value, at)))
        return cast("Callable[[Any], object]", origin)(items)
    if origin is not None:
        return _mapping(inside[1], value, at)
    if isinstance(kind, EnumType):
        return _choice(cast("Any", kind), value, at)
    return _object(kind, value, at, wrong) if attrs.has(kind) else _plain(kind, value, at)


def _items(value: object, at: str) -> list[object]:
    if not isinstance(value, list):
        raise _Wrong("This is a list.", at)
    return cast("list[object]", value)


def _mapping(kind: Any, value: object, at: str) -> dict[str, object]:
    if not isinstance(value, Mapping):
        raise _Wrong("This is an object, with members.", at)
    said = dict(cast("Mapping[str, object]", value))
    if kind is str and not all(isinstance(one, str) for one in said.values()):
        raise _Wrong("The members of this are texts.", at)
    return said


def _choice(kind: Any, value: object, at: str) -> object:
    choices = [one.value for one in kind]
    if value not in choices:
        raise _Wrong(f"This is one of {', '.join(choices)}.", at)
    return kind(value)


def _plain(kind: type, value: object, at: str) -> object:
    if type(value) is not kind:
        raise _Wrong(f"This is {_WORDS[kind]}" + ("; put it in quotes." if kind is str else "."), at)
    return value


def _below(at: str, name: str) -> str:
    return f"{at}.{name}" if at else name

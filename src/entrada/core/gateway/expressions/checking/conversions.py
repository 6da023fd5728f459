"""Which type stands for which: C#'s implicit conversions, casts and `as`.  C# 7 §10.2, §10.3."""

from typing import Final

from entrada.core.gateway.document.place import Place
from entrada.core.gateway.expressions.checking.part import Part, Run, Scope, at
from entrada.core.gateway.expressions.frame import Failing, Frame
from entrada.core.gateway.expressions.type import (
    BOOL,
    DOUBLE,
    INT,
    LONG,
    NULL,
    OBJECT,
    UNKNOWN,
    AnyType,
    a,
    nullable,
)
from entrada.core.gateway.expressions.types_by_name import type_named

NUMBERS: Final[tuple[AnyType, ...]] = (INT, LONG, DOUBLE)  # each into those that follow
_BITS: Final[dict[AnyType, int]] = {INT: 32, LONG: 64}


def converts(given: AnyType, wanted: AnyType) -> bool:
    if UNKNOWN in {given, wanted} or wanted in {given, OBJECT}:
        return True
    if given == NULL:
        return wanted.is_reference
    if wanted.is_nullable_value:
        return converts(given.bare, wanted.bare)
    return widens(given, wanted)


def widens(given: AnyType, wanted: AnyType) -> bool:
    return given in NUMBERS and wanted in NUMBERS and NUMBERS.index(given) <= NUMBERS.index(wanted)


def converted(part: Part, wanted: AnyType) -> Part:
    """*part* as *wanted*, which it converts to."""
    if wanted.bare != DOUBLE or part.type.bare == DOUBLE:
        return Part(wanted, part.run)

    def as_double(frame: Frame) -> object:
        value = part.run(frame)
        return float(value) if isinstance(value, int) else value

    return Part(wanted, as_double)


def common(one: AnyType, other: AnyType) -> AnyType | None:
    """The type of `condition ? one : other`, of an array's elements, of a block's returns."""
    for given, wanted in ((one, other), (other, one)):
        if given == NULL and not wanted.is_reference:
            return nullable(wanted)
        if converts(given, wanted):
            return wanted
    return None


def known_type(scope: Scope, name: str, place: Place) -> AnyType:
    found = type_named(name)
    if found is None:
        instead = "use string, bool, int, long, double, Guid, DateTime, TimeSpan or Jwt."
        scope.fault(place, f"`{name}` is no type that expressions know.", instead)
    return found or UNKNOWN


def cast(scope: Scope, part: Part, name: str, place: Place) -> Part:
    wanted = known_type(scope, name, place)
    if UNKNOWN in {wanted, part.type}:
        return Part(wanted, part.run)
    if converts(part.type, wanted):
        return converted(part, wanted)
    if part.type == OBJECT:
        return Part(wanted, at(place, _unboxing(part, wanted)))
    if part.type.bare in NUMBERS and wanted in NUMBERS:
        return Part(wanted, at(place, _narrowing(part, wanted)))
    if part.type.bare == wanted:
        return Part(wanted, at(place, _unboxing(part, wanted)))
    instead = "write .ToString()." if name == "string" else "use int.Parse, bool.Parse and the like for text."
    return scope.fault(place, f"Nothing casts {a(part.type)} to {wanted}.", instead)


def as_type(scope: Scope, part: Part, name: str, place: Place) -> Part:
    wanted = known_type(scope, name, place)
    if UNKNOWN in {wanted, part.type}:
        return Part(wanted, part.run)
    if not wanted.is_reference:
        return scope.fault(place, f"`as {wanted}` cannot be: {a(wanted)} is never null.", f"write `as {wanted}?`.")
    if part.type != OBJECT and not converts(part.type, wanted):
        return scope.fault(place, f"It is {a(part.type)}, never {a(wanted)}.", "leave `as` out.")

    def run(frame: Frame) -> object:
        value = part.run(frame)
        return value if is_a(value, wanted) else None

    return Part(wanted, run)


def is_a(value: object, wanted: AnyType) -> bool:
    """Whether what a variable holds is of that type."""
    bare = wanted.bare
    if bare == OBJECT:
        return True
    if isinstance(value, bool):
        return bare == BOOL
    if bare in _BITS and isinstance(value, int):
        return wrapped(value, _BITS[bare]) == value
    return bool(isinstance(value, bare.holds))


def unboxed(value: object, wanted: AnyType) -> object:
    """Raises Failing for another type, and for null where none can be."""
    if value is None and wanted.is_reference:
        return None
    if value is None:
        raise Failing(f"It is null, which no {wanted} is (NullReferenceException).")
    if not is_a(value, wanted):
        raise Failing(f"It is no {wanted} (InvalidCastException).")
    return value


def _unboxing(part: Part, wanted: AnyType) -> Run:
    def run(frame: Frame) -> object:
        return unboxed(part.run(frame), wanted)

    return run


def _narrowing(part: Part, wanted: AnyType) -> Run:
    def run(frame: Frame) -> object:
        value = part.run(frame)
        if not isinstance(value, (int, float)):
            raise Failing(f"It is null, which no {wanted} is (InvalidOperationException).")
        return wrapped(_truncated(value), _BITS[wanted]) if wanted in _BITS else float(value)

    return run


def _truncated(value: float) -> int:
    try:
        return int(value)
    except (OverflowError, ValueError):
        return 0  # C# leaves open what becomes of it (§10.3.2)


def wrapped(value: int, bits: int) -> int:
    """As unchecked arithmetic has it: what does not fit is cut off."""
    half: int = 1 << (bits - 1)
    return (value + half) % (half + half) - half

"""Members, methods and indexes of values, and what types offer by their names.  C# 7 §11.7."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from uuid import UUID

from entrada.core.gateway.document.place import Place
from entrada.core.gateway.expressions.checking.conversions import converted, converts, known_type, unboxed
from entrada.core.gateway.expressions.checking.part import FAULTY, Absent, Part, Run, Scope, at
from entrada.core.gateway.expressions.dictionary import Dictionary
from entrada.core.gateway.expressions.frame import Failing, Frame
from entrada.core.gateway.expressions.members.member import Method, OfFrame
from entrada.core.gateway.expressions.members.of_dictionaries import at as entry
from entrada.core.gateway.expressions.members.of_types import OF_TYPES, Constant, Static
from entrada.core.gateway.expressions.members.table import methods_of, names_of, property_of
from entrada.core.gateway.expressions.type import (
    BOOL,
    CHAR,
    CONTEXT,
    DATE_TIME,
    DOUBLE,
    GUID,
    HEADERS,
    INT,
    LONG,
    NULL,
    OBJECT,
    PARAMETERS,
    STRING,
    STRINGS,
    TIME_SPAN,
    VARIABLES,
    AnyType,
    Char,
    a,
)

_MOST: Final = 2  # arguments of GetValueOrDefault
_SIMILAR: Final = 8  # names offered where one is unknown


def given(target: Part, place: Place, *, conditional: bool, name: str) -> Run:
    """The value asked, which must not be null: behind `?.` the chain ends there, behind a dot it fails."""

    def run(frame: Frame) -> object:
        value = target.run(frame)
        if value is None and conditional:
            raise Absent
        if value is None:
            raise Failing(f"What stands before `{name}` is null (NullReferenceException).")
        return value

    return run


def member(scope: Scope, target: Part, name: str, place: Place, *, conditional: bool) -> Part:
    if target.is_unknown:
        return target
    of = _asked(scope, target, place, name, conditional=conditional)
    found = property_of(of, name)
    if found is None:
        return _unknown_member(scope, of, name, place)
    read = found.read
    value = target.run if of.is_nullable_value else given(target, place, conditional=conditional, name=f".{name}")
    return Part(found.type, at(place, lambda frame: read(value(frame))))


def _asked(scope: Scope, target: Part, place: Place, name: str, *, conditional: bool) -> AnyType:
    if conditional and not target.type.is_reference:
        scope.fault(place, f"{_article(target.type)} is never null, so `?.` cannot ask it.", "write a dot.")
    return target.type.bare if conditional else target.type


def _unknown_member(scope: Scope, of: AnyType, name: str, place: Place) -> Part:
    if of == OBJECT:
        what = f"An object has no `{name}`."
        return scope.fault(place, what, f'say its type first: ((string)context.Variables["name"]).{name}.')
    if of.is_nullable_value:
        return scope.fault(place, f"{_article(of)} has no `{name}`.", f"write ?.{name}, or .Value.{name}.")
    if methods_of(of, name):
        return scope.fault(place, f"`{name}` is a method.", f"call it: {name}(…).")
    if property_of(of, name):
        return scope.fault(place, f"`{name}` is no method.", "leave the brackets out.")
    return scope.fault(place, f"{_article(of)} has no `{name}`.", f"it has {_offered(names_of(of), name)}.")


def _article(of: AnyType) -> str:
    name = a(of)
    return "`context`" if of == CONTEXT else name[0].upper() + name[1:]


def _offered(names: list[str], wanted: str) -> str:
    """Those that look like it first; all where there are few."""
    if len(names) > _SIMILAR:
        names = sorted(names, key=lambda name: (-_likeness(name, wanted), name))[:_SIMILAR]
        return ", ".join(names) + " and others"
    return ", ".join(names) or "ToString() and Equals"


def _likeness(name: str, wanted: str) -> int:
    one, other = name.lower(), wanted.lower()
    shared = sum(1 for first, second in zip(one, other, strict=False) if first == second)
    return shared + 2 * (one in other or other in one)


# ---- methods ----


def call(
    scope: Scope,
    target: Part,
    name: str,
    arguments: tuple[Part, ...],
    place: Place,
    *,
    conditional: bool,
    out: "Out | None",
) -> Part:
    if target.is_unknown or any(one.is_unknown for one in arguments):
        return FAULTY
    of = _asked(scope, target, place, name, conditional=conditional)
    methods = methods_of(of, name)
    if not methods:
        return _unknown_member(scope, of, name, place)
    method = _chosen(methods, arguments, out)
    if method is None:
        return _no_such_way(scope, f"{of}.{name}", methods, place)
    takes_null = (method.takes_null and not conditional) or of.is_nullable_value
    value = target.run if takes_null else given(target, place, conditional=conditional, name=f".{name}()")
    return _called(method, (Part(of, value), *_fitted(method, arguments)), place, out)


class Out:
    """Where a last argument `out name` goes: told its type once the method is known."""

    def __init__(self, name: str, type_: AnyType | None, declare: Callable[[AnyType], None]) -> None:
        self.name, self.type, self.declare = name, type_, declare


def _chosen(methods: tuple[Method, ...], arguments: tuple[Part, ...], out: Out | None) -> Method | None:
    return next((method for method in methods if _takes(method, arguments, out)), None)


def _takes(method: Method, arguments: tuple[Part, ...], out: Out | None) -> bool:
    if (method.out is None) != (out is None) or len(arguments) < len(method.takes):
        return False
    if out is not None and out.type is not None and out.type != method.out:
        return False
    if len(arguments) > len(method.takes) and method.more is None:
        return False
    return all(converts(one.type, wanted) for one, wanted in zip(arguments, _wanted(method, arguments), strict=True))


def _wanted(method: Method, arguments: tuple[Part, ...]) -> tuple[AnyType, ...]:
    return method.takes + (method.more or OBJECT,) * (len(arguments) - len(method.takes))


def _fitted(method: Method, arguments: tuple[Part, ...]) -> tuple[Part, ...]:
    return tuple(converted(one, to) for one, to in zip(arguments, _wanted(method, arguments), strict=True))


def _called(method: Method, parts: tuple[Part, ...], place: Place, out: Out | None) -> Part:
    does, sets = method.does, out.name if out else None
    if out is not None and method.out is not None:
        out.declare(method.out)

    def run(frame: Frame) -> object:
        values = [part.run(frame) for part in parts]
        frame.look_at(*values)
        result = does(*values)
        if sets is not None:
            result, frame.variables[sets] = _pair(result)
        frame.look_at(result)
        return result

    return Part(method.gives, at(place, run))


def _pair(result: object) -> tuple[object, object]:
    found: Any = result
    return found[0], found[1]


def _no_such_way(scope: Scope, name: str, methods: tuple[Method, ...], place: Place) -> Part:
    ways = "; ".join(f"({_parameters(method)})" for method in methods)
    return scope.fault(place, f"{name} cannot be called with these arguments.", f"it takes {ways}.")


def _parameters(method: Method) -> str:
    names = [str(one) for one in method.takes]
    names += [f"{method.more} …"] if method.more else []
    return ", ".join(names + ([f"out {method.out}"] if method.out else []))


def variable(scope: Scope, target: Part, types: tuple[str, ...], arguments: tuple[Part, ...], place: Place) -> Part:
    """context.Variables.GetValueOrDefault<T>(name[, default])."""
    if any(one.is_unknown for one in arguments):
        return FAULTY
    if not arguments or len(arguments) > _MOST or arguments[0].type != STRING:
        way = 'it takes (string) or (string, T), as GetValueOrDefault<string>("name", "").'
        return scope.fault(place, "GetValueOrDefault cannot be called with these arguments.", way)
    wanted = known_type(scope, types[0], place) if types else _inferred(arguments)
    defaults = [converted(one, wanted) for one in arguments[1:]]
    if not all(converts(one.type, wanted) for one in arguments[1:]):
        return scope.fault(place, f"The default is no {wanted}.", "let both have one type.")
    otherwise = defaults[0] if defaults else None
    found, named = given(target, place, conditional=False, name=".GetValueOrDefault()"), arguments[0]

    def run(frame: Frame) -> object:
        name = named.run(frame)
        default = otherwise.run(frame) if otherwise else _DEFAULTS.get(wanted)
        entries, key = found(frame), str(name)
        if not isinstance(entries, Dictionary) or key not in entries:
            return default
        return unboxed(entries.get(key), wanted)

    return Part(wanted, at(place, run))


def _inferred(arguments: tuple[Part, ...]) -> AnyType:
    types = [one.type for one in arguments[1:] if one.type != NULL]
    return types[0] if types else OBJECT


_DEFAULTS: Final[dict[AnyType, object]] = {  # default(T)
    INT: 0,
    LONG: 0,
    DOUBLE: 0.0,
    BOOL: False,
    GUID: UUID(int=0),
    DATE_TIME: datetime(1, 1, 1, tzinfo=UTC),
    TIME_SPAN: timedelta(),
}


# ---- by the name of a type ----


def of_type(
    scope: Scope, name: str, wanted: str, arguments: tuple[Part, ...] | None, place: Place, out: Out | None = None
) -> Part:
    """`int.Parse(…)`; without *arguments* a constant or property: `string.Empty`."""
    found: Static | None = OF_TYPES.get(name, {}).get(wanted)
    if found is None:
        offered = _offered(sorted(OF_TYPES.get(name, {})), wanted)
        return scope.fault(place, f"`{name}.{wanted}` is not known.", f"{name} has {offered}.")
    if arguments is None:
        return _constant(scope, found, f"{name}.{wanted}", place)
    if any(one.is_unknown for one in arguments):
        return FAULTY
    if isinstance(found, OfFrame) and found.takes is not None and not arguments:
        return Part(found.gives, at(place, found.does))
    method = _chosen(found, arguments, out) if isinstance(found, tuple) else None
    if method is None:
        ways = found if isinstance(found, tuple) else ()
        return _no_such_way(scope, f"{name}.{wanted}", ways, place)
    return _called(method, _fitted(method, arguments), place, out)


def _constant(scope: Scope, found: Static, name: str, place: Place) -> Part:
    if isinstance(found, Constant):
        value = found.value
        return Part(found.type, lambda _: value)
    if isinstance(found, OfFrame) and found.takes is None:
        return Part(found.gives, at(place, found.does))
    return scope.fault(place, f"`{name}` is a method.", f"call it: {name}(…).")


# ---- indexes ----


def index(scope: Scope, target: Part, key: Part, place: Place, *, conditional: bool) -> Part:
    if target.is_unknown or key.is_unknown:
        return FAULTY
    of = target.type.bare if conditional else target.type
    held = _held(of)
    if held is None:
        return scope.fault(place, f"{_article(of)} cannot be indexed.", "index arrays by number, headers by name.")
    wanted, gives = held
    if key.type != wanted:
        return scope.fault(place, f"The index of {a(of)} is {a(wanted)}, not {a(key.type)}.", f"give {a(wanted)}.")
    value = given(target, place, conditional=conditional, name="[…]")
    take = _element if wanted == INT else _entry

    def run(frame: Frame) -> object:
        found = take(value(frame), key.run(frame))
        frame.look_at(found)
        return Char(found) if gives == CHAR and isinstance(found, str) else found

    return Part(gives, at(place, run))


def _held(of: AnyType) -> tuple[AnyType, AnyType] | None:
    if of.is_array:
        return INT, of.of or OBJECT
    return _INDEXED.get(of)


_INDEXED: Final[dict[AnyType, tuple[AnyType, AnyType]]] = {
    STRING: (INT, CHAR),
    HEADERS: (STRING, STRINGS),
    PARAMETERS: (STRING, STRING),
    VARIABLES: (STRING, OBJECT),
}


def _entry(values: Any, name: Any) -> object:
    return entry(values, name)


def _element(values: Any, at_: Any) -> object:
    if not 0 <= at_ < len(values):
        raise Failing("The index is outside of the array (IndexOutOfRangeException).")
    return values[at_]

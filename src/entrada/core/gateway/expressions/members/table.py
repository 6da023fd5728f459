"""Where to look for a member of a type."""

from typing import Final

from entrada.core.gateway.expressions.frame import Failing
from entrada.core.gateway.expressions.members.member import Method, Methods, Properties, Property
from entrada.core.gateway.expressions.members.of_context import CONTEXT_PROPERTIES
from entrada.core.gateway.expressions.members.of_dictionaries import (
    DICTIONARY_PROPERTIES,
    HEADERS_METHODS,
    PARAMETERS_METHODS,
    VARIABLES_METHODS,
)
from entrada.core.gateway.expressions.members.of_text import (
    ARRAY_METHODS,
    ARRAY_PROPERTIES,
    STRING_METHODS,
    STRING_PROPERTIES,
)
from entrada.core.gateway.expressions.members.of_time import (
    DATE_METHODS,
    DATE_PROPERTIES,
    SPAN_PROPERTIES,
    TO_STRING,
    TO_STRING_IN_SHAPE,
)
from entrada.core.gateway.expressions.type import (
    BOOL,
    CONTEXT,
    DATE_TIME,
    DOUBLE,
    GUID,
    HEADERS,
    INT,
    LONG,
    OBJECT,
    PARAMETERS,
    STRING,
    TIME_SPAN,
    VARIABLES,
    AnyType,
)

_PROPERTIES: Final[dict[AnyType, Properties]] = {
    **CONTEXT_PROPERTIES,
    STRING: STRING_PROPERTIES,
    DATE_TIME: DATE_PROPERTIES,
    TIME_SPAN: SPAN_PROPERTIES,
    **dict.fromkeys((HEADERS, PARAMETERS, VARIABLES), DICTIONARY_PROPERTIES),
}
_METHODS: Final[dict[AnyType, Methods]] = {
    STRING: STRING_METHODS,
    DATE_TIME: DATE_METHODS,
    HEADERS: HEADERS_METHODS,
    PARAMETERS: PARAMETERS_METHODS,
    VARIABLES: VARIABLES_METHODS,
}
_SHAPED: Final = frozenset({INT, LONG, DOUBLE, GUID, DATE_TIME, TIME_SPAN})
_OF_ELEMENT: Final = frozenset({"ElementAt", "ElementAtOrDefault", "First", "FirstOrDefault", "Last", "LastOrDefault"})


def property_of(of: AnyType, name: str) -> Property | None:
    if of.is_array:
        return ARRAY_PROPERTIES.get(name)
    if of.is_nullable_value:
        return _of_nullable(of, name)
    return _PROPERTIES.get(of, {}).get(name)


def methods_of(of: AnyType, name: str) -> tuple[Method, ...]:
    if of.is_array and name in ARRAY_METHODS:
        return tuple(_of_array(of, name, method) for method in ARRAY_METHODS[name])
    found = _METHODS.get(of, {}).get(name, ())
    if found or of == CONTEXT:
        return found
    if name == "ToString":
        return TO_STRING_IN_SHAPE if of in _SHAPED else TO_STRING
    if name == "Equals" and of != STRING:
        return (Method((of if of != OBJECT else OBJECT,), BOOL, _equals),)
    return ()


def names_of(of: AnyType) -> list[str]:
    """All that can be asked, to be offered where something else was."""
    if of.is_array:
        return sorted((*ARRAY_PROPERTIES, *ARRAY_METHODS))
    return sorted((*_PROPERTIES.get(of, {}), *_METHODS.get(of, {})))


def _of_array(of: AnyType, name: str, method: Method) -> Method:
    element = of.of or OBJECT
    if name in _OF_ELEMENT:
        return Method(method.takes, element, method.does)
    return Method((element,), method.gives, method.does) if name == "Contains" else method


def _of_nullable(of: AnyType, name: str) -> Property | None:
    if name == "HasValue":
        return Property(BOOL, _has_value)
    return Property(of.bare, _value) if name == "Value" else None


def _has_value(it: object) -> bool:
    return it is not None


def _value(it: object) -> object:
    if it is None:
        raise Failing("The value is null (InvalidOperationException).")
    return it


def _equals(it: object, other: object) -> bool:
    return type(it) is type(other) and it == other

"""Which type a name means: C#'s keywords, .NET's names, Azure's interfaces."""

from typing import Final

from entrada.core.gateway.expressions.type import (
    API,
    BASIC,
    BOOL,
    CHAR,
    DATE_TIME,
    DOUBLE,
    GUID,
    INT,
    JWT,
    LAST_ERROR,
    LONG,
    OBJECT,
    OPERATION,
    PRODUCT,
    PRODUCT_STATE,
    REQUEST,
    RESPONSE,
    STRING,
    STRING_COMPARISON,
    SUBSCRIPTION,
    TIME_SPAN,
    URL,
    USER,
    AnyType,
    array,
    nullable,
)

_ALL: Final[tuple[AnyType, ...]] = (
    STRING, BOOL, INT, LONG, DOUBLE, CHAR, OBJECT, GUID, DATE_TIME, TIME_SPAN, JWT, BASIC, REQUEST, RESPONSE, URL,
    LAST_ERROR, API, OPERATION, PRODUCT, SUBSCRIPTION, USER, STRING_COMPARISON, PRODUCT_STATE,
)  # fmt: skip
_ALIASES: Final[dict[str, AnyType]] = {
    "String": STRING, "Boolean": BOOL, "Int32": INT, "Int64": LONG, "Double": DOUBLE, "Char": CHAR, "Object": OBJECT,
}  # fmt: skip
TYPES: Final[dict[str, AnyType]] = {one.name: one for one in _ALL} | _ALIASES


def type_named(name: str) -> AnyType | None:
    if name.endswith("[]"):
        of = type_named(name[:-2])
        return None if of is None or of.is_array else array(of)
    if name.endswith("?"):
        of = type_named(name[:-1])
        return None if of is None or of.is_reference else nullable(of)
    return TYPES.get(name)

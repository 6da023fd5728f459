"""The value of an attribute or a text where it is known before any request comes."""

from collections.abc import Sequence
from typing import Final, TypeVar, cast

from entrada.core.gateway.elements.value import Computed, Constant, EvaluationFailed, Value
from entrada.core.gateway.envoy.not_native import NotNative
from entrada.core.gateway.envoy.way import TokenOf, Way
from entrada.core.gateway.expressions import syntax
from entrada.core.gateway.expressions.types_by_name import TYPES

T = TypeVar("T")

_ROOTS: Final = ("Api", "Operation", "Product", "Deployment")  # of context, all of them
_BLOCKS: Final = (syntax.Declaration, syntax.Assignment, syntax.Do, syntax.If, syntax.Return, syntax.Block, syntax.Out)


def known(value: Value[T], way: Way) -> T:
    """Raises NotNative."""
    if isinstance(value, Constant):
        return value.value
    if not is_known(value.expression.body, way):
        raise NotNative("an expression is computed from the request")
    return _computed(value, way)


def known_or_none(value: Value[T] | None, way: Way) -> T | None:
    return None if value is None else known(value, way)


def all_known(values: Sequence[Value[T]], way: Way) -> tuple[T, ...]:
    return tuple(known(one, way) for one in values)


def _computed(value: Computed[T], way: Way) -> T:
    try:
        return value.of(way.stand_in())
    except EvaluationFailed:
        raise NotNative("an expression always fails") from None


def is_known(node: object, way: Way) -> bool:
    """Whether all it looks at is of the operation, of the gateway's configuration, or a variable that is known."""
    match node:
        case syntax.Name(name=name):
            return name in TYPES  # `context` alone, and names of a block, are not
        case syntax.Member(target=syntax.Member(target=syntax.Name(name="context"), name="Request"), name="Method"):
            return True
        case syntax.Member(target=syntax.Name(name="context"), name=name):
            return name in _ROOTS
        case syntax.Index(target=target, index=syntax.Literal(value=str(name))) if is_variables(target):
            return name in way.variables and not isinstance(way.variables[name], TokenOf)
        case syntax.Call(target=syntax.Name(name=name)) if name not in TYPES:
            return False
        case _ if isinstance(node, _BLOCKS):
            return False
        case _:
            return all(is_known(child, way) for child in _children(node)) and not _is_random(node)


def is_variables(node: object) -> bool:
    match node:
        case syntax.Member(target=syntax.Name(name="context"), name="Variables"):
            return True
        case _:
            return False


def _is_random(node: object) -> bool:
    """Of the clock, or new at each call."""
    match node:
        case syntax.Member(name="Now" | "UtcNow" | "Today"):
            return True
        case syntax.Call(name="NewGuid"):
            return True
        case _:
            return False


def _children(node: object) -> list[object]:
    found = list[object]()
    for name in getattr(node, "__annotations__", {}):
        value: object = getattr(node, name)
        found += cast("tuple[object, ...]", value) if isinstance(value, tuple) else (value,)
    return [one for one in found if type(one).__module__ == syntax.__name__]

"""A property, and a method with the arguments it takes."""

from collections.abc import Callable, Mapping
from typing import TypeAlias

from attrs import frozen

from entrada.core.gateway.expressions.frame import Frame
from entrada.core.gateway.expressions.type import AnyType


@frozen
class Property:
    type: AnyType
    read: Callable[[object], object]


@frozen
class Method:
    """One way to call it; of several ways the first whose types fit is taken."""

    takes: tuple[AnyType, ...]
    gives: AnyType
    does: Callable[..., object]  # of the value, then the arguments; None among them where null was given
    more: AnyType | None = None  # of this type any number may follow: `params`
    out: AnyType | None = None  # the type of a last argument `out x`; then *does* gives (value, what x becomes)
    takes_null: bool = False  # an extension method, which C# calls on null as well


@frozen
class OfFrame:
    """A method of a type that needs the evaluation itself: the time, another Guid."""

    takes: tuple[()] | None  # None for a property
    gives: AnyType
    does: Callable[[Frame], object]


Properties: TypeAlias = Mapping[str, Property]
Methods: TypeAlias = Mapping[str, tuple[Method, ...]]

"""A part of an expression that was checked: its type, and how it is evaluated."""

from collections.abc import Callable
from typing import TypeAlias

from attrs import define, field, frozen

from entrada.core.gateway.document.place import Place
from entrada.core.gateway.expressions.faults import Gathered
from entrada.core.gateway.expressions.frame import Failing, FailingAt, Frame
from entrada.core.gateway.expressions.type import UNKNOWN, AnyType

Run: TypeAlias = Callable[[Frame], object]


@frozen
class Part:
    type: AnyType
    run: Run

    @property
    def is_unknown(self) -> bool:
        return self.type == UNKNOWN


class Absent(Exception):
    """What stands before a `?.` is null."""


def _nothing(_: Frame) -> object:
    return None


FAULTY = Part(UNKNOWN, _nothing)  # of what was told: it is never run


@define
class Scope:
    """What is known where a part stands."""

    gathered: Gathered
    variables: dict[str, AnyType] = field(factory=dict[str, AnyType])  # of the block, in reach
    assigned: set[str] = field(factory=set[str])
    ever: set[str] = field(factory=set[str])  # every name declared: C# lets none hide another

    def fault(self, place: Place, what: str, instead: str) -> Part:
        self.gathered.add(place, what, instead)
        return FAULTY


def at(place: Place, run: Run) -> Run:
    """What fails within fails there."""

    def located(frame: Frame) -> object:
        try:
            frame.spend()
            return run(frame)
        except Failing as failing:
            raise FailingAt(place, str(failing)) from None
        except OverflowError:
            raise FailingAt(place, "The value is too large (OverflowException).") from None

    return located

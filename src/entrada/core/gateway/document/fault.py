"""What is wrong with a policy document, where, and what to write instead."""

from collections.abc import Iterable
from typing import TypeAlias

from attrs import frozen

from entrada.core.gateway.document.place import Place


@frozen
class Fault:
    place: Place
    what: str  # a sentence
    instead: str  # another, in the imperative

    def __str__(self) -> str:
        return f"{self.place}: {self.what} Instead: {self.instead}"


Faults: TypeAlias = tuple[Fault, ...]


def in_order(faults: Iterable[Fault]) -> Faults:
    """As they stand in the document, each told once."""
    return tuple(sorted(set(faults), key=_rank))


def _rank(fault: Fault) -> tuple[int, int, str]:
    return (fault.place.line, fault.place.column, fault.what)

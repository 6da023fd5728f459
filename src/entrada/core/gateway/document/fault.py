"""What is wrong with a policy document, where, and what to write instead."""

from typing import TypeAlias

from attrs import frozen

from entrada.core.gateway.document.place import Place


@frozen(order=True)
class Fault:
    place: Place
    what: str  # a sentence
    instead: str  # another, in the imperative

    def __str__(self) -> str:
        return f"{self.place}: {self.what} Instead: {self.instead}"


Faults: TypeAlias = tuple[Fault, ...]

"""Faults of an expression, gathered by offset and told by place."""

from typing import Final

from attrs import define, field

from entrada.core.gateway.document.fault import Fault, Faults, in_order
from entrada.core.gateway.document.place import Place
from entrada.core.gateway.document.text import Text

_SECRET: Final = "With its secret named values in place, this expression cannot be run."
_SECRET_INSTEAD: Final = "compare the value as a string; to see what is wrong, try with one that is not secret."


class NotReadable(Exception):
    """Nothing behind this can be understood."""


@define
class Gathered:
    text: Text
    faults: list[Fault] = field(factory=list[Fault])

    def add(self, place: Place, what: str, instead: str) -> None:
        self.faults.append(Fault(place, what, instead))

    def told(self) -> Faults:
        """With a secret in the text, where it goes wrong says nothing about the secret: a fault may quote a name."""
        if self.faults and self.text.holds_secret:
            return (Fault(self.text.place, _SECRET, _SECRET_INSTEAD),)
        return in_order(self.faults)

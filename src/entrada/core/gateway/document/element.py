"""The tree of a policy document."""

from collections.abc import Iterator

from attrs import frozen

from entrada.core.gateway.document.place import Place
from entrada.core.gateway.document.text import Text


@frozen
class Attribute:
    name: str
    text: Text
    place: Place  # of the name; the value's is text.place

    @property
    def value(self) -> str:
        return self.text.value


@frozen
class Element:
    name: str
    attributes: tuple[Attribute, ...]
    children: tuple["Element", ...]
    text: Text  # all character data of its own, without that of its children, white space around it left out
    place: Place  # of its `<`

    def attribute(self, name: str) -> Attribute | None:
        return next((one for one in self.attributes if one.name == name), None)

    def walk(self) -> Iterator["Element"]:
        """Itself and all below it, in document order."""
        yield self
        for child in self.children:
            yield from child.walk()

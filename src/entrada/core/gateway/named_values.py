"""`{{name}}` in attributes and text, replaced by what it stands for.  Gateway reference section 1.

After the markup has been read, so that a value can never add elements or end an attribute, and before expressions are,
so that a value may hold one.  A value that itself says `{{name}}` means those characters.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Final

from attrs import define, evolve, field, frozen

from entrada.core.gateway.document.element import Attribute, Element
from entrada.core.gateway.document.fault import Fault, Faults
from entrada.core.gateway.document.text import Piece, Text
from entrada.core.gateway.document.tree import MAX_BYTES

_REFERENCE: Final = re.compile(r"\{\{([A-Za-z0-9._-]{1,256})\}\}")
_MASK: Final = "***"


@frozen
class NamedValue:
    name: str
    value: str = field(repr=False)
    is_secret: bool = False


def by_name(*values: NamedValue) -> dict[str, NamedValue]:
    return {one.name: one for one in values}


def fill(root: Element, values: Mapping[str, NamedValue]) -> tuple[Element, Faults]:
    """The same tree with the values in place; a reference to none is a fault and stays as it is written."""
    filling = _Filling(values)
    return filling.element(root), tuple(filling.faults)


def masked(text: str, values: Mapping[str, NamedValue]) -> str:
    """*text*, about to be shown, without the secret ones; the longest first, since one may hold another."""
    secrets = sorted((one.value for one in values.values() if one.is_secret and one.value), key=len, reverse=True)
    for secret in secrets:
        text = text.replace(secret, _MASK)
    return text


@define
class _Filling:
    values: Mapping[str, NamedValue]
    faults: list[Fault] = field(factory=list[Fault])
    size: int = 0

    def element(self, one: Element) -> Element:
        attributes = tuple(self._attribute(each) for each in one.attributes)
        text = self._text(one.text)
        return evolve(one, attributes=attributes, text=text, children=tuple(map(self.element, one.children)))

    def _attribute(self, one: Attribute) -> Attribute:
        return evolve(one, text=self._text(one.text))

    def _text(self, text: Text) -> Text:
        found = list(_REFERENCE.finditer(text.value))
        return Text.of(self._pieces(text, found), text.place) if found else text

    def _pieces(self, text: Text, found: list[re.Match[str]]) -> Iterator[Piece]:
        end = 0
        for one in found:
            yield from text.part(end, one.start()).pieces
            yield from self._replaced(text, one)
            end = one.end()
        yield from text.part(end, len(text.value)).pieces

    def _replaced(self, text: Text, found: re.Match[str]) -> tuple[Piece, ...]:
        value = self.values.get(found[1])
        place = text.at(found.start())
        if value is None:
            what = f"No named value is called `{found[1]}`."
            self.faults.append(Fault(place, what, "create it, or correct the name."))
            return text.part(found.start(), found.end()).pieces
        self.size += len(value.value)
        if self.size > MAX_BYTES:
            self._too_large(text, found)
            return ()
        return (Piece(value.value, place, found[0], value.is_secret),)

    def _too_large(self, text: Text, found: re.Match[str]) -> None:
        if not self.faults or "too long" not in self.faults[-1].what:
            what = "With its named values in place the document is too long."
            self.faults.append(Fault(text.at(found.start()), what, "name long values less often."))

"""One element being read: typed attributes, children in their order, and a fault for everything else.

What is missing or wrong is remembered and stood in for, so that the author hears of all faults at once; a policy that
was read with faults is thrown away.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import TypeVar

from attrs import define, field

from entrada.core.gateway.document.element import Element
from entrada.core.gateway.document.fault import Fault
from entrada.core.gateway.document.place import Place
from entrada.core.gateway.document.text import Text
from entrada.core.gateway.elements import conversion
from entrada.core.gateway.elements.kind import Kind
from entrada.core.gateway.elements.shape import Lacking
from entrada.core.gateway.elements.value import Computed, Constant, Value
from entrada.core.gateway.expressions.expression import Expression
from entrada.core.gateway.expressions.parse import parse_expression
from entrada.core.gateway.expressions.type import BOOL, OBJECT, AnyType

T = TypeVar("T")


@define(eq=False)
class Reading:
    element: Element
    kinds: Mapping[str, Kind] = field(repr=False)  # of the policies that may stand within this one
    section: str
    scope: str
    path: str = ""
    faults: list[Fault] = field(factory=list[Fault])
    _read_attributes: set[str] = field(factory=lambda: {"id"})
    _read_children: set[str] = field(factory=set[str])
    _read_text: bool = False

    # ---- attributes ------------------------------------------------------------------------------------------------

    def text(self, name: str) -> Value[str] | None:
        return self._value(name, conversion.text)

    def required(self, name: str, instead: str) -> Value[str]:
        found = self.text(name)
        if found is None:
            self.missing(name, instead)
        return found or Constant("")

    def named(self, name: str, convert: Callable[[object], T], wanted: AnyType = OBJECT) -> Value[T] | None:
        """An attribute of a kind of its own; *wanted* is the type of an expression."""
        return self._value(name, convert, wanted)

    def flag(self, name: str, *, default: bool) -> Value[bool]:
        return self._value(name, conversion.flag, BOOL) or Constant(default)

    def number(self, name: str, low: int, high: int) -> Value[int] | None:
        return self._value(name, conversion.number(low, high))

    def one_of(self, name: str, options: Sequence[str], default: str) -> Value[str]:
        return self._value(name, conversion.one_of(options)) or Constant(default)

    def literal(self, name: str, why: str = "is read when the policy is saved") -> str | None:
        """An attribute that takes no expression."""
        self._read_attributes.add(name)
        attribute = self.element.attribute(name)
        if attribute is None:
            return None
        if attribute.text.is_expression:
            what = f"The attribute `{name}` of <{self.element.name}> takes no expression: it {why}."
            self.fault(attribute.text.place, what, "write the value itself, or a named value.")
            return None
        return attribute.value

    def place_of(self, name: str) -> Place:
        attribute = self.element.attribute(name)
        return self.element.place if attribute is None else attribute.text.place

    def has(self, name: str) -> bool:
        return self.element.attribute(name) is not None

    def _value(self, name: str, convert: Callable[[object], T], wanted: AnyType = OBJECT) -> Value[T] | None:
        self._read_attributes.add(name)
        attribute = self.element.attribute(name)
        return None if attribute is None else self._of(attribute.text, convert, f"`{name}`", wanted)

    # ---- text and children -----------------------------------------------------------------------------------------

    def content(self, convert: Callable[[object], T]) -> Value[T] | None:
        """What stands in the element; None where nothing does."""
        self._read_text = True
        return self._of(self.element.text, convert, f"<{self.element.name}>") if self.element.text.value else None

    def texts(self, name: str) -> tuple[Value[str], ...]:
        """Of the children called *name*, each of which has no attributes."""
        return tuple(value for child in self.children(name) if (value := child.only_text()) is not None)

    def only_text(self) -> Value[str] | None:
        value = self.content(conversion.text)
        self.done()
        if value is None:
            self.fault(self.element.place, f"<{self.element.name}> is empty.", "write the value in it.")
        return value

    def child(self, name: str) -> "Reading | None":
        found = list(self.children(name))
        for extra in found[1:]:
            self.fault(extra.element.place, f"<{name}> stands here a second time.", "join them in one.")
        return found[0] if found else None

    def children(self, *names: str) -> Iterator["Reading"]:
        self._read_children.update(names)
        return iter([self.reading(one) for one in self.element.children if one.name in names])

    def reading(self, child: Element) -> "Reading":
        return Reading(child, self.kinds, self.section, self.scope, self.path, self.faults)

    def policies(self) -> tuple[Element, ...]:
        """Its children, all of which are policies."""
        self._read_children.update(one.name for one in self.element.children)
        return self.element.children

    def in_order(self, *names: str) -> None:
        """Children come in the order that Azure documents."""
        last = 0
        for child in self.element.children:
            rank = names.index(child.name) if child.name in names else last
            if rank < last:
                what = f"<{child.name}> stands behind <{names[last]}>."
                self.fault(child.place, what, f"keep the order {', '.join(names)}.")
            last = max(last, rank)

    # ---- faults ----------------------------------------------------------------------------------------------------

    def refuse(self, lacking: Iterable[Lacking]) -> None:
        """What Azure has and we do not."""
        for one in lacking:
            if one.is_element:
                places = [child.element.place for child in self.children(one.name)]
            else:
                self._read_attributes.add(one.name)
                places = [self.place_of(one.name)] if self.has(one.name) else []
            for place in places:
                self.fault(place, one.what, one.instead)

    def fault(self, place: Place, what: str, instead: str) -> None:
        self.faults.append(Fault(place, what, instead))

    def missing(self, name: str, instead: str) -> None:
        self.fault(self.element.place, f"<{self.element.name}> has no attribute `{name}`.", instead)

    def done(self) -> None:
        """Everything that nobody asked for is a fault."""
        for attribute in self.element.attributes:
            if attribute.name not in self._read_attributes:
                what = f"<{self.element.name}> takes no attribute `{attribute.name}`."
                self.fault(attribute.place, what, _instead("attributes", self._read_attributes))
        for child in self.element.children:
            if child.name not in self._read_children:
                what = f"<{child.name}> cannot stand in <{self.element.name}>."
                self.fault(child.place, what, _instead("elements", self._read_children))
        if self.element.text.value and not self._read_text:
            what = f"Text stands directly in <{self.element.name}>."
            self.fault(self.element.text.place, what, "put it into one of its elements, or leave it out.")

    def _of(self, text: Text, convert: Callable[[object], T], where: str, wanted: AnyType = OBJECT) -> Value[T] | None:
        if text.is_expression:
            parsed = parse_expression(text, wanted)
            if isinstance(parsed, Expression):
                return Computed(parsed, convert)
            self.faults.extend(parsed)
            return None
        try:
            return Constant(convert(text.value), text.holds_secret)
        except ValueError as problem:
            self.fault(text.place, f"{where} is {text.shown[:80]!r}.", f"{problem}")
            return None


def _instead(kind: str, known: set[str]) -> str:
    return f"it takes the {kind} {', '.join(sorted(known))}." if known else f"it takes no {kind}: leave it out."

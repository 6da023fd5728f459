"""What an element is made of, said beside what reads it: for completion, and for the reference of policies."""

from collections.abc import Iterator
from typing import Final

from attrs import frozen

FLAG: Final = ("true", "false")


@frozen(kw_only=True)
class Attribute:
    name: str
    what: str
    values: tuple[str, ...] = ()  # all that may be written; empty: anything of its kind
    suggested: tuple[str, ...] = ()  # among others
    default: str = ""
    required: bool = False
    usual: bool = False  # not required, and still what one begins with
    is_literal: bool = False  # takes no expression


@frozen(kw_only=True)
class Lacking:
    """An attribute, or an element, that Azure has and we refuse."""

    name: str
    what: str
    instead: str
    is_element: bool = False


@frozen(kw_only=True)
class Shape:
    """*children* come in this order where it matters."""

    name: str
    what: str
    attributes: tuple[Attribute, ...] = ()
    children: tuple["Shape", ...] = ()
    lacking: tuple[Lacking, ...] = ()
    text: str = ""  # what stands in it; empty: elements alone
    suggested: tuple[str, ...] = ()  # of its text
    required: bool = False  # within what holds it
    repeats: bool = False
    holds_policies: bool = False
    ordered: bool = True  # its children

    def attribute(self, name: str) -> Attribute | None:
        return next((one for one in self.attributes if one.name == name), None)

    def child(self, name: str) -> "Shape | None":
        return next((one for one in self.children if one.name == name), None)

    def walk(self) -> Iterator["Shape"]:
        """Itself and all below it."""
        yield self
        for one in self.children:
            yield from one.walk()


def flag(name: str, what: str, *, default: bool) -> Attribute:
    return Attribute(name=name, what=what, values=FLAG, default=str(default).lower())


def item(name: str, what: str, text: str, *suggested: str, required: bool = True) -> Shape:
    """One of a list, with nothing but a text in it."""
    return Shape(name=name, what=what, text=text, suggested=suggested, required=required, repeats=True)

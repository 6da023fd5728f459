"""The sections of a policy document and the statements in them.  Gateway reference section 1."""

from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from typing import Final

from attrs import frozen

from entrada.core.gateway.document.element import Element
from entrada.core.gateway.document.fault import Fault, Faults
from entrada.core.gateway.document.place import Place

SECTIONS: Final = ("inbound", "backend", "outbound", "on-error")
_ORDER: Final = "inbound, backend, outbound, on-error"
BASE: Final = "base"


@frozen
class Section:
    name: str
    statements: tuple[Element, ...]
    place: Place


@frozen
class Policies:
    """A document: of each section at most one."""

    sections: tuple[Section, ...]

    def section(self, name: str) -> Section | None:
        return next((one for one in self.sections if one.name == name), None)


def sorted_into_sections(root: Element) -> tuple[Policies, Faults]:
    """What can be understood, and everything that is wrong with the outline."""
    if root.name != "policies":
        return Policies(()), (_foreign_root(root),)
    known = [one for one in root.children if one.name in SECTIONS]
    sections = {one.name: Section(one.name, one.children, one.place) for one in reversed(known)}
    return Policies(tuple(sections[name] for name in SECTIONS if name in sections)), tuple(_faults(root, known))


def _foreign_root(root: Element) -> Fault:
    if root.name == "fragment":
        what = "This is a policy fragment; fragments are not supported."
        return Fault(root.place, what, "write its statements where include-fragment names it.")
    what = f"The root element is <{root.name}>."
    if root.name in SECTIONS:
        return Fault(root.place, what, f"write <policies> around <{root.name}>.")
    return Fault(root.place, what, f"write <policies><inbound> <{root.name} …> … </inbound></policies>.")


def _faults(root: Element, known: list[Element]) -> Iterator[Fault]:
    yield from _plain(root)
    for one in root.children:
        if one.name not in SECTIONS:
            yield _unknown(one)
    yield from _doubled(known, "section")
    yield from _out_of_order(known)
    for section in known:
        yield from _plain(section)
        yield from _doubled([one for one in section.children if one.name == BASE], "element")
        yield from _about_statements(section)


def _plain(one: Element) -> Iterator[Fault]:
    """Policies, sections and base have neither attributes nor text of their own."""
    for attribute in one.attributes:
        yield Fault(attribute.place, f"<{one.name}> takes no attribute `{attribute.name}`.", "leave it out.")
    if one.text.value:
        what = f"Text stands directly in <{one.name}>."
        yield Fault(one.text.place, what, "put it into a policy element, or into <!-- a comment -->.")


def _unknown(one: Element) -> Fault:
    what = f"There is no section <{one.name}>."
    if one.name == BASE:
        return Fault(one.place, "<base /> stands outside the sections.", "put it into a section.")
    return Fault(one.place, what, f"the sections are {_ORDER}; put a policy element into one of them.")


def _doubled(elements: list[Element], kind: str) -> Iterator[Fault]:
    seen = Counter[str]()
    for one in elements:
        seen[one.name] += 1
        if seen[one.name] > 1:
            yield Fault(one.place, f"The {kind} <{one.name}> stands here a second time.", "join them in one.")


def _out_of_order(known: list[Element]) -> Iterator[Fault]:
    for before, after in pairwise(known):
        if SECTIONS.index(after.name) < SECTIONS.index(before.name):
            what = f"<{after.name}> stands behind <{before.name}>."
            yield Fault(after.place, what, f"keep the order {_ORDER}.")


def _about_statements(section: Element) -> Iterator[Fault]:
    for statement in section.children:
        for one in statement.walk():
            yield from _about(one, is_statement=one is statement)


def _about(one: Element, *, is_statement: bool) -> Iterator[Fault]:
    if one.name == "include-fragment":
        what = "Fragments are not supported, so include-fragment cannot be."
        yield Fault(one.place, what, "write the fragment's statements here.")
    elif one.name == BASE:
        yield from _plain(one)
        for child in one.children:
            yield Fault(child.place, "Something stands in <base>.", "write <base />, and this before or behind it.")
        if not is_statement:  # [unverified] whether Azure takes it there
            what = "<base /> stands within another element."
            yield Fault(
                one.place, what, "put it directly into the section: conditions cannot choose what is inherited."
            )

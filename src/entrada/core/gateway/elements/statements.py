"""The elements of a section, or of a branch, as statements: each read by its kind, or refused by name."""

from collections import Counter
from collections.abc import Iterable, Mapping
from difflib import get_close_matches

from entrada.core.gateway.document.element import Element
from entrada.core.gateway.document.fault import Fault
from entrada.core.gateway.elements.kind import Kind
from entrada.core.gateway.elements.reading import Reading
from entrada.core.gateway.elements.refused import REFUSED
from entrada.core.gateway.elements.statement import Statement

Kinds = Mapping[str, Kind]


def read_statements(
    elements: Iterable[Element], kinds: Kinds, *, section: str, scope: str, path: str, faults: list[Fault]
) -> tuple[Statement, ...]:
    """*faults* is added to; `base` is not among *elements*."""
    seen = Counter[str]()
    found = list[Statement]()
    for element in elements:
        seen[element.name] += 1
        at = f"{path}/{element.name}[{seen[element.name]}]".removeprefix("/")
        kind = kinds.get(element.name)
        if kind is None or section not in kind.sections or scope not in kind.scopes:
            faults.append(_refused(element, kind, section, kinds))
        elif kind.once and seen[element.name] > 1:
            what = f"<{element.name}> stands here a second time."
            faults.append(Fault(element.place, what, f"keep one of them in {section}."))
        else:
            found.append(_read(element, kind, Reading(element, kinds, section, scope, at, faults)))
    return tuple(found)


def _read(element: Element, kind: Kind, reading: Reading) -> Statement:
    policy = kind.read(reading)
    reading.done()
    return Statement(
        element=element.name,
        scope=reading.scope,
        place=element.place,
        path=reading.path,
        policy=policy,
        id=reading.literal("id"),
    )


def _refused(element: Element, kind: Kind | None, section: str, kinds: Kinds) -> Fault:
    if kind is None or (section not in kind.sections and element.name in REFUSED):
        what, instead = REFUSED.get(element.name, ("", ""))
        if not what:
            return Fault(element.place, f"There is no policy <{element.name}>.", _meant(element.name, kinds))
        return Fault(element.place, f"<{element.name}> is not supported here. {what}", instead)
    if section not in kind.sections:
        what = f"<{element.name}> cannot stand in {section}."
        return Fault(element.place, what, f"put it into {' or '.join(kind.sections)}.")
    what = f"<{element.name}> cannot stand in the policy of this scope."
    return Fault(element.place, what, f"put it into a policy of {' or '.join(kind.scopes)}.")


def _meant(name: str, kinds: Kinds) -> str:
    """What runs here comes first: of the rest one would only learn that it is not supported."""
    near = get_close_matches(name, kinds, 1) or get_close_matches(name, REFUSED, 1)
    return f"did you mean <{near[0]}>?" if near else "look for the name among Azure's."

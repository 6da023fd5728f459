"""What may be written where the caret is in a policy document: elements, attributes, values, words of expressions.

It knows what `elements/register.py` and `expressions/members/` know, and nothing else; half a document will do.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from attrs import frozen

from entrada.core.gateway.document.place import Lines
from entrada.core.gateway.document.policies import BASE, SECTIONS
from entrada.core.gateway.document.tree import MAX_BYTES
from entrada.core.gateway.elements.kind import Kind
from entrada.core.gateway.elements.register import KINDS
from entrada.core.gateway.elements.shape import Attribute, Shape
from entrada.core.gateway.expressions import half_written as code
from entrada.core.gateway.half_written import Caret, Spot, caret_in
from entrada.core.gateway.named_values import NamedValue

INDENT: Final = "    "
_NAMED: Final = re.compile(r"\{\{[A-Za-z0-9._-]{0,256}\Z")
_SKELETON: Final = "".join(f"\n{INDENT}<{one}>\n{INDENT * 2}<base />\n{INDENT}</{one}>" for one in SECTIONS)
_SECTIONS: Final = {
    "inbound": "before the backend is asked",
    "backend": "how it is asked",
    "outbound": "when it has answered",
    "on-error": "when something was refused or failed",
}


@frozen(kw_only=True)
class Completion:
    """*insert* takes the place of so many characters *before* and *after* the caret, which then stands at *caret*."""

    insert: str
    label: str
    what: str
    before: int
    after: int
    caret: int


@frozen(kw_only=True)
class Suggested:
    """A value that the installation knows: an audience by the name of its application."""

    value: str
    what: str


Suggestions = Mapping[tuple[str, str], tuple[Suggested, ...]]
"""By an element and its attribute; the name of none for what stands in the element."""


@frozen(kw_only=True)
class _Offer:
    insert: str
    label: str
    what: str
    caret: int | None = None  # behind it all


def completions(
    text: str,
    line: int,
    column: int,
    scope: str,
    named_values: Mapping[str, NamedValue],
    suggestions: Suggestions | None = None,
) -> tuple[Completion, ...]:
    """*line* and *column* count from 1, in characters."""
    at = _offset(text, line, column)
    if at is None or len(text) > MAX_BYTES:
        return ()
    caret = caret_in(text, at)
    named = _NAMED.search(text, max(caret.start, at - 260), at)
    if named is not None:
        start, offers = named.start(), tuple(_named_values(named_values))
        return _fitting(text, caret, start, at + 2 * text.startswith("}}", at), offers)
    start, end, offers = _offers(text, caret, scope, suggestions or {})
    return _fitting(text, caret, start, end, offers)


def _offset(text: str, line: int, column: int) -> int | None:
    starts = Lines.of(text).starts
    if not 1 <= line <= len(starts) or column < 1:
        return None
    return min(starts[line - 1] + column - 1, len(text))


def _fitting(text: str, caret: Caret, start: int, end: int, offers: Iterable[_Offer]) -> tuple[Completion, ...]:
    """Those that begin with what is typed, then those that hold it."""
    typed = text[start : caret.at].strip("</\"'@({ \t\r\n").lower()
    ranked = sorted(
        (not one.label.lower().lstrip("</@({").startswith(typed), number, one)
        for number, one in enumerate(offers)
        if typed in one.label.lower()
    )
    return tuple(
        Completion(
            insert=one.insert,
            label=one.label,
            what=one.what,
            before=caret.at - start,
            after=end - caret.at,
            caret=len(one.insert) if one.caret is None else one.caret,
        )
        for _, _, one in ranked
    )


def _offers(text: str, caret: Caret, scope: str, suggestions: Suggestions) -> tuple[int, int, tuple[_Offer, ...]]:
    """With where what they replace begins and ends."""
    match caret.spot:
        case Spot.CONTENT:
            return _in_content(text, caret, scope, suggestions)
        case Spot.TAG:
            return caret.start, caret.at if not caret.is_begun else caret.end, tuple(_tags(text, caret, scope))
        case Spot.CLOSING:
            return caret.start, caret.end, tuple(_closing(caret))
        case Spot.ATTRIBUTE:
            return caret.start, caret.end, tuple(_attributes(text, caret))
        case Spot.VALUE:
            return caret.start, caret.end, tuple(_values(caret, suggestions))
        case Spot.EXPRESSION:
            return _in_expression(text, caret)
        case Spot.NOWHERE:
            return caret.at, caret.at, ()


# ---- elements ------------------------------------------------------------------------------------------------------


def _in_content(text: str, caret: Caret, scope: str, suggestions: Suggestions) -> tuple[int, int, tuple[_Offer, ...]]:
    shape = shape_at(caret.within)
    if shape is None or not shape.text:
        return caret.start, caret.at, tuple(_elements(text, caret, scope))
    start = text.rfind(">", 0, caret.at) + 1
    following = text.find("<", caret.at)
    end = len(text) if following < 0 else following
    known = suggestions.get((shape.name, ""), ())
    offers = [_Offer(insert=one.value, label=one.value, what=one.what) for one in known]
    offers += [_Offer(insert=one, label=one, what=shape.text) for one in shape.suggested]
    return start, end, (*offers, _EXPRESSION)


def _tags(text: str, caret: Caret, scope: str) -> Iterator[_Offer]:
    """A tag that has begun keeps what stands in it; one that is whole is left alone, with what closes it."""
    for one in _elements(text, caret, scope):
        if not caret.is_begun:
            yield one
        elif not text.startswith(">", caret.end):
            yield _Offer(insert=f"<{one.label}", label=one.label, what=one.what)


def _elements(text: str, caret: Caret, scope: str) -> Iterator[_Offer]:
    indent = _indent(text, caret.start)
    if not caret.within:
        if "policies" not in (*caret.before, *caret.after):
            skeleton = f"<policies>{_SKELETON}\n</policies>"
            yield _Offer(insert=skeleton, label="policies", what="a document with its four sections")
        return
    if caret.within == ("policies",):
        yield from _sections(caret, indent)
        return
    if len(caret.within) == 2 and caret.within[0] == "policies" and BASE not in (*caret.before, *caret.after):
        yield _Offer(insert="<base />", label=BASE, what="what the wider scopes say, at this place")
    for shape in _standing(caret, scope):
        insert, at = written(shape, indent)
        yield _Offer(insert=insert, label=shape.name, what=shape.what, caret=at)


def _sections(caret: Caret, indent: str) -> Iterator[_Offer]:
    known = [SECTIONS.index(one) for one in caret.before if one in SECTIONS]
    later = [SECTIONS.index(one) for one in caret.after if one in SECTIONS]
    for number, name in enumerate(SECTIONS):
        if all(one < number for one in known) and all(one > number for one in later):
            insert = f"<{name}>\n{indent}{INDENT}<base />\n{indent}</{name}>"
            yield _Offer(insert=insert, label=name, what=_SECTIONS[name], caret=insert.index("<base />"))


def _standing(caret: Caret, scope: str) -> Iterator[Shape]:
    """What may stand here: policies of the section, or parts of a policy."""
    shape = shape_at(caret.within)
    beside = (*caret.before, *caret.after)
    if len(caret.within) == 2 or (shape is not None and shape.holds_policies):
        for kind in KINDS.values():
            if _may_stand(kind, caret.within[1], scope) and not (kind.once and kind.name in beside):
                yield kind.shape
    elif shape is not None:
        yield from (one for one in _parts(shape, caret) if one.repeats or one.name not in beside)


def _may_stand(kind: Kind, section: str, scope: str) -> bool:
    return section in kind.sections and scope in kind.scopes


def _parts(shape: Shape, caret: Caret) -> Iterator[Shape]:
    names = [one.name for one in shape.children]
    lowest = max((names.index(one) for one in caret.before if one in names), default=0) if shape.ordered else 0
    highest = len(names) - 1
    if shape.ordered:
        highest = min((names.index(one) for one in caret.after if one in names), default=highest)
    yield from shape.children[lowest : highest + 1]


def shape_at(within: tuple[str, ...]) -> Shape | None:
    """Of the innermost of *within*, whose first is the root and whose second a section."""
    shape: Shape | None = None
    for name in within[2:]:
        kind = KINDS.get(name) if shape is None or shape.holds_policies else None
        shape = kind.shape if kind is not None else shape.child(name) if shape is not None else None
        if shape is None:
            return None
    return shape


def written(shape: Shape, indent: str) -> tuple[str, int]:
    """As one begins with it, and where the caret goes: into the first gap."""
    attributes = "".join(f' {one.name}="{_first(one)}"' for one in shape.attributes if one.required or one.usual)
    if not shape.children and not shape.text and not shape.holds_policies:
        return _with_gap(f"<{shape.name}{attributes} />")
    inner = [written(one, indent + INDENT)[0] for one in shape.children if one.required]
    if shape.text:
        return _with_gap(f"<{shape.name}{attributes}></{shape.name}>")
    lines = "".join(f"\n{indent}{INDENT}{one}" for one in inner or [""])
    return _with_gap(f"<{shape.name}{attributes}>{lines}\n{indent}</{shape.name}>")


def _with_gap(insert: str) -> tuple[str, int]:
    gaps = [found.start() + 1 for found in re.finditer(r'""|@\(\)|><|\n\s*(?=\n)', insert)]
    if insert.startswith("<") and not gaps:
        return insert, len(insert)
    first = gaps[0]
    if insert[first - 1 : first + 1] == "@(":
        return insert, first + 1
    if insert[first - 1] == "\n":
        return insert, insert.index("\n", first)
    return insert, first


def _first(one: Attribute) -> str:
    if one.name == "condition":
        return "@()"
    return next((value for value in (*one.values, *one.suggested) if one.usual or one.values), "")


def _indent(text: str, at: int) -> str:
    line = text[text.rfind("\n", 0, at) + 1 : at]
    return line[: len(line) - len(line.lstrip(" \t"))]


def _closing(caret: Caret) -> Iterator[_Offer]:
    if caret.within and not caret.is_closed:
        name = caret.within[-1]
        yield _Offer(insert=f"</{name}>", label=f"/{name}", what="ends it")


# ---- attributes and their values -----------------------------------------------------------------------------------


def _attributes(text: str, caret: Caret) -> Iterator[_Offer]:
    shape = shape_at((*caret.within, caret.element))
    space = "" if caret.start and text[caret.start - 1].isspace() else " "
    for one in shape.attributes if shape else ():
        if one.name not in caret.attributes:
            insert = f"{space}{one.name}" if caret.is_begun else f'{space}{one.name}=""'
            yield _Offer(insert=insert, label=one.name, what=_said(one), caret=len(insert) - (not caret.is_begun))


def _said(one: Attribute) -> str:
    needed = "needed: " if one.required else ""
    return f"{needed}{one.what}{f' ({one.default} otherwise)' if one.default else ''}"


def _values(caret: Caret, suggestions: Suggestions) -> Iterator[_Offer]:
    shape = shape_at((*caret.within, caret.element))
    one = shape.attribute(caret.attribute) if shape else None
    if one is None:
        return
    end = "" if caret.ends else '"'
    for known in suggestions.get((caret.element, caret.attribute), ()):
        yield _Offer(insert=known.value + end, label=known.value, what=known.what)
    for value in (*one.values, *one.suggested):
        what = "what holds without it" if value == one.default else one.what
        yield _Offer(insert=value + end, label=value, what=what)
    if not one.is_literal:
        yield _Offer(insert=f"@(){end}", label="@(…)", what="an expression", caret=2)


def _named_values(named_values: Mapping[str, NamedValue]) -> Iterator[_Offer]:
    for name, one in sorted(named_values.items()):
        yield _Offer(
            insert=f"{{{{{name}}}}}", label=name, what="a secret named value" if one.is_secret else "a named value"
        )


_EXPRESSION: Final = _Offer(insert="@()", label="@(…)", what="an expression", caret=2)


# ---- expressions ---------------------------------------------------------------------------------------------------


def _in_expression(text: str, caret: Caret) -> tuple[int, int, tuple[_Offer, ...]]:
    word, known = code.offers(text[caret.start + 2 : caret.at])
    offers = tuple(
        _Offer(insert=one.insert, label=one.insert, what=one.what, caret=len(one.insert) - one.is_called)
        for one in known
    )
    return caret.at - len(word), caret.at, offers

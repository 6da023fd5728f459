"""Where the caret stands in a document that somebody is still writing: in which elements, tag, value or expression.

Nothing is refused here: what is not closed yet ends where a reader would see its end.
"""

import re
from collections.abc import Iterator
from enum import Enum
from typing import Final

from attrs import define, evolve, field, frozen

from entrada.core.gateway.document.extent import end_of_expression

_MARKUP: Final = (("<!--", "-->"), ("<![CDATA[", "]]>"), ("<?", "?>"), ("<!", ">"))
_NAME: Final = re.compile(r"[A-Za-z_][\w.-]*")
_ATTRIBUTE: Final = re.compile(r"""[^\s=/<>"']+""")
_EQUALS: Final = re.compile(r"\s*=\s*")
_EXPRESSION: Final = re.compile(r"\s*@(?=[({])")
_SPACE: Final = re.compile(r"\s*")
_WORD: Final = re.compile(r"[A-Za-z-]*\Z")
_MOST_UNCLOSED: Final = 20  # expressions whose end is looked for in vain: each is read to its longest


class Spot(Enum):
    CONTENT = "between tags"
    TAG = "in the name of a tag"
    CLOSING = "in a closing tag"
    ATTRIBUTE = "in a tag, where an attribute may stand"
    VALUE = "in the value of an attribute"
    EXPRESSION = "in @(…) or @{…}"
    NOWHERE = "in a comment, or behind everything"


@frozen(kw_only=True)
class Value:
    """Of an attribute: from behind its quote; *ends* tells whether that was closed."""

    name: str
    start: int
    end: int
    ends: bool


class Kind(Enum):
    OPENS = "<a>"
    EMPTY = "<a/>"
    CLOSES = "</a>"
    BROKEN = "<a"
    MARKUP = "a comment, or its like"
    EXPRESSION = "an expression in text"


@frozen(kw_only=True)
class Token:
    kind: Kind
    start: int
    end: int
    name: str = ""
    name_end: int = 0
    values: tuple[Value, ...] = ()
    names: tuple[tuple[str, int], ...] = ()  # of attributes, each with where it ends
    expressions: tuple[tuple[int, int], ...] = ()  # from their `@` on

    def holds(self, caret: int) -> bool:
        return self.start < caret < self.end or (self.kind is Kind.BROKEN and caret == self.end)


@frozen(kw_only=True)
class Caret:
    spot: Spot
    at: int
    start: int  # of what is being written
    end: int  # of it, behind the caret
    within: tuple[str, ...] = ()  # the root first
    before: tuple[str, ...] = ()  # siblings
    after: tuple[str, ...] = ()
    is_closed: bool = True  # what it stands within
    element: str = ""  # of the tag that it is in
    is_begun: bool = False  # the tag has more than its name already
    attributes: frozenset[str] = frozenset()
    attribute: str = ""
    ends: bool = True  # the value, by its quote


def caret_in(text: str, at: int) -> Caret:
    tokens = list(_tokens(text))
    here = next((one for one in tokens if one.holds(at)), None)
    opened = _Opened()
    for token in tokens:
        if token.end <= at and token is not here:
            opened.take(token)
    after, is_closed = _behind([one for one in tokens if one.start >= at and one is not here])
    around = Caret(
        spot=Spot.NOWHERE,
        at=at,
        start=at,
        end=at,
        within=tuple(opened.names),
        before=tuple(opened.siblings[-1]),
        after=after,
        is_closed=is_closed,
    )
    return _in_content(text, around) if here is None else _in_token(text, around, here)


@define
class _Opened:
    names: list[str] = field(factory=list[str])
    siblings: list[list[str]] = field(factory=lambda: [list[str]()])

    def take(self, token: Token) -> None:
        if token.kind in (Kind.OPENS, Kind.EMPTY):
            self.siblings[-1].append(token.name)
        if token.kind is Kind.OPENS:
            self.names.append(token.name)
            self.siblings.append([])
        if token.kind is Kind.CLOSES and token.name in self.names:
            while self.names.pop() != token.name:
                self.siblings.pop()
            self.siblings.pop()


def _behind(tokens: list[Token]) -> tuple[tuple[str, ...], bool]:
    """The siblings that follow, and whether what they stand in is closed."""
    depth, found = 0, list[str]()
    for token in tokens:
        if token.kind is Kind.CLOSES and depth == 0:
            return tuple(found), True
        if token.kind in (Kind.OPENS, Kind.EMPTY) and depth == 0:
            found.append(token.name)
        depth += {Kind.OPENS: 1, Kind.CLOSES: -1}.get(token.kind, 0)
    return tuple(found), False


# ---- what the caret is in ------------------------------------------------------------------------------------------


def _in_content(text: str, around: Caret) -> Caret:
    typed = _WORD.search(text, max(around.at - 100, 0), around.at)
    start = typed.start() if typed else around.at
    return evolve(around, spot=Spot.CONTENT, start=start)


def _in_token(text: str, around: Caret, token: Token) -> Caret:
    at = around.at
    if token.kind is Kind.MARKUP:
        return around
    for start, end in token.expressions:
        if start + 1 < at <= end:
            return evolve(around, spot=Spot.EXPRESSION, start=start, end=end)
    if token.kind is Kind.CLOSES or text.startswith("</", token.start):
        return evolve(around, spot=Spot.CLOSING, start=token.start, end=token.end)
    tag = evolve(around, element=token.name, attributes=frozenset(name for name, _ in token.names))
    if at <= token.name_end:
        is_begun = bool(token.names) or token.kind is not Kind.BROKEN
        return evolve(tag, spot=Spot.TAG, start=token.start, end=token.name_end, is_begun=is_begun)
    for value in token.values:
        if value.start <= at <= value.end:
            return evolve(tag, spot=Spot.VALUE, start=value.start, end=value.end, attribute=value.name, ends=value.ends)
    return _in_attributes(tag, token)


def _in_attributes(tag: Caret, token: Token) -> Caret:
    for name, end in token.names:
        if end - len(name) < tag.at <= end:
            known = tag.attributes - {name}
            is_begun = any(one.name == name and one.start > tag.at for one in token.values)
            return evolve(tag, spot=Spot.ATTRIBUTE, start=end - len(name), end=end, attributes=known, is_begun=is_begun)
    return evolve(tag, spot=Spot.ATTRIBUTE)


# ---- tokens --------------------------------------------------------------------------------------------------------


def _tokens(text: str) -> Iterator[Token]:
    reading, at = _Reading(text), 0
    while at < len(text):
        token = reading.markup(at) if text[at] == "<" else reading.text_expression(at)
        if token is not None:
            yield token
            at = max(token.end, at + 1)
        else:
            following = text.find("<", at + 1)
            at = len(text) if following < 0 else following


@define
class _Reading:
    text: str
    unclosed: int = 0

    def markup(self, start: int) -> Token | None:
        for opening, closing in _MARKUP:
            if self.text.startswith(opening, start):
                end = self.text.find(closing, start + len(opening))
                return Token(kind=Kind.MARKUP, start=start, end=len(self.text) + 1 if end < 0 else end + len(closing))
        return self._tag(start)

    def text_expression(self, start: int) -> Token | None:
        """Where the text between tags begins, at *start*."""
        found = _EXPRESSION.match(self.text, start)
        if found is None or (start and self.text[start - 1] != ">"):
            return None
        begin, end = found.end() - 1, self._past_expression(found.end(), r"</")
        return Token(kind=Kind.EXPRESSION, start=begin, end=end, expressions=((begin, end),))

    def _tag(self, start: int) -> Token:
        closes = self.text.startswith("</", start)
        named = _NAME.match(self.text, start + 1 + closes)
        at = named.end() if named else start + 1 + closes
        tag = _Tag(self, at)
        kind = tag.read()
        return Token(
            kind=Kind.CLOSES if closes and kind is not Kind.BROKEN else kind,
            start=start,
            end=tag.at,
            name=named[0] if named else "",
            name_end=at,
            values=tuple(tag.values),
            names=tuple(tag.names),
            expressions=tuple(tag.expressions),
        )

    def past_value_expression(self, start: int, quote: str) -> int:
        return self._past_expression(start, rf"""{quote}\s*(?:/?>|[\w-]+\s*=\s*["'])""")

    def _past_expression(self, bracket: int, otherwise: str) -> int:
        """*otherwise*: what ends it where its brackets do not."""
        end = end_of_expression(self.text, bracket - 1) if self.unclosed < _MOST_UNCLOSED else None
        if isinstance(end, int):
            return end
        self.unclosed += 1
        found = re.compile(otherwise).search(self.text, bracket)
        return found.start() if found else len(self.text)


@define
class _Tag:
    """Attributes, from behind the name to the end of the tag."""

    reading: _Reading
    at: int
    values: list[Value] = field(factory=list[Value])
    names: list[tuple[str, int]] = field(factory=list[tuple[str, int]])
    expressions: list[tuple[int, int]] = field(factory=list[tuple[int, int]])

    def read(self) -> Kind:
        text = self.reading.text
        while True:
            here = self._past(_SPACE)
            if text.startswith("/>", here):
                self.at = here + 2
                return Kind.EMPTY
            if text.startswith(">", here):
                self.at = here + 1
                return Kind.OPENS
            self.at = here
            if here >= len(text) or text[here] == "<":
                return Kind.BROKEN
            if not self._attribute():
                return Kind.BROKEN

    def _attribute(self) -> bool:
        text = self.reading.text
        name = _ATTRIBUTE.match(text, self.at)
        if name is None:
            self.at += 1
            return True
        self.at = name.end()
        self.names.append((name[0], self.at))
        equals = _EQUALS.match(text, self.at)
        quote = text[equals.end() : equals.end() + 1] if equals else ""
        if equals is None or quote not in ('"', "'") or not quote:
            return True
        self.at = equals.end() + 1
        return self._value(name[0], quote)

    def _value(self, name: str, quote: str) -> bool:
        text, start = self.reading.text, self.at
        expression = _EXPRESSION.match(text, start)
        if expression:
            self.at = self.reading.past_value_expression(expression.end(), quote)
            self.expressions.append((expression.end() - 1, self.at))
        end = next((one.start() for one in re.compile(f"[{quote}<]").finditer(text, self.at)), len(text))
        ends = text[end : end + 1] == quote
        if not ends:  # then it ends with its line
            following = text.find("\n", self.at, end)
            end = end if following < 0 else following
        self.values.append(Value(name=name, start=start, end=end, ends=ends))
        self.at = end + ends
        return ends

    def _past(self, space: re.Pattern[str]) -> int:
        found = space.match(self.reading.text, self.at)
        return found.end() if found else self.at

"""What may follow in an expression that somebody is still writing: members of what stands before the dot, or names."""

import re
from typing import Final

from attrs import frozen

from entrada.core.gateway.expressions.members.member import Method, OfFrame
from entrada.core.gateway.expressions.members.of_types import OF_TYPES, Constant, Static
from entrada.core.gateway.expressions.members.table import methods_of, names_of, property_of
from entrada.core.gateway.expressions.type import (
    CHAR,
    CONTEXT,
    HEADERS,
    OBJECT,
    PARAMETERS,
    STRING,
    STRINGS,
    VARIABLES,
    AnyType,
)
from entrada.core.gateway.expressions.types_by_name import type_named

_LONGEST: Final = 1000  # characters before the caret that are looked at
_NAME: Final = re.compile(r"[A-Za-z_]\w*\Z")
_GENERIC: Final = re.compile(r"([A-Za-z_]\w*)<([A-Za-z_][\w?\[\]]*)>\Z")
_CAST: Final = re.compile(r"\(([A-Za-z_][\w?\[\]]*)\)\s*\S")
_AS: Final = re.compile(r"\bas\s+([A-Za-z_][\w?\[\]]*)\s*\Z")
_OPENING: Final = {")": "(", "]": "["}
_INDEXED: Final[dict[AnyType, AnyType]] = {HEADERS: STRINGS, PARAMETERS: STRING, VARIABLES: OBJECT, STRING: CHAR}
_NUMBERS: Final = "0123456789"
_WORDS: Final = {
    "context": "the request under way, and what is known of it",
    "true": "bool",
    "false": "bool",
    "null": "nothing",
    "return": "in @{ … }: what it gives",
    "var": "in @{ … }: a variable",
    "if": "in @{ … }: a condition",
    "else": "in @{ … }: otherwise",
}


@frozen(kw_only=True)
class Offer:
    insert: str
    what: str
    is_called: bool = False  # with arguments: the caret goes between the brackets


def offers(code: str) -> tuple[str, tuple[Offer, ...]]:
    """Of *code*, from its `@(` to the caret: what is typed already, and all that may stand in its place."""
    code = code[-_LONGEST:]
    if _is_in_text(code):
        return "", ()
    typed = _NAME.search(code)
    word = typed[0] if typed else ""
    rest = code[: len(code) - len(word)].rstrip()
    if rest.endswith("."):
        return word, _members(rest[:-1].removesuffix("?"))
    if rest.endswith(tuple(_NUMBERS)) and not word:
        return "", ()
    return word, _names()


def _is_in_text(code: str) -> bool:
    """In a string, or a comment that ends with its line."""
    without = re.sub(r'@"(?:[^"]|"")*"|"(?:[^"\\\n]|\\.)*"|/\*.*?\*/|//[^\n]*\n', "", code, flags=re.DOTALL)
    return '"' in without or "//" in without or "/*" in without


def _names() -> tuple[Offer, ...]:
    words = [Offer(insert=name, what=what) for name, what in _WORDS.items()]
    return (*words, *(Offer(insert=name, what=f"members of {name} itself") for name in OF_TYPES))


def _members(before: str) -> tuple[Offer, ...]:
    links = _Chain(before).links()
    if len(links) == 1 and links[0][0] == "name" and links[0][1] in OF_TYPES:
        return tuple(_static(name, one) for name, one in OF_TYPES[links[0][1]].items())
    of = _type_of(links)
    return () if of is None else tuple(_of_type(of, name) for name in _names_of(of))


def _names_of(of: AnyType) -> list[str]:
    return ["HasValue", "Value"] if of.is_nullable_value else names_of(of)


def _of_type(of: AnyType, name: str) -> Offer:
    found = property_of(of, name)
    return Offer(insert=name, what=found.type.name) if found else _method(name, methods_of(of, name))


def _static(name: str, one: Static) -> Offer:
    if isinstance(one, tuple):
        return _method(name, one)
    is_called = isinstance(one, OfFrame) and one.takes is not None
    of = _given(one)
    return Offer(insert=f"{name}()" if is_called else name, what="" if of is None else of.name)


def _method(name: str, ways: tuple[Method, ...]) -> Offer:
    said = " or ".join(f"({', '.join(_taken(one))}) gives {one.gives.name}" for one in ways)
    takes = any(_taken(one) for one in ways)
    return Offer(insert=f"{name}()", what=said or "a method", is_called=takes or not ways)


def _taken(one: Method) -> tuple[str, ...]:
    more = () if one.more is None else (f"{one.more.name} …",)
    return (*(each.name for each in one.takes), *more, *(() if one.out is None else (f"out {one.out.name}",)))


# ---- the type of what stands before the dot ------------------------------------------------------------------------

Link = tuple[str, str]  # name, call, index, group, text; with its words


class _Chain:
    """`context.Request.Headers["a"].First()` in its links, read from the end."""

    def __init__(self, code: str) -> None:
        self.code, self.at = code, len(code)

    def links(self) -> list[Link]:
        found = list[Link]()
        while True:
            link = self._link()
            if link is None:
                return []
            found.append(link)
            if link[0] == "index":
                continue
            before = self.code[: self.at].rstrip()
            if not before.endswith("."):
                return found[::-1]
            self.at = len(before[:-1].removesuffix("?"))

    def _link(self) -> Link | None:
        self.at = len(self.code[: self.at].rstrip())
        last = self.code[self.at - 1 : self.at]
        if last in _OPENING:
            return self._bracketed(last)
        if last == '"':
            start = self.code.rfind('"', 0, self.at - 1)
            self.at = max(start, 0)
            return "text", ""
        name = _NAME.search(self.code[: self.at])
        if name is None:
            return None
        self.at = name.start()
        return "name", name[0]

    def _bracketed(self, closing: str) -> Link | None:
        opened = self._opening(closing)
        if opened is None:
            return None
        inner, self.at = self.code[opened + 1 : self.at - 1], opened
        if closing == "]":
            return "index", inner
        generic, name = _GENERIC.search(self.code[:opened]), _NAME.search(self.code[:opened])
        if generic:
            self.at = generic.start()
            return "generic", generic[2]
        if name:
            self.at = name.start()
            return "call", name[0]
        return "group", inner

    def _opening(self, closing: str) -> int | None:
        depth, in_text = 0, False
        for at in range(self.at - 1, -1, -1):
            char = self.code[at]
            in_text ^= char == '"'
            if not in_text and char in (closing, _OPENING[closing]):
                depth += 1 if char == closing else -1
                if depth == 0:
                    return at
        return None


def _type_of(links: list[Link]) -> AnyType | None:
    if not links:
        return None
    of = _first(links[0])
    for link in links[1:]:
        if of is None:
            return None
        of = _next(of, link)
    return of


def _first(link: Link) -> AnyType | None:
    match link:
        case ("name", "context"):
            return CONTEXT
        case ("text", _):
            return STRING
        case ("group", inner):
            return _of_group(inner.strip())
        case ("name", name) if name in OF_TYPES:
            return type_named(name)
        case _:
            return None


def _of_group(inner: str) -> AnyType | None:
    said = _CAST.match(inner) or _AS.search(inner)
    if said is not None:
        return type_named(said[1])
    chain = _Chain(inner)
    links = chain.links()
    return _type_of(links) if not inner[: chain.at].strip() else None


def _next(of: AnyType, link: Link) -> AnyType | None:
    match link:
        case ("name", name):
            found = property_of(of, name)
            return _given(OF_TYPES.get(of.name, {}).get(name)) if found is None else found.type
        case ("call", name):
            return _given(methods_of(of, name) or OF_TYPES.get(of.name, {}).get(name))
        case ("generic", name):
            return type_named(name)
        case ("index", _):
            return _indexed(of)
        case _:
            return None


def _given(one: Static | None) -> AnyType | None:
    """By a member of a type itself, such as `DateTime.UtcNow`, or by the first way to call a method."""
    match one:
        case Constant():
            return one.type
        case OfFrame():
            return one.gives
        case _:
            return one[0].gives if one else None


def _indexed(of: AnyType) -> AnyType | None:
    return of.of if of.is_array else _INDEXED.get(of)

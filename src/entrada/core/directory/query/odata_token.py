"""The words of a `$filter`, with the place each stands at.  OData 4.01, part 2, section 5.1.1 and its ABNF."""

import re
from datetime import datetime
from enum import StrEnum
from typing import Final

from attrs import frozen

from entrada.core.directory.query.condition import Value
from entrada.core.directory.query.odata_malformed import Malformed
from entrada.core.directory.query.odata_property import Shape

LONGEST: Final = 4096  # characters
_PATTERN: Final = re.compile(
    r"""(?P<blank>[ \t]+)
      | (?P<text>'(?:[^']|'')*')
      | (?P<guid>[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}(?![\w-]))
      | (?P<moment>\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d(?:\.\d{1,7})?)?(?:Z|[+-]\d\d:\d\d))?(?![\w-]))
      | (?P<number>-?\d{1,18}(?![\w.-]))
      | (?P<name>[A-Za-z_@$][\w.@$]*(?:/[A-Za-z_@$][\w.@$]*)*)
      | (?P<sign>[(),:])""",
    re.VERBOSE | re.ASCII | re.IGNORECASE,
)


class Kind(StrEnum):
    NAME = "name"
    VALUE = "value"
    SIGN = "sign"
    END = "end"


@frozen
class Token:
    kind: Kind
    text: str  # as it was written
    at: int
    value: Value = None
    shape: Shape | None = None  # of a value; None: null


def tokens_of(text: str) -> tuple[Token, ...]:
    """The last one is an END.  Raises Malformed."""
    if len(text) > LONGEST:
        raise Malformed(f"longer than {LONGEST} characters.")
    found: list[Token] = []
    at = 0
    while at < len(text):
        match = _PATTERN.match(text, at)
        if match is None:
            raise Malformed(_unreadable(text, at), at)
        if match.lastgroup != "blank":
            found.append(_token(match))
        at = match.end()
    return (*found, Token(Kind.END, "", len(text)))


def _unreadable(text: str, at: int) -> str:
    if text[at] == "'":
        return "this text has no closing quote; a quote inside of a text is written twice."
    return f"nothing begins with {text[at]!r}; texts stand in single quotes."


def _token(match: "re.Match[str]") -> Token:
    text, at = match[0], match.start()
    match match.lastgroup:
        case "text":
            return Token(Kind.VALUE, text, at, text[1:-1].replace("''", "'"), Shape.TEXT)
        case "guid":
            return Token(Kind.VALUE, text, at, text.lower(), Shape.TEXT)
        case "moment":
            return Token(Kind.VALUE, text, at, _moment(text, at), Shape.MOMENT)
        case "number":
            return Token(Kind.VALUE, text, at, int(text), Shape.NUMBER)
        case "sign":
            return Token(Kind.SIGN, text, at)
        case _:
            return _name(text, at)


def _name(text: str, at: int) -> Token:
    match text:
        case "true" | "false":
            return Token(Kind.VALUE, text, at, text == "true", Shape.BOOLEAN)
        case "null":
            return Token(Kind.VALUE, text, at)
        case _:
            return Token(Kind.NAME, text, at)


def _moment(text: str, at: int) -> int:
    written = text.upper()
    written = written if "T" in written else f"{written}T00:00:00Z"
    # Python reads six digits of a second, Graph writes seven; none of them is kept here.
    plain = re.sub(r"\.\d+", "", written).replace("Z", "+00:00")
    try:
        return int(datetime.fromisoformat(plain).timestamp())
    except (ValueError, OverflowError):
        raise Malformed("there is no such date.", at) from None

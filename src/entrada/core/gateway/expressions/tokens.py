"""The words of an expression: names, numbers, strings, operators.  C# 7 lexical structure, without what is refused."""

import re
from collections.abc import Callable
from typing import Final, Literal, TypeAlias

from attrs import define, field, frozen

MAX_INTERPOLATIONS: Final = 8  # in one another
Kind: TypeAlias = Literal["name", "int", "long", "double", "string", "char", "interpolated", "operator", "end"]


@frozen
class Hole:  # {expression,alignment:format}
    tokens: tuple["Token", ...]
    alignment: int
    format: str


@frozen
class Token:
    kind: Kind
    text: str  # of a string or char: what it means
    at: int
    parts: tuple["str | Hole", ...] = ()


class NotWords(Exception):
    def __init__(self, at: int, what: str, instead: str) -> None:
        super().__init__(what)
        self.at, self.what, self.instead = at, what, instead


_BLANK: Final = re.compile(r"(?:\s+|//[^\r\n]*|/\*.*?\*/)+", re.DOTALL)
_NAME: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_NUMBER: Final = re.compile(
    r"0[xX]([0-9A-Fa-f]+)([lL]?)|([0-9][0-9_]*(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?)([lLdDfFmMuU]*)"
)
_OPERATOR: Final = re.compile(
    r"\?\?=|\?\?|\?\.(?![0-9])|\?\[|=>|==|!=|<=|>=|&&|\|\||\+\+|--|\+=|-=|\*=|/=|%=|&=|\|=|\^=|<<|\.\.|::|->"
    r"|[-+*/%!<>=?:;,.(){}\[\]&|^~#]"
)
_QUOTED: Final = re.compile(r'"((?:[^"\\\r\n]|\\.)*)"')
_VERBATIM: Final = re.compile(r'@"((?:[^"]|"")*)"')
_CHAR: Final = re.compile(r"'((?:[^'\\\r\n]|\\.)[^'\\\r\n]*)'")
_INTERPOLATED: Final = re.compile(r'\$@"|@\$"|\$"')
_PLAIN_PART: Final = re.compile(r'(?:[^"\\{}\r\n]|\\.|\{\{|\}\})+')
_VERBATIM_PART: Final = re.compile(r'(?:[^"{}]|""|\{\{|\}\})+')
_ALIGNMENT: Final = re.compile(r"\s*(-?[0-9]{1,4})\s*")
_FORMAT: Final = re.compile(r'[^{}"\r\n\\]*')
_ESCAPE: Final = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|x([0-9A-Fa-f]{1,4})|(.))", re.DOTALL)
_ESCAPED: Final = dict(zip("'\"\\0abfnrtv", "'\"\\\0\a\b\f\n\r\t\v", strict=True))
_LONGEST_NUMBER: Final = 40


def tokens(source: str, start: int, end: int) -> tuple[Token, ...]:
    """Those between *start* and *end*, and an end.  Raises NotWords."""
    reading = _Reading(source, end)
    found, _ = reading.until(start, frozenset())
    return found


@define
class _Reading:
    source: str
    end: int
    depth: int = field(default=0)

    def until(self, at: int, stops: frozenset[str]) -> tuple[tuple[Token, ...], int]:
        """Up to one of *stops* outside brackets, or the end."""
        found: list[Token] = []
        brackets = 0
        while True:
            at = self._past_blanks(at)
            if at >= self.end:
                break
            token, after = self._token(at)
            if token.kind == "operator":
                if not brackets and token.text in stops:
                    break
                brackets += (token.text in {"(", "[", "{", "?["}) - (token.text in {")", "]", "}"})
            found.append(token)
            at = after
        return (*found, Token("end", "", at)), at

    def _past_blanks(self, at: int) -> int:
        blank = _BLANK.match(self.source, at, self.end)
        return blank.end() if blank else at

    def _token(self, at: int) -> tuple[Token, int]:
        if self.source.startswith("/*", at):
            raise NotWords(at, "The comment that opens here never ends.", "end it by */.")
        for read in _READERS:
            token = read(self, at)
            if token is not None:
                return token
        raise NotWords(at, "This character means nothing here.", "leave it out, or close what it opens.")

    def match(self, pattern: re.Pattern[str], at: int) -> re.Match[str] | None:
        return pattern.match(self.source, at, self.end)


def _name(reading: _Reading, at: int) -> tuple[Token, int] | None:
    found = reading.match(_NAME, at)
    return (Token("name", found[0], at), found.end()) if found else None


def _number(reading: _Reading, at: int) -> tuple[Token, int] | None:
    found = reading.match(_NUMBER, at)
    if found is None:
        return None
    hexadecimal, long, digits, suffix = found.groups()
    if len(found[0]) > _LONGEST_NUMBER:
        raise NotWords(at, "This number is too long.", "write it in fewer digits.")
    if hexadecimal:
        return (Token("long" if long else "int", str(int(hexadecimal, 16)), at), found.end())
    return (Token(_kind_of_number(at, digits, suffix.lower()), digits.replace("_", ""), at), found.end())


def _kind_of_number(at: int, digits: str, suffix: str) -> Kind:
    if suffix == "d" or (suffix == "" and not digits.replace("_", "").isdigit()):
        return "double"
    if suffix == "l" and digits.replace("_", "").isdigit():
        return "long"
    if suffix:
        raise NotWords(at, f"Numbers with the suffix `{suffix}` are not supported.", "use int, long (L) or double (d).")
    return "int"


def _interpolated(reading: _Reading, at: int) -> tuple[Token, int] | None:
    found = reading.match(_INTERPOLATED, at)
    if found is None:
        return None
    if reading.depth >= MAX_INTERPOLATIONS:
        raise NotWords(at, "Interpolated strings are nested too deep.", "build the inner ones by set-variable.")
    reading.depth += 1
    parts, after = _parts(reading, found.end(), verbatim="@" in found[0])
    reading.depth -= 1
    return Token("interpolated", "", at, parts), after


def _parts(reading: _Reading, at: int, *, verbatim: bool) -> tuple[tuple[str | Hole, ...], int]:
    parts: list[str | Hole] = []
    while True:
        found = reading.match(_VERBATIM_PART if verbatim else _PLAIN_PART, at)
        if found:
            parts.append(_part(found[0], at, verbatim=verbatim))
            at = found.end()
        char = reading.source[at : at + 1] if at < reading.end else ""
        if char == '"':
            return tuple(parts), at + 1
        if char != "{":
            raise NotWords(
                at, "The interpolated string goes wrong here.", 'close it by `"`; write {{ and }} for braces.'
            )
        hole, at = _hole(reading, at + 1)
        parts.append(hole)


def _part(written: str, at: int, *, verbatim: bool) -> str:
    text = written.replace('""', '"') if verbatim else unescaped(written, at)
    return text.replace("{{", "{").replace("}}", "}")


def _hole(reading: _Reading, at: int) -> tuple[Hole, int]:
    inner, at = reading.until(at, frozenset({"}", ":", ","}))
    alignment, shape = 0, ""
    if reading.source.startswith(",", at):
        found = reading.match(_ALIGNMENT, at + 1)
        if found is None:
            raise NotWords(at, "A number must follow this comma.", "write the width, or bracket the expression.")
        alignment, at = int(found[1]), found.end()
    if reading.source.startswith(":", at):
        found = reading.match(_FORMAT, at + 1)
        shape, at = (found[0], found.end()) if found else ("", at)
    if at >= reading.end or reading.source[at] != "}":
        raise NotWords(min(at, reading.end), "The braces of the interpolated string do not close here.", "write `}`.")
    return Hole(inner, alignment, shape), at + 1


def _string(reading: _Reading, at: int) -> tuple[Token, int] | None:
    verbatim = reading.match(_VERBATIM, at)
    if verbatim:
        return Token("string", verbatim[1].replace('""', '"'), at), verbatim.end()
    quoted = reading.match(_QUOTED, at)
    if quoted:
        return Token("string", unescaped(quoted[1], at), at), quoted.end()
    return None


def _char(reading: _Reading, at: int) -> tuple[Token, int] | None:
    found = reading.match(_CHAR, at)
    if found is None:
        return None
    meant = unescaped(found[1], at)
    if len(meant) != 1:
        raise NotWords(at, "A character in single quotes is one character.", 'use `"` for strings.')
    return Token("char", meant, at), found.end()


def _operator(reading: _Reading, at: int) -> tuple[Token, int] | None:
    found = reading.match(_OPERATOR, at)
    return (Token("operator", found[0], at), found.end()) if found else None


_READERS: Final[tuple[Callable[[_Reading, int], tuple[Token, int] | None], ...]] = (
    _name,
    _number,
    _interpolated,
    _string,
    _char,
    _operator,
)


def unescaped(written: str, at: int) -> str:
    """What the escapes mean; a pair of surrogates is the one character that it stands for."""
    text = _ESCAPE.sub(lambda found: _meant(found, at), written)
    try:
        return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le")
    except UnicodeDecodeError:
        raise NotWords(at, "Half of a surrogate pair stands in this string.", "write the whole character.") from None


def _meant(found: re.Match[str], at: int) -> str:
    number = found[1] or found[2] or found[3]
    if number and int(number, 16) <= 0x10FFFF:
        return chr(int(number, 16))
    if number or found[4] not in _ESCAPED:
        raise NotWords(at, f"`{found[0]}` is no escape of C#.", 'write a backslash as \\\\, or begin the string by @".')
    return _ESCAPED[found[4]]

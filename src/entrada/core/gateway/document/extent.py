"""Where an expression ends, in text that need not be XML until it has ended: C# strings, comments, nested brackets."""

import re
from typing import Final

from attrs import define, field, frozen

from entrada.core.gateway.document.references import REFERENCE, meaning

MAX_EXPRESSION: Final = 32_768  # characters as written
MAX_NESTING: Final = 200
_OPENING: Final = {"(": ")", "[": "]", "{": "}"}
_PLAIN_RUN: Final = re.compile(r"""[^&"'()\[\]{}@$/\\\r\n]+""")
_STRING_START: Final = re.compile(r'[@$]{0,2}"')
_QUOTED: Final = '"'  # an interpolated string on the stack of what is open
_QUOTED_VERBATIM: Final = '@"'


@frozen
class Unclosed:
    offset: int
    what: str
    instead: str


class _Stuck(Exception):
    def __init__(self, offset: int, what: str, instead: str) -> None:
        super().__init__(what)
        self.unclosed = Unclosed(offset, what, instead)


@define
class _Reader:
    """Goes through the text a character at a time, as it reads after entities."""

    text: str
    offset: int
    limit: int
    open: list[tuple[str, int]] = field(factory=list[tuple[str, int]])

    def peek(self, ahead: int = 0) -> str:
        """The character *ahead* of this one; empty behind the last."""
        offset = self.offset
        for _ in range(ahead):
            offset += self._width(offset)
        if offset >= self.limit:
            return ""
        found = REFERENCE.match(self.text, offset)
        return meaning(found) if found else self.text[offset]

    def skip(self, count: int = 1) -> None:
        for _ in range(count):
            self.offset += self._width(self.offset)

    def run(self) -> None:
        """Past what can begin or end nothing."""
        found = _PLAIN_RUN.match(self.text, self.offset, self.limit)
        self.offset = found.end() if found else self.offset

    def _width(self, offset: int) -> int:
        found = REFERENCE.match(self.text, offset) if self.text.startswith("&", offset) else None
        return found.end() - offset if found else 1


def end_of_expression(text: str, start: int) -> int | Unclosed:
    """The offset behind the bracket that closes the `@(` or `@{` at *start*."""
    reader = _Reader(text, start + 1, min(len(text), start + MAX_EXPRESSION))
    try:
        _open(reader, reader.peek())
        while reader.open:
            _step(reader)
    except _Stuck as stuck:
        return stuck.unclosed
    return reader.offset


def _step(reader: _Reader) -> None:
    closer, since = reader.open[-1]
    if reader.offset >= reader.limit:
        raise _too_long(reader, since)
    if closer in {_QUOTED, _QUOTED_VERBATIM}:
        _step_in_interpolated(reader, verbatim=closer == _QUOTED_VERBATIM)
    else:
        _step_in_code(reader)


def _too_long(reader: _Reader, since: int) -> _Stuck:
    if reader.limit < len(reader.text):
        what = f"The expression is longer than {MAX_EXPRESSION} characters, or something in it is never closed."
        return _Stuck(since, what, "close what opens here, or split it with set-variable.")
    return _Stuck(
        since, "What opens here is never closed.", "close it: brackets and quotes of an expression must pair."
    )


def _step_in_code(reader: _Reader) -> None:
    reader.run()
    char = reader.peek()
    if char in _OPENING:
        _open(reader, char)
    elif char and char in ")]}":
        _close(reader, char)
    elif char == "'":
        _past_quoted(reader, "'")
    elif char == "/" and reader.peek(1) in {"/", "*"}:
        _past_comment(reader)
    elif char and char in '"@$':
        _past_string_start(reader)
    elif char:
        reader.skip()


def _open(reader: _Reader, char: str) -> None:
    if len(reader.open) >= MAX_NESTING:
        raise _Stuck(reader.offset, f"Brackets are nested more than {MAX_NESTING} deep.", "use set-variable in steps.")
    reader.open.append((_OPENING[char], reader.offset))
    reader.skip()


def _close(reader: _Reader, char: str) -> None:
    closer, _ = reader.open.pop()
    if closer != char:
        raise _Stuck(reader.offset, f"`{char}` closes nothing here.", f"`{closer}` must come first.")
    reader.skip()


def _past_comment(reader: _Reader) -> None:
    start = reader.offset
    ends_line = reader.peek(1) == "/"
    reader.skip(2)
    while char := reader.peek():
        if ends_line and char in "\r\n":
            return
        if not ends_line and char == "*" and reader.peek(1) == "/":
            reader.skip(2)
            return
        reader.skip()
    raise _Stuck(start, "The comment that opens here never ends.", "end it, by */ or by the end of the line.")


def _past_string_start(reader: _Reader) -> None:
    """`"`, `@"`, `$"`, `$@"`, `@$"`; an `@` or `$` alone is nobody's business here."""
    start = "".join(reader.peek(ahead) for ahead in range(3))
    found = _STRING_START.match(start)
    if found is None:
        reader.skip()
    elif "$" in found[0]:
        reader.open.append((_QUOTED_VERBATIM if "@" in found[0] else _QUOTED, reader.offset))
        reader.skip(len(found[0]))
    elif "@" in found[0]:
        _past_verbatim(reader)
    else:
        _past_quoted(reader, '"')


def _past_quoted(reader: _Reader, quote: str) -> None:
    start = reader.offset
    reader.skip()
    while (char := reader.peek()) and char not in "\r\n":
        reader.skip(2 if char == "\\" else 1)
        if char == quote:
            return
    raise _Stuck(
        start,
        "The quotation that opens here is not closed on its line.",
        f"close it by {quote}; close brackets before it.",
    )


def _past_verbatim(reader: _Reader) -> None:
    start = reader.offset
    reader.skip(2)
    while char := reader.peek():
        if char == '"' and reader.peek(1) != '"':
            reader.skip()
            return
        reader.skip(2 if char == '"' else 1)
    raise _Stuck(start, "The string that opens here is never closed.", 'close it by `"`.')


def _step_in_interpolated(reader: _Reader, *, verbatim: bool) -> None:
    char, following = reader.peek(), reader.peek(1)
    if char in {"{", "}"} and following == char:
        reader.skip(2)
    elif char == "{":
        _open(reader, char)
    elif char == '"':
        _past_interpolated_quote(reader, doubled=verbatim and following == '"')
    elif char in {"\r", "\n"} and not verbatim:
        raise _too_long_line(reader)
    else:
        reader.skip(2 if char == "\\" and not verbatim else 1)


def _past_interpolated_quote(reader: _Reader, *, doubled: bool) -> None:
    if not doubled:
        reader.open.pop()
    reader.skip(2 if doubled else 1)


def _too_long_line(reader: _Reader) -> _Stuck:
    _, since = reader.open[-1]
    return _Stuck(
        since, "The string that opens here is not closed on its line.", 'close it by `"`, or write \\n in it.'
    )

"""Where in a document something stands, as editors count: lines and columns from 1."""

import re
from bisect import bisect_right

from attrs import field, frozen

_LINE_END = re.compile(r"\r\n|\r|\n")


@frozen
class Place:
    line: int
    column: int  # in characters, a tab being one

    def __str__(self) -> str:
        return f"{self.line}:{self.column}"


@frozen
class Lines:
    """Turns offsets into places."""

    starts: tuple[int, ...] = field(repr=False)

    @classmethod
    def of(cls, text: str) -> "Lines":
        return cls((0, *(found.end() for found in _LINE_END.finditer(text))))

    def place(self, offset: int) -> Place:
        line = bisect_right(self.starts, offset)
        return Place(line, offset - self.starts[line - 1] + 1)

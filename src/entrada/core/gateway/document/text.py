"""A piece of a document as it reads after entities and named values, and where each character of it was written."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence

from attrs import evolve, field, frozen

from entrada.core.gateway.document.place import Place


@frozen
class Piece:
    """A run of characters.  Those of an entity or a named value all stand where that one starts."""

    text: str = field(repr=False)
    place: Place
    written: str = ""  # what stands in the document, where that is not the text: `&quot;`, `{{name}}`
    is_secret: bool = False  # the value of a secret named value


@frozen
class Text:
    """The characters and their places.  Two texts are equal when they read the same."""

    value: str = field(repr=False)  # it may hold a secret named value
    place: Place = field(eq=False)
    pieces: tuple[Piece, ...] = field(eq=False, repr=False)
    _starts: tuple[int, ...] = field(eq=False, repr=False)

    @classmethod
    def of(cls, pieces: Iterable[Piece], place: Place) -> "Text":
        kept = tuple(piece for piece in pieces if piece.text or piece.written)
        return cls("".join(piece.text for piece in kept), place, kept, tuple(_starts(kept)))

    @classmethod
    def plain(cls, value: str, place: Place | None = None) -> "Text":
        """Text that comes from no document: an expression in a test, a value that code gives."""
        first = place or Place(1, 1)
        lines = value.split("\n")
        columns = [first.column] + [1] * (len(lines) - 1)
        pieces = [
            Piece(line + ("\n" if row < len(lines) - 1 else ""), Place(first.line + row, column))
            for row, (line, column) in enumerate(zip(lines, columns, strict=True))
        ]
        return cls.of(pieces, first)

    @property
    def shown(self) -> str:
        """As it stands in the document, fit for faults and traces: with the name of a named value, not the value."""
        return "".join(piece.written or piece.text for piece in self.pieces)

    @property
    def holds_secret(self) -> bool:
        return any(piece.is_secret for piece in self.pieces)

    @property
    def is_expression(self) -> bool:
        return self.value.lstrip().startswith(("@(", "@{"))

    def at(self, index: int) -> Place:
        """Where the character at *index* was written; one past the end stands behind the last."""
        row = bisect_right(self._starts, index) - 1
        if row < 0:
            return self.place
        piece = self.pieces[row]
        if piece.written:
            past = len(piece.written) if index >= self._starts[row] + len(piece.text) else 0
            return Place(piece.place.line, piece.place.column + past)
        return Place(piece.place.line, piece.place.column + index - self._starts[row])

    def stripped(self) -> "Text":
        """Without white space around it."""
        start = len(self.value) - len(self.value.lstrip())
        return self.part(start, len(self.value.rstrip()))

    def part(self, start: int, end: int) -> "Text":
        rows = slice(max(bisect_right(self._starts, start) - 1, 0), bisect_left(self._starts, end))
        pieces = [_cut(*row, start, end) for row in zip(self.pieces[rows], self._starts[rows], strict=True)]
        return Text.of([piece for piece in pieces if piece is not None], self.at(start))


def _starts(pieces: Sequence[Piece]) -> Iterable[int]:
    start = 0
    for piece in pieces:
        yield start
        start += len(piece.text)


def _cut(piece: Piece, first: int, start: int, end: int) -> Piece | None:
    left, right = max(start - first, 0), min(end - first, len(piece.text))
    if left >= right:
        return None
    if piece.written:
        return evolve(piece, text=piece.text[left:right])
    return Piece(piece.text[left:right], Place(piece.place.line, piece.place.column + left))

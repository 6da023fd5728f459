"""A document's text as a tree, or why it is none.  XML 1.0, without DTDs, entities or processing instructions."""

import re
from bisect import bisect_left
from itertools import accumulate
from typing import Final
from xml.parsers import expat

from attrs import define, field

from entrada.core.gateway.document.element import Attribute, Element
from entrada.core.gateway.document.fault import Fault
from entrada.core.gateway.document.masking import Stopped, masked
from entrada.core.gateway.document.place import Lines, Place
from entrada.core.gateway.document.references import REFERENCE, meaning
from entrada.core.gateway.document.text import Piece, Text
from entrada.core.gateway.document.xml_errors import fault_of

MAX_BYTES: Final = 262_144
MAX_DEPTH: Final = 40
_BYTE_ORDER_MARK: Final = "\ufeff"
_ATTRIBUTE: Final = re.compile(r"""\s+([^\s=/>"']+)\s*=\s*("[^"]*"|'[^']*')""")
_NAME: Final = re.compile(r"<[^\s/>]*")
_RUN: Final = re.compile(rf"{REFERENCE.pattern}|\r\n|[\r\n\t]|[^&\r\n\t]+|&")
_WHITE: Final = frozenset({"\r\n", "\r", "\n", "\t"})


def parse_tree(text: str) -> Element | Fault:
    text = text.removeprefix(_BYTE_ORDER_MARK)
    lines = Lines.of(text)
    try:
        _measured(text)
        return _Reading(text, masked(text), lines).root()
    except Stopped as stopped:
        unclosed = stopped.unclosed
        return Fault(lines.place(unclosed.offset), unclosed.what, unclosed.instead)
    except _Refused as refused:
        return refused.fault


class _Refused(Exception):
    def __init__(self, place: Place, what: str, instead: str) -> None:
        super().__init__(what)
        self.fault = Fault(place, what, instead)


def _measured(text: str) -> None:
    if len(text) > MAX_BYTES or len(text.encode("utf-8", "surrogatepass")) > MAX_BYTES:
        raise _Refused(Place(1, 1), "The document is larger than 256 kB.", "divide it over scopes.")
    odd = re.search(r"[\ud800-\udfff]", text)
    if odd is not None:
        what = "Half of a surrogate pair stands here."
        raise _Refused(Lines.of(text).place(odd.start()), what, "write the whole character.")


@define
class _Open:
    """An element that has begun."""

    name: str
    attributes: tuple[Attribute, ...]
    place: Place
    children: list[Element] = field(factory=list[Element])
    text: list[Piece] = field(factory=list[Piece])

    def closed(self) -> Element:
        first = self.text[0].place if self.text else self.place
        return Element(
            self.name, self.attributes, tuple(self.children), Text.of(self.text, first).stripped(), self.place
        )


@define
class _Reading:
    text: str
    masked: str
    lines: Lines
    open: list[_Open] = field(factory=list[_Open])
    found: list[Element] = field(factory=list[Element])
    _parser: expat.XMLParserType = field(init=False)
    _byte_offsets: tuple[int, ...] = field(init=False)

    def __attrs_post_init__(self) -> None:
        self._byte_offsets = () if self.text.isascii() else tuple(accumulate(map(_width, self.masked), initial=0))
        self._parser = parser = expat.ParserCreate("utf-8")
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._characters
        parser.StartDoctypeDeclHandler = self._doctype
        parser.ProcessingInstructionHandler = self._instruction

    def root(self) -> Element:
        """Raises _Refused."""
        try:
            self._parser.Parse(self.masked.encode(), True)  # noqa: FBT003 - expat's own
        except expat.ExpatError as error:
            raise _Refused(*self._of(error)) from error
        return self.found[0]

    def _of(self, error: expat.ExpatError) -> tuple[Place, str, str]:
        unclosed = self.open[-1] if self.open else None
        what, instead = fault_of(error.code, unclosed.name if unclosed else None)
        return self._place(self._offset(self._parser.ErrorByteIndex)), what, instead

    def _start(self, name: str, _: object) -> None:
        offset = self._here()
        if len(self.open) >= MAX_DEPTH:
            what = f"Elements are nested more than {MAX_DEPTH} deep."
            raise _Refused(self._place(offset), what, "join the conditions of nested choose elements.")
        self.open.append(_Open(name, self._attributes(offset), self._place(offset)))

    def _end(self, _: str) -> None:
        closed = self.open.pop().closed()
        (self.open[-1].children if self.open else self.found).append(closed)

    def _characters(self, data: str) -> None:
        offset = self._here()
        written = self.text[offset : offset + len(data)]
        reference = REFERENCE.match(self.masked, offset)
        if reference and data != reference[0][: len(data)]:
            self.open[-1].text.append(Piece(data, self._place(offset), reference[0]))
        else:
            self.open[-1].text += self._pieces(data if data == "\n" else written, offset)

    def _attributes(self, offset: int) -> tuple[Attribute, ...]:
        """Scanned by ourselves, since expat does not say where they stand; it has found them well-formed."""
        name = _NAME.match(self.masked, offset)
        position = name.end() if name else offset
        found: list[Attribute] = []
        while one := _ATTRIBUTE.match(self.masked, position):
            found.append(self._attribute(one))
            position = one.end()
        return tuple(found)

    def _attribute(self, found: re.Match[str]) -> Attribute:
        start, end = found.start(2) + 1, found.end(2) - 1
        text = Text.of(self._decoded(start, end), self._place(start))
        return Attribute(found[1], text, self._place(found.start(1)))

    def _decoded(self, start: int, end: int) -> list[Piece]:
        """An expression keeps its lines, since its comments end with them; other values are on one (XML 1.0 §3.3.3)."""
        is_expression = self.text[start:end].lstrip().startswith(("@(", "@{"))
        pieces: list[Piece] = []
        for one in _RUN.finditer(self.text, start, end):
            place, reads = self._place(one.start()), one[0]
            if reads.startswith("&") and len(reads) > 1:
                pieces.append(Piece(meaning(one), place, reads))
            elif reads in _WHITE and (not is_expression or reads != "\t"):
                pieces.append(Piece("\n" if is_expression else " ", place))
            else:
                pieces.append(Piece(reads, place))
        return pieces

    def _pieces(self, written: str, offset: int) -> list[Piece]:
        """A piece a line: masked line ends stand within what expat took for one run."""
        runs = re.finditer(r"\r\n|\r|\n|[^\r\n]+", written)
        return [Piece(_unix(run[0]), self._place(offset + run.start())) for run in runs]

    def _doctype(self, *_: object) -> None:
        offset = max(self.text.rfind("<!DOCTYPE", 0, self._here() + 1), 0)  # expat is at its subset already
        raise _Refused(self._place(offset), "A document type declaration stands here.", "leave it out.")

    def _instruction(self, target: str, _: str) -> None:
        what = f"A processing instruction (`{target}`) stands here."
        raise _Refused(self._place(self._here()), what, "leave it out; notes go into <!-- comments -->.")

    def _here(self) -> int:
        return self._offset(self._parser.CurrentByteIndex)

    def _offset(self, byte: int) -> int:
        return min(bisect_left(self._byte_offsets, byte) if self._byte_offsets else max(byte, 0), len(self.text))

    def _place(self, offset: int) -> Place:
        return self.lines.place(offset)


def _unix(line_end: str) -> str:
    return "\n" if line_end in {"\r\n", "\r"} else line_end


def _width(char: str) -> int:
    return len(char.encode())

"""A document in which expressions hide what XML would stumble over, character for character, so that offsets stay."""

import re
from typing import Final

from attrs import define, field

from entrada.core.gateway.document.extent import Unclosed, end_of_expression
from entrada.core.gateway.document.references import REFERENCE

_STUMBLED_OVER: Final = re.compile(f"{REFERENCE.pattern}|[<>\"'&\r\n\t]")
_STANDS_FOR_IT: Final = "_"
_EXPRESSION: Final = re.compile(r"\s*@(?=[({])")
_SKIPPED: Final = (("<!--", "-->"), ("<![CDATA[", "]]>"), ("<?", "?>"), ("<!", ">"))
_IN_TAG: Final = re.compile(r"""[^"'>]*""")


class Stopped(Exception):
    """Nobody can tell where markup goes on."""

    def __init__(self, unclosed: Unclosed) -> None:
        super().__init__(unclosed.what)
        self.unclosed = unclosed


def masked(text: str) -> str:
    """Raises Stopped."""
    masking = _Masking(text)
    masking.walk()
    return "".join((*masking.done, text[masking.taken :]))


@define
class _Masking:
    text: str
    offset: int = 0
    taken: int = 0
    done: list[str] = field(factory=list[str])

    def walk(self) -> None:
        while (start := self.text.find("<", self.offset)) >= 0:
            self.offset = start
            self._past_markup()
            self._past_expression()

    def _past_markup(self) -> None:
        for opening, closing in _SKIPPED:
            if self.text.startswith(opening, self.offset):
                self._past(closing, self.offset + len(opening))
                return
        self._past_tag()

    def _past(self, closing: str, start: int) -> None:
        end = self.text.find(closing, start)
        self.offset = len(self.text) if end < 0 else end + len(closing)

    def _past_tag(self) -> None:
        while True:
            found = _IN_TAG.match(self.text, self.offset)
            self.offset = found.end() if found else len(self.text)
            quote = self.text[self.offset : self.offset + 1]
            self.offset += 1
            if quote in {">", ""}:
                return
            self._past_expression()
            self._past(quote, self.offset)

    def _past_expression(self) -> None:
        found = _EXPRESSION.match(self.text, self.offset)
        if found is None:
            return
        end = end_of_expression(self.text, found.end() - 1)
        if isinstance(end, Unclosed):
            raise Stopped(end)
        self.done += (self.text[self.taken : found.end()], _mask(self.text[found.end() : end]))
        self.offset = self.taken = end


def _mask(expression: str) -> str:
    return _STUMBLED_OVER.sub(lambda found: found[0] if len(found[0]) > 1 else _STANDS_FOR_IT, expression)

"""Statements as XML text again, as they read with their named values: secret ones stay `{{name}}`."""

from typing import Final
from xml.sax.saxutils import escape

from entrada.core.gateway.document.element import Element
from entrada.core.gateway.document.text import Text

INDENT: Final = "    "


def as_text(element: Element, indent: str = "") -> str:
    attributes = "".join(f' {one.name}="{_written(one.text, quoted=True)}"' for one in element.attributes)
    inner = _written(element.text, quoted=False)
    start = f"{indent}<{element.name}{attributes}"
    if not element.children:
        return f"{start}>{inner}</{element.name}>" if inner else f"{start} />"
    lines = [f"{start}>", *([indent + INDENT + inner] if inner else ())]
    lines += [as_text(one, indent + INDENT) for one in element.children]
    return "\n".join((*lines, f"{indent}</{element.name}>"))


def _written(text: Text, *, quoted: bool) -> str:
    said = "".join(one.written if one.is_secret else one.text for one in text.pieces)
    if text.is_expression:  # as it is published: raw
        return said
    return escape(said, {'"': "&quot;"} if quoted else {})

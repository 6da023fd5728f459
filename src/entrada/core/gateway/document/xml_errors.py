"""What expat stumbled over, and what to write instead, in our words."""

from typing import Final
from xml.parsers.expat.errors import codes

# fmt: off
_WORDS: Final = {  # code: what, instead
    "no element found": (
        "The document ends before its root element does.", "begin with <policies>, end with </policies>.",
    ),
    "not well-formed (invalid token)": (
        "This is no XML: a bare `&` or `<`, a missing quote, or a character that XML does not allow.",
        "write &amp; and &lt; outside expressions, quote attribute values; an expression must begin its value.",
    ),
    "unclosed token": ("What begins here is never closed.", "close the tag, the comment or the quote."),
    "duplicate attribute": ("An attribute stands here twice.", "keep one of them."),
    "junk after document element": ("Something stands behind the root element.", "one document has one <policies>."),
    "undefined entity": ("This entity is not known.", "write the character, or one of &amp; &lt; &gt; &quot; &apos;."),
    "reference to invalid character number": ("No character has this number.", "write one that XML allows."),
    "XML or text declaration not at start of entity": (
        "The XML declaration does not stand at the very start.", "let nothing stand before it, or leave it out.",
    ),
    "unknown encoding": ("This encoding is not known.", 'write encoding="utf-8".'),
    "unclosed CDATA section": ("The CDATA section is never closed.", "close it by ]]>."),
}
# fmt: on
_MISMATCHED: Final = codes["mismatched tag"]
_UNENDED: Final = codes["no element found"]
_BY_CODE: Final = {codes[message]: words for message, words in _WORDS.items()}
_OTHERWISE: Final = ("This is not well-formed XML.", "mend it; an XML-aware editor shows where.")


def fault_of(code: int, unclosed: str | None) -> tuple[str, str]:
    """*unclosed*: the innermost element that has begun and not ended."""
    if code == _MISMATCHED:
        return "This closing tag is not the one that is due.", f"close <{unclosed}> first, or correct the name."
    if code == _UNENDED and unclosed:
        return f"The document ends within <{unclosed}>.", f"write </{unclosed}>."
    return _BY_CODE.get(code, _OTHERWISE)

"""Which characters a text for people may hold.  Unicode 15, section 23: controls; UAX #9 §2.

Every script, right-to-left marks and joined emoji included.  Not: controls, halves of surrogate pairs, and the
characters that turn the direction of whatever follows them, for a name must not rearrange the page it stands on.
"""

import unicodedata
from typing import Final

_NEVER: Final = frozenset({"Cc", "Cs", "Zl", "Zp"})
_TURNING: Final = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def is_line(text: str) -> bool:
    return not any(unicodedata.category(one) in _NEVER or one in _TURNING for one in text)


def is_paragraphs(text: str) -> bool:
    """The same, with ends of lines and tabs."""
    return is_line(text.translate(_SPACES))


_SPACES: Final = str.maketrans("\r\n\t", "   ")

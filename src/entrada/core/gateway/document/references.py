"""The characters that XML lets a document spell out: the five names, and numbers.  XML 1.0 §4.1, §4.6."""

import re
from typing import Final

NAMED: Final = {"amp": "&", "lt": "<", "gt": ">", "quot": '"', "apos": "'"}
REFERENCE: Final = re.compile(r"&(?:(amp|lt|gt|quot|apos)|#([0-9]{1,7})|#x([0-9A-Fa-f]{1,6}));")
_HIGHEST: Final = 0x10FFFF


def meaning(found: re.Match[str]) -> str:
    """The character meant; a number that is none stays as written, and expat refuses it."""
    name, decimal, hexadecimal = found.groups()
    if name:
        return NAMED[name]
    number = int(decimal) if decimal else int(hexadecimal, 16)
    return chr(number) if 0 < number <= _HIGHEST and not 0xD800 <= number <= 0xDFFF else found[0]

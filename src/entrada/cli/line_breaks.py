"""Where is a line broken so that it fits?  At spaces; in an address after a slash, and before ? and &."""

import re
from collections.abc import Iterator
from typing import Final

_PARTS: Final = r"\s+|[?&]?[^\s/?&]*/*"


def broken(text: str, width: int) -> Iterator[str]:
    """What has no such place stays whole, and wider."""
    line = ""
    for part in filter(None, re.findall(_PARTS, text)):
        if line and len(line) + len(part.rstrip()) > width:
            yield line.rstrip()
            line = part.lstrip()
        else:
            line += part
    yield line.rstrip()

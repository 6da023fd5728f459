"""What others wrote, shown so that it moves no terminal's cursor, turns no line round and stays on its line."""

import re
from typing import Final

_ABOVE_A_SPACE: Final = r"\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069"
_LEFT_BY_JSON: Final = f"[{_ABOVE_A_SPACE}]"  # what is below a space it spells out itself; its line breaks are ours
_ANY: Final = rf"[\x00-\x1f{_ABOVE_A_SPACE}]"
_NO_SPACE: Final = rf"[\x00-\x08\x0b-\x1f{_ABOVE_A_SPACE}]"  # tabs and line breaks are spaces of one line
_LONGEST: Final = 1000  # characters of a line


def one_line(text: str) -> str:
    """Not endless."""
    line = " ".join(re.sub(_NO_SPACE, "?", text).split())
    return line if len(line) <= _LONGEST else f"{line[:_LONGEST]}…"


def masked(text: str) -> str:
    """Of the same length."""
    return re.sub(_ANY, "?", text)


def spelled_out(text: str) -> str:
    """As JSON does."""
    return re.sub(_ANY, _escape, text)


def spelled_out_in_json(text: str) -> str:
    return re.sub(_LEFT_BY_JSON, _escape, text)


def _escape(found: re.Match[str]) -> str:
    return f"\\u{ord(found[0]):04x}"

"""What is fed to a parser: the corpus as it is, the corpus changed a little, anything at all, and far too much of it.

`corpus/<parser>.jsonl` holds a text a line, as a JSON string of which bytes are latin-1.  What once broke a parser
belongs there.
"""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from hypothesis import strategies as st

CORPUS: Final = Path(__file__).with_name("corpus")
_LONG: Final = 20_000  # characters
# What parsers stumble over: ends, escapes, numbers that are none, other alphabets, halves of pairs.
TROUBLE: Final = (
    "\0", "\n", "\r\n", " ", "%", "%00", "%ff", "%2e%2e/", "+", "=", "==", "&", "#", "?", "/", "//", "\\", "\\ud800",
    ".", "..", ":", "@", "[", "]", "{", "}", '"', "'", ",", "-", "_", "*", "~", "\u00e9", "\u2028", "\ufeff", "\u0130",
    "\uff0e", "\u0661", "\U0001f337", "NaN", "1e999", "-0", "9" * 4400, "null", "true", "[" * 1100, '{"a":' * 300,
    "&a *a", "!!python/object:os.system", "localhost", "https://", "urn:", "javascript:",
)  # fmt: skip


def seeds(parser: str) -> list[str]:
    lines = (CORPUS / f"{parser}.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


def fed(parser: str) -> st.SearchStrategy[str]:
    """Never with a half of a surrogate pair: neither UTF-8 nor a header carries one."""
    known = seeds(parser)
    return st.one_of(_mutants(known), st.text(max_size=200), st.text(st.characters(max_codepoint=255)), _pumped(known))


def _mutants(known: Sequence[str]) -> st.SearchStrategy[str]:
    seed = st.sampled_from(known)
    return st.builds(_mutated, seed, seed, st.lists(_edits, min_size=1, max_size=4)).filter(_is_text)


_edits: Final = st.tuples(
    st.sampled_from(["insert", "delete", "double", "case", "splice", "swap"]),
    st.floats(0, 1, exclude_max=True),
    st.integers(1, 12),
    st.sampled_from(TROUBLE),
)


def _mutated(text: str, other: str, edits: Sequence[tuple[str, float, int, str]]) -> str:
    for kind, where, count, trouble in edits:
        at = int(where * (len(text) + 1))
        head, middle, tail = text[:at], text[at : at + count], text[at + count :]
        made = {
            "insert": head + trouble + middle + tail,
            "delete": head + tail,
            "double": head + middle * 2 + tail,
            "case": head + middle.swapcase() + tail,
            "splice": head + other[int(where * len(other)) :],
            "swap": head + middle[::-1] + tail,
        }
        text = made[kind]
    return text


def _pumped(known: Sequence[str]) -> st.SearchStrategy[str]:
    """A piece again and again: what takes long with twice as much takes too long."""
    pieces = st.one_of(st.sampled_from(TROUBLE), st.text(min_size=1, max_size=5))
    return st.builds(
        lambda seed, piece, end: (seed + piece * (_LONG // len(piece)))[:_LONG] + end,
        st.sampled_from(["", *known]),
        pieces,
        pieces,
    ).filter(_is_text)


def _is_text(text: str) -> bool:
    return not any("\ud800" <= letter <= "\udfff" for letter in text)

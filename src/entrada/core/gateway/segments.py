"""Whether the segments of a path are those of an operation's template.  RFC 3986, section 3.3.

Octets are compared, escapes read: a backend reads them, so `/items%3Aall` is the operation `/items:all`.  Every step
goes over a segment once: a template cannot be asked anything that takes long.
"""

from collections.abc import Iterator, Sequence
from typing import Final
from urllib.parse import unquote_to_bytes

from attrs import frozen

from entrada.core.gateway.entities.operation import PARAMETER

_SLASH: Final = b"/"


@frozen
class Segment:
    """*texts* stand around its parameters: one text, no parameter."""

    texts: tuple[bytes, ...]

    def values(self, found: bytes) -> Sequence[bytes] | None:
        """Of its parameters, none of them empty; where there is a choice the first is the longest: {a}-{b} of 1-2-3."""
        first, *between = self.texts
        if not between:
            return () if found == first else None
        last = between.pop()
        end = len(found) - len(last)
        if end <= len(first) or not (found.startswith(first) and found.endswith(last)):
            return None
        values = list[bytes]()
        for text in reversed(between):
            at = found.rfind(text, len(first) + 1, end - 1)
            if at < 0:
                return None
            values.insert(0, found[at + len(text) : end])
            end = at
        return [found[len(first) : end], *values]


@frozen
class Segments:
    whole: tuple[Segment, ...]
    rest: bytes | None  # what stands before a final {*name}, in its segment; None: there is none

    def values(self, asked: Sequence[bytes]) -> Sequence[bytes] | None:
        """Of all parameters, one after the other."""
        known = len(self.whole)
        if len(asked) < known + 1 if self.rest is not None else len(asked) != known:
            return None
        values = list[bytes]()
        for one, found in zip(self.whole, asked, strict=False):
            here = one.values(found)
            if here is None:
                return None
            values += here
        if self.rest is None:
            return values
        remaining = _SLASH.join(asked[known:])
        return [*values, remaining[len(self.rest) :]] if asked[known].startswith(self.rest) else None


def asked_segments(path: str) -> Sequence[bytes]:
    return [unquote_to_bytes(one) for one in path.split("/")]


def template_segments(path: str) -> Segments:
    """Of a template without its query."""
    *before, last = path.split("/")
    text, star, _ = last.partition("{*")
    whole = before if star else [*before, last]
    return Segments(
        tuple(Segment(tuple(_texts(one))) for one in whole),
        unquote_to_bytes(text) if star else None,
    )


def _texts(segment: str) -> Iterator[bytes]:
    end = 0
    for found in PARAMETER.finditer(segment):
        yield unquote_to_bytes(segment[end : found.start()])
        end = found.end()
    yield unquote_to_bytes(segment[end:])

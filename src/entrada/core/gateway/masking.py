"""What a note of a trace shows: its beginning, without what is secret.

The texts are the caller's, and so is much of what is hidden in them: nothing takes longer the more they repeat.
"""

import re
from collections.abc import Iterable, Iterator
from typing import Final

from entrada.core.gateway.marks import HIDDEN

LONGEST_NOTE: Final = 400  # characters
SHORTEST_SECRET: Final = 4  # shorter ones are in every second word
_TOKEN: Final = re.compile(r"\beyJ[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]*)?")  # wherever one was sent
_CUT_TOKEN: Final = re.compile(r"\beyJ[A-Za-z0-9_.-]*\Z")


def masked(text: str, secrets: Iterable[str], sent: Iterable[str]) -> str:
    """Of what was *sent*, words and the parts of a token are hidden, too: a policy may take one apart."""
    places = sorted(_places(text, (*secrets, *_parts(sent))), key=lambda one: (one[0], -one[1]))
    shown, end = list[str](), 0
    for start, stop in places:
        if start >= end:
            shown += [text[end:start], HIDDEN]
        end = max(end, stop)
    shown.append(text[end:LONGEST_NOTE])
    return "".join([*shown, "…"]) if len(text) > max(end, LONGEST_NOTE) else "".join(shown)


def _places(text: str, secrets: Iterable[str]) -> Iterator[tuple[int, int]]:
    """Of those that begin in what is shown, from where to where: to their end, that none is cut in half and shown."""
    for one in secrets:
        last = LONGEST_NOTE + len(one) - 1
        at = text.find(one, 0, last) if one else -1
        while at >= 0:
            yield at, at + len(one)
            at = text.find(one, at + len(one), last)
    seen = text[:LONGEST_NOTE]
    for pattern in (_TOKEN, _CUT_TOKEN) if len(text) > LONGEST_NOTE else (_TOKEN,):
        yield from (found.span() for found in pattern.finditer(seen))


def _parts(sent: Iterable[str]) -> Iterable[str]:
    found = {part for one in sent for word in one.split() for part in (word, *word.split("."))}
    return (one for one in found if len(one) >= SHORTEST_SECRET)

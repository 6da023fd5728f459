"""The rows of a table, marked so that a narrow screen can show each as a card: every cell knows its column.

A cell that is displayed otherwise than as one is none any more for a screen reader, unless its role is said.
"""

import re
from collections.abc import Iterable, Iterator
from typing import Final

from markupsafe import Markup

_START: Final = re.compile(r"<(tr|th|td)\b")  # of our own templates: what others typed is escaped in them
_NOTHING: Final = re.compile(r"[^>]*>(\s|</?bdi[^>]*>)*</t[hd]>")
_ROLES: Final = {"tr": "row", "th": "rowheader", "td": "cell"}


def labelled(rows: Markup, columns: Iterable[str]) -> Markup:
    """*rows* with roles, and with the name of its column in each cell."""
    return Markup("").join(map(Markup, _pieces(str(rows), list(columns))))


def _pieces(html: str, columns: list[str]) -> Iterator[str]:
    at, labels = 0, iter(columns)
    for found in _START.finditer(html):
        yield html[at : found.end()]
        at = found.end()
        yield f' role="{_ROLES[found[1]]}"'
        if found[1] == "tr":
            labels = iter(columns)
            continue
        yield Markup(' data-label="{}"').format(next(labels, ""))
        if _NOTHING.match(html, at):
            yield " data-empty"
    yield html[at:]

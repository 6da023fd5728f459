"""Which page of a list a URL asks for, and the URLs of the pages beside it.

Where a page begins stands in its URL as what ended the page before.  That is no secret and proves nothing: what a
visitor may see is decided elsewhere, so a made-up one only begins elsewhere.
"""

import json
import re
from typing import Any, Final, TypeVar
from urllib.parse import urlencode

from attrs import frozen

from entrada.core.directory.query.condition import EVERYTHING, Condition, Value
from entrada.core.directory.query.evaluate import fits
from entrada.core.directory.query.fields import field_of
from entrada.core.directory.query.query import After, Order, Page, Query
from entrada.core.jose import base64url
from entrada.server.web.portal.door import Visitor

T = TypeVar("T")
ROWS: Final = 50
_AFTER: Final = "after"
_ID: Final = re.compile(r"[0-9A-Za-z/-]{1,200}")
_LONGEST: Final = 4000


@frozen
class Pager:
    """What `ui.pager` shows."""

    next: str | None
    first: str | None
    count: int | None


def query_of(
    visitor: Visitor, kind: type[Any], where: Condition = EVERYTHING, order: Order | None = None, *, count: bool = False
) -> Query:
    after = _read(visitor.query(_AFTER), kind, order)
    return Query(where=where, order=order, after=after, top=ROWS, count=count)


def pager(visitor: Visitor, page: Page[T]) -> Pager:
    return Pager(
        next=url_of(visitor, _AFTER, _written(page.more)) if page.more else None,
        first=url_of(visitor, _AFTER, None) if visitor.query(_AFTER) else None,
        count=page.count,
    )


def url_of(visitor: Visitor, name: str, value: str | None) -> str:
    """The page's own, with *name* in its query in place of what was there."""
    kept = {key: one for key, one in visitor.request.query_params.items() if key not in (name, "done")}
    query = urlencode({**kept, name: value} if value else kept)
    path = visitor.request.url.path
    return f"{path}?{query}" if query else path


def _written(after: After) -> str:
    return base64url.encode(json.dumps([after.value, after.id]).encode())


def _read(text: str, kind: type[Any], order: Order | None) -> After | None:
    """None, the first page, where the text is none of ours."""
    if not text or len(text) > _LONGEST:
        return None
    try:
        value, place = json.loads(base64url.decode(text))
    except (ValueError, TypeError, RecursionError):
        return None
    if not isinstance(place, str) or not _ID.fullmatch(place) or not _may_be(value, kind, order):
        return None
    return After(value, place)


def _may_be(value: object, kind: type[Any], order: Order | None) -> bool:
    if order is None:
        return value is None
    known: Value = value if isinstance(value, str | int | bool) else None
    return known is value and fits(field_of(kind, order.field), known)

"""Which part of a collection a request asks for: `$top` and `$skip`, and the link to the next part."""

from attrs import frozen
from starlette.requests import Request

MAX_TOP = 1000


@frozen
class Page:
    top: int
    skip: int

    def next_link(self, address: str) -> str:
        return f"{address}?$top={self.top}&$skip={self.skip + self.top}"


def read_page(request: Request, default: int) -> Page | None:
    """None: asked for what no page can be."""
    top, skip = _count(request, "$top", default), _count(request, "$skip", 0)
    return Page(top, skip) if top is not None and skip is not None and 0 < top <= MAX_TOP else None


def _count(request: Request, name: str, default: int) -> int | None:
    text = request.query_params.get(name)
    if text is None:
        return default
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None

"""Bytes of a query that no URL has, percent-encoded: whatever reads the URL after us reads text.  RFC 3986 §2.1.

Starlette decodes queries as ASCII text wherever it builds a URL, and would fail at others.
"""

from string import printable
from typing import Final
from urllib.parse import quote_from_bytes

from starlette.types import ASGIApp, Receive, Scope, Send

_AS_IT_IS: Final = printable.encode()


class AsciiQuery:
    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and not scope["query_string"].isascii():
            scope = {**scope, "query_string": quote_from_bytes(scope["query_string"], safe=_AS_IT_IS).encode()}
        await self._app(scope, receive, send)

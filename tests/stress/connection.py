"""A keep-alive connection to one server: a request as bytes, its answer, or the news that none came."""

from __future__ import annotations

import asyncio
import json
from contextlib import suppress
from typing import Any
from urllib.parse import urlencode

from attrs import define, frozen


class Unanswered(Exception):
    """The connection ended before the whole answer was there: nobody knows what became of the request."""


@frozen
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> dict[str, Any]:
        members: dict[str, Any] = json.loads(self.body)
        return members

    @property
    def aadsts(self) -> int | None:
        """The first error code; None for an answer that is no refusal."""
        return self.json["error_codes"][0] if self.status >= 400 else None


@define
class Connection:
    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter

    async def ask(self, request: bytes) -> Answer:
        try:
            self.writer.write(request)
            head = await self.reader.readuntil(b"\r\n\r\n")
            status, headers = _parse(head)
            body = await self.reader.readexactly(int(headers.get("content-length", "0")))
        except (OSError, asyncio.IncompleteReadError) as error:
            raise Unanswered from error
        return Answer(status, headers, body)

    async def close(self) -> None:
        self.writer.close()
        with suppress(OSError):
            await self.writer.wait_closed()


async def connect(port: int) -> Connection:
    return Connection(*await asyncio.open_connection("127.0.0.1", port))


def get(path: str, query: dict[str, str], cookie: str, accept: str = "*/*") -> bytes:
    head = f"GET {path}?{urlencode(query)} HTTP/1.1\r\nHost: localhost\r\nAccept: {accept}\r\nCookie: {cookie}\r\n\r\n"
    return head.encode()


def post(path: str, form: dict[str, str]) -> bytes:
    body = urlencode(form).encode()
    head = (
        f"POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-www-form-urlencoded\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


def _parse(head: bytes) -> tuple[int, dict[str, str]]:
    first, *lines = head.decode("latin-1").rstrip("\r\n").split("\r\n")
    pairs = (line.partition(":") for line in lines)
    return int(first.split(" ", 2)[1]), {name.lower(): value.strip() for name, _, value in pairs}

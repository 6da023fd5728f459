"""HTTP/1.1 by hand: a client that keeps its connection, and a server that tells what it was asked."""

import asyncio
import json
import re
import socket
import threading
from collections.abc import Callable
from typing import Any

from attrs import define, field, frozen

Lines = list[tuple[str, str]]
_LENGTH = re.compile(rb"^content-length: *(\d+)\r?$", re.IGNORECASE | re.MULTILINE)


@frozen
class Heard:
    status: int
    headers: Lines
    body: bytes

    def all(self, name: str) -> list[str]:
        return [value for one, value in self.headers if one.lower() == name.lower()]


@define
class Client:
    port: int
    _socket: socket.socket | None = None
    _rest: bytes = b""

    def ask(self, head: bytes, method: str = "GET") -> Heard:
        """Once more on a new connection, where the old one was closed."""
        for attempt in (1, 2):
            try:
                return self._asked(head, method)
            except (ConnectionError, EOFError):
                self.close()
                if attempt == 2:
                    raise
        raise AssertionError

    def close(self) -> None:
        if self._socket is not None:
            self._socket.close()
        self._socket, self._rest = None, b""

    def _asked(self, head: bytes, method: str) -> Heard:
        if self._socket is None:
            self._socket = socket.create_connection(("127.0.0.1", self.port), timeout=10)
            self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._socket.sendall(head)
        told = self._until_head()
        while told.startswith(b"HTTP/1.1 100"):
            told = self._until_head()
        lines = told.decode("latin-1").split("\r\n")
        headers = [(name, value) for name, _, value in (one.partition(": ") for one in lines[1:] if one)]
        found = _LENGTH.search(told)
        body = b"" if method == "HEAD" or found is None else self._read(int(found[1]))
        if ("connection", "close") in [(name.lower(), value) for name, value in headers]:
            self.close()
        return Heard(int(lines[0].split(" ")[1]), headers, body)

    def _until_head(self) -> bytes:
        while b"\r\n\r\n" not in self._rest:
            self._more()
        head, _, self._rest = self._rest.partition(b"\r\n\r\n")
        return head

    def _read(self, length: int) -> bytes:
        while len(self._rest) < length:
            self._more()
        body, self._rest = self._rest[:length], self._rest[length:]
        return body

    def _more(self) -> None:
        assert self._socket is not None
        data = self._socket.recv(65_536)
        if not data:
            raise EOFError
        self._rest += data


@define
class Servers:
    """A backend on a port, and the stand-in for the Python proxy on a socket: both say who they are, and what they heard."""

    fallback_socket: str
    port: int = 0
    _loop: asyncio.AbstractEventLoop = field(factory=asyncio.new_event_loop)
    _ready: threading.Event = field(factory=threading.Event)
    _thread: threading.Thread | None = None
    _listening: list[asyncio.Server] = field(factory=list[asyncio.Server])

    def start(self) -> None:
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()
        self._ready.wait(5)

    def stop(self) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        if self._thread is not None:
            self._thread.join(5)
        self._loop.close()

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._loop.run_until_complete(self._listen())
        self._ready.set()
        self._loop.run_forever()
        self._loop.run_until_complete(self._end())

    async def _end(self) -> None:
        for server in self._listening:
            server.close()
        tasks = asyncio.all_tasks() - {asyncio.current_task()}
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _listen(self) -> None:
        backend = await asyncio.start_server(_telling("backend"), "127.0.0.1", 0, limit=1_000_000)
        self.port = backend.sockets[0].getsockname()[1]
        python = await asyncio.start_unix_server(_telling("python"), self.fallback_socket, limit=1_000_000)
        self._listening += [backend, python]


def _telling(name: str) -> Callable[[asyncio.StreamReader, asyncio.StreamWriter], Any]:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                await _one(name, reader, writer)
        except (ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            pass
        finally:
            writer.close()

    return serve


async def _one(name: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    head = await reader.readuntil(b"\r\n\r\n")
    first, *lines = head.decode("latin-1").removesuffix("\r\n\r\n").split("\r\n")
    headers = [one.split(": ", 1) if ": " in one else [one.rstrip(":"), ""] for one in lines]
    method, target, _ = first.split(" ")
    length = next((int(value) for one, value in headers if one.lower() == "content-length"), 0)
    body = (await reader.readexactly(length)).decode("latin-1")
    if dict(headers).get("x-be-slow"):
        await asyncio.sleep(1)
    told = json.dumps({"by": name, "method": method, "target": target, "headers": headers, "body": body}).encode()
    said = "".join(f"{one}: {value}\r\n" for one, value in BACKENDS_OWN)
    writer.write(
        f"HTTP/1.1 200 OK\r\n{said}Content-Length: {len(told)}\r\n\r\n".encode() + (b"" if method == "HEAD" else told)
    )
    await writer.drain()


BACKENDS_OWN: tuple[tuple[str, str], ...] = (
    ("Server", "b"),
    ("Vary", "Accept"),
    ("X-Old", "was here"),
    ("Access-Control-Allow-Origin", "https://of-the-backend.example"),
    ("Content-Type", "application/json"),
)

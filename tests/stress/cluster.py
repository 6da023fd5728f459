"""Several server processes on one database, and the test's own door into it."""

from __future__ import annotations

import asyncio
import json
import socket
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any

from attrs import define, field

from entrada.cli.development import development_master_key
from entrada.core.protocol.grants.authorization_code import family_key
from entrada.core.protocol.token_family import TokenFamily
from entrada.server import app
from entrada.server.settings import Settings
from entrada.server.usecases.installation import Installation
from entrada.server.usecases.redeem_code import open_code
from tests.plugins.postgres import free_port
from tests.stress.connection import Connection, connect
from tests.stress.public_client import authorize_request, code_of, sign_in

PROCESSES = 2
PATIENCE = 60.0


@define(eq=False)
class Server:
    folder: Path
    database: str
    origin: str
    port: int
    process: subprocess.Popen[bytes] | None = None
    lines_seen: int = 0  # of its log, by earlier tests

    @property
    def log(self) -> Path:
        return self.folder / f"log-{self.port}"

    def start(self) -> None:
        script = [sys.executable, "-m", "tests.stress.serve_on"]
        command = [*script, str(self.folder), self.database, self.origin, str(self.port)]
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=log, stderr=log)
        self._wait()

    def kill(self) -> None:
        """As `kill -9` does: no word, no chance to tidy up."""
        assert self.process is not None
        self.process.kill()
        self._reap()

    def terminate(self) -> None:
        if self.process is not None:
            self.process.terminate()

    def stop(self) -> None:
        if self.process is not None:
            self._reap()

    @property
    def is_alive(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def failures(self) -> list[dict[str, Any]]:
        """Surprises in its log that no earlier test has seen."""
        new = self.log.read_text().splitlines()[self.lines_seen :]
        lines = (json.loads(line) for line in new if line.startswith("{"))
        return [line for line in lines if line.get("level") in {"error", "critical"}]

    def forget_failures(self) -> None:
        self.lines_seen = len(self.log.read_text().splitlines())

    def _reap(self) -> None:
        assert self.process is not None
        assert self.process.stdin is not None
        self.process.wait(PATIENCE)
        self.process.stdin.close()
        self.process = None

    def _wait(self) -> None:
        """It listens once it is ready."""
        deadline = time.monotonic() + PATIENCE
        while not self._listens():
            assert self.is_alive, self.log.read_text()[-3000:]
            assert time.monotonic() < deadline, self.log.read_text()[-3000:]
            time.sleep(0.02)

    def _listens(self) -> bool:
        try:
            with socket.create_connection(("127.0.0.1", self.port)):
                return True
        except OSError:
            return False


@define
class Cluster:
    folder: Path
    database: str
    servers: list[Server] = field(factory=list)
    cookie: str = field(default="", repr=False)

    def start(self, processes: int = PROCESSES) -> None:
        ports = [free_port() for _ in range(processes)]
        origin = f"http://localhost:{ports[0]}"
        self.servers = [Server(self.folder, self.database, origin, port) for port in ports]
        for server in self.servers:  # in turn: the first fills the directory
            server.start()
        self.cookie = sign_in(origin, "ben@colors.example")

    def stop(self) -> None:
        for server in self.servers:
            server.terminate()
        for server in self.servers:
            server.stop()

    def failures(self) -> list[dict[str, Any]]:
        return [line for server in self.servers for line in server.failures()]

    def forget_failures(self) -> None:
        for server in self.servers:
            server.forget_failures()

    @asynccontextmanager
    async def connections(self, width: int) -> AsyncIterator[Sequence[Connection]]:
        """*width* of them, to each server in turn."""
        ports = [self.servers[number % len(self.servers)].port for number in range(width)]
        opened = [await connect(port) for port in ports]
        try:
            yield opened
        finally:
            await asyncio.gather(*(connection.close() for connection in opened))

    async def codes(self, count: int) -> list[str]:
        """By silent authorization, asked of all servers at once."""
        async with self.connections(2 * len(self.servers)) as connections:
            request = authorize_request(self.cookie)

            async def some(connection: Connection, share: int) -> list[str]:
                found = [code_of(await connection.ask(request)) for _ in range(share)]
                return [code for code in found if code]

            shares = [len(range(number, count, len(connections))) for number in range(len(connections))]
            groups = await asyncio.gather(*map(some, connections, shares))
        codes = [code for group in groups for code in group]
        assert len(codes) == count
        return codes

    @asynccontextmanager
    async def inside(self) -> AsyncIterator[Inside]:
        settings = Settings(origin=self.servers[0].origin, database=self.database)
        here = app.install(settings, development_master_key(self.folder), development=True)
        try:
            yield Inside(here)
        finally:
            await here.store.close()


@define
class Inside:
    """The test as one more replica: it sees what is stored."""

    here: Installation

    async def family(self, code: str) -> TokenFamily | None:
        opened = open_code(self.here, code)
        assert opened is not None
        return await self.here.store.find_family(family_key(opened))


@contextmanager
def cluster_on(folder: Path, database: str) -> Iterator[Cluster]:
    made = Cluster(folder, database)
    try:
        made.start()
        yield made
    finally:
        made.stop()

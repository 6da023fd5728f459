"""`entrada serve` as an operator would start it, but on plain http on loopback."""

from __future__ import annotations

import asyncio
import os
import secrets
import signal
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from importlib.resources import files
from pathlib import Path

import httpx2
from attrs import define, field

from entrada.core.sealing.keys import MasterKey
from entrada.server import app
from entrada.server.settings import Settings
from entrada.server.store.port import Store
from entrada.server.store.sql.migrate import migrate
from entrada.server.usecases import rotate_keys
from entrada.server.usecases.apply_directory import FileRefused, apply_directory
from entrada.server.usecases.settle_credentials import Credentials, Replacement
from tests.plugins.postgres import free_port

PASSWORD = "correct horse battery staple"
SECRET = "a-client-secret-of-at-least-160-bits"
PATIENCE = 20.0


@define
class Server:
    folder: Path
    database: str
    furnish: Callable[[Store], Awaitable[None]]
    workers: int = 2
    port: int = field(factory=free_port)
    master: str = field(factory=lambda: secrets.token_urlsafe(32), repr=False)
    process: subprocess.Popen[bytes] | None = None

    @property
    def origin(self) -> str:
        return f"http://localhost:{self.port}"

    def prepare(self) -> None:
        migrate(self.database)
        asyncio.run(self._fill())

    async def _fill(self) -> None:
        settings = Settings(origin=self.origin, database=self.database)
        here = app.install(settings, MasterKey.parse(self.master), development=False)
        text = files("entrada.server").joinpath("development.yaml").read_text(encoding="utf-8")
        credentials = Credentials(
            hash_password=here.hasher.hash,
            verify_password=lambda password, hashed: here.hasher.verify(hashed, password),
            replace_seed=lambda seed: Replacement(PASSWORD if seed.kind == "password" else SECRET, made=False),
        )
        plan = await apply_directory(text, here.store, here.clock(), credentials)
        assert not isinstance(plan, FileRefused), plan.faults
        await rotate_keys.ensure(here)
        await self.furnish(here.store)
        await here.store.close()

    def start(self) -> float:
        """Seconds until it answers."""
        environment = {
            **os.environ,
            "ENTRADA_ORIGIN": self.origin,
            "ENTRADA_LISTEN": f"127.0.0.1:{self.port}",
            "ENTRADA_DATABASE": self.database,
            "ENTRADA_MASTER_KEY": self.master,
            "ENTRADA_DATA_DIR": str(self.folder),
            "ENTRADA_WORKERS": str(self.workers),
        }
        command = [str(Path(sys.executable).parent / "entrada"), "serve"]
        began = time.perf_counter()
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(command, env=environment, stdout=log, stderr=log)
        while time.perf_counter() - began < PATIENCE:
            try:
                if httpx2.get(f"{self.origin}/healthz").status_code == 200:
                    return time.perf_counter() - began
            except httpx2.HTTPError:
                time.sleep(0.005)
            if self.process.poll() is not None:
                break
        raise AssertionError((self.folder / "log").read_text()[-2000:])

    def stop(self) -> None:
        if self.process is not None:
            self.process.send_signal(signal.SIGTERM)
            self.process.wait(PATIENCE)
            self.process = None

    def cpu(self) -> float:
        """Seconds of processor time that the server's processes have used so far."""
        assert self.process is not None
        return sum(cpu_of(pid) for pid in (self.process.pid, *_children(self.process.pid)))

    def memory(self) -> float:
        """MB of the largest worker: its resident pages, shared ones included."""
        assert self.process is not None
        pids = [self.process.pid, *_children(self.process.pid)]
        return max(_resident(pid) for pid in pids)


def _children(pid: int) -> list[int]:
    listed = Path(f"/proc/{pid}/task/{pid}/children")
    return [int(child) for child in listed.read_text().split()] if listed.exists() else []


def cpu_of(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _resident(pid: int) -> float:
    status = Path(f"/proc/{pid}/status").read_text()
    return int(status.split("VmRSS:")[1].split()[0]) / 1024


@contextmanager
def serving(folder: Path, database: str, furnish: Callable[[Store], Awaitable[None]]) -> Iterator[Server]:
    """*furnish* adds to the development directory what the measurements need."""
    server = Server(folder, database, furnish)
    server.prepare()
    server.start()
    try:
        yield server
    finally:
        server.stop()

"""`entrada up` in a process of its own, on free loopback ports, over TLS: what real clients are tried against."""

from __future__ import annotations

import os
import signal
import ssl
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

import httpx2
from attrs import define, field

from tests.drivers.form_browser import FormBrowser
from tests.plugins.postgres import free_port

COLORS = "c0105000-0000-4000-8000-000000000001"
PETALS = "9e7a1500-0000-4000-8000-000000000001"
GRAPH = "00000003-0000-0000-c000-000000000000"
COLORS_API = "c0105000-0000-4000-8000-00000000ba51"
REPSYS = "c0105000-0000-4000-8000-00000000e951"
SPA = "c0105000-0000-4000-8000-0000000005fa"
CLI = "c0105000-0000-4000-8000-000000000c11"
MULTI = "c0105000-0000-4000-8000-00000000aa17"
PATIENCE = 30.0


@define
class LiveServer:
    folder: Path
    port: int = field(factory=free_port)
    sample_port: int = field(factory=free_port)
    colors_port: int = field(factory=free_port)
    gateway_port: int | None = None  # none unless asked for: most tests need no gateway
    options: Sequence[str] = ()
    environment: Mapping[str, str] = field(factory=dict)
    process: subprocess.Popen[bytes] | None = None

    @property
    def origin(self) -> str:
        return "https://localhost" if self.port == 443 else f"https://localhost:{self.port}"

    @property
    def authority(self) -> str:
        return f"{self.origin}/{COLORS}"

    @property
    def repsys(self) -> str:
        return f"http://localhost:{self.sample_port}"

    @property
    def colors(self) -> str:
        return f"http://localhost:{self.colors_port}"

    @property
    def gateway(self) -> str:
        return f"https://localhost:{self.gateway_port}"

    @property
    def ca(self) -> Path:
        return self.folder / "tls" / "ca.pem"

    @property
    def bundle(self) -> Path:
        return self.folder / "tls" / "bundle.pem"

    @property
    def log(self) -> Path:
        return self.folder / "log"

    def entrada(self, *arguments: str, given: str | None = None) -> str:
        """What an administrator types beside the running server, and what it prints."""
        command = [str(Path(sys.executable).parent / "entrada"), *arguments, "--data-dir", str(self.folder)]
        done = subprocess.run(command, input=given, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def start(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        command = [
            str(Path(sys.executable).parent / "entrada"), "up",
            "--port", str(self.port), "--sample-port", str(self.sample_port),
            "--colors-port", str(self.colors_port), "--data-dir", str(self.folder),
            *(("--gateway-port", str(self.gateway_port)) if self.gateway_port else ("--no-gateway",)),
            "--log-level", "info", "--log-format", "json", *self.options,
        ]  # fmt: skip
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                command, stdout=log, stderr=log, env={**os.environ, **self.environment}, start_new_session=True
            )
        self._wait()

    def stop(self, with_signal: int = signal.SIGTERM) -> None:
        if self.process is not None:
            self.process.send_signal(with_signal)
            try:
                self.process.wait(PATIENCE)
            finally:
                self.process.kill()  # where it did not end; where it did, nothing
                self.process.wait()
                self.process = None

    def client(self) -> httpx2.Client:
        return httpx2.Client(verify=ssl.create_default_context(cafile=self.ca), timeout=30)

    def gateway_answers(self, path: str = "/", status: int = 404) -> None:
        """Wait until the gateway is up, which comes after the platform, and serves what it is to serve."""
        deadline = time.monotonic() + PATIENCE
        with self.client() as client:
            while time.monotonic() < deadline:
                with suppress(httpx2.HTTPError, OSError):
                    if client.get(f"{self.gateway}{path}").status_code == status:
                        return
                time.sleep(0.05)
        raise AssertionError(f"the gateway did not start: {self.log.read_text()[-3000:]}")

    def browser(self) -> FormBrowser:
        return FormBrowser(self.client(), self.origin)

    def _wait(self) -> None:
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            if self.process is None or self.process.poll() is not None:
                break
            if self._answers():
                return
            time.sleep(0.05)
        raise AssertionError(f"entrada up did not start: {self.log.read_text()[-3000:]}")

    def _answers(self) -> bool:
        if not self.ca.exists():
            return False
        try:
            with self.client() as client:
                return client.get(f"{self.origin}/healthz").status_code == 200
        except (httpx2.HTTPError, ssl.SSLError, OSError):
            return False


@contextmanager
def live_server(
    folder: Path, *options: str, port: int | None = None, gateway: bool = False, **environment: str
) -> Iterator[LiveServer]:
    server = LiveServer(
        folder,
        port=port or free_port(),
        gateway_port=free_port() if gateway else None,
        options=options,
        environment=environment,
    )
    server.start()
    try:
        yield server
    finally:
        server.stop()

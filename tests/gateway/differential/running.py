"""A real Envoy with a compiled configuration, its backend, and the stand-in for the Python proxy."""

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from attrs import define, evolve, field

from entrada.core.gateway.entities.subscription import Subscription
from entrada.core.gateway.envoy.compile import compile_gateway
from entrada.core.gateway.envoy.snapshot import Snapshot
from entrada.core.gateway.envoy.surroundings import Surroundings
from entrada.core.gateway.service import Service
from entrada.core.gateway.tokens.provider import Provider
from entrada.server.envoy.bootstrap import Limits, bootstrap
from entrada.server.envoy.places import Places, write_json, write_resources
from tests.gateway.differential.wire import Client, Servers

PATIENCE = 60.0  # seconds: eighty APIs, on a busy machine


@define
class Running:
    places: Places
    surroundings: Surroundings
    servers: Servers
    pushes: int = 0
    clients: list[Client] = field(factory=list[Client])
    process: "subprocess.Popen[bytes] | None" = None

    def compiled(
        self,
        service: Service,
        providers: Mapping[str, Provider] | None = None,
        subscriptions: Sequence[Subscription] = (),
    ) -> Snapshot:
        return compile_gateway(service, providers or {}, self.surroundings, subscriptions)

    def push(self, snapshot: Snapshot) -> None:
        """And wait until Envoy has it."""
        self.pushes += 1
        version = f"{snapshot.version}-{self.pushes}"
        write_resources(self.places, "cds", snapshot.clusters, version)
        write_resources(self.places, "rds", [snapshot.routes], version)
        write_resources(self.places, "lds", [snapshot.listener], version)
        if self.process is None:
            self._start()
        self._await(f'rds.entrada.version_text: "{version}"')

    def client(self) -> Client:
        client = Client(self.surroundings.port)
        self.clients.append(client)
        return client

    def stop(self) -> None:
        for one in self.clients:
            one.close()
        if self.process is not None:
            self.process.terminate()
            self.process.wait(10)

    def _start(self) -> None:
        write_json(self.places, self.places.bootstrap, bootstrap(self.places, Limits()))
        binary = str(Path(sys.executable).parent / "envoy")
        log = (self.places.folder / "log").open("wb")
        command = [
            binary,
            "-c",
            str(self.places.bootstrap),
            "--concurrency",
            "1",
            "--use-dynamic-base-id",
            "-l",
            "warning",
        ]
        self.process = subprocess.Popen(command, stdout=log, stderr=log, env={"PATH": os.environ["PATH"]})
        log.close()

    def _await(self, wanted: str) -> None:
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            if wanted in self.stats("version_text"):
                return
            time.sleep(0.02)
        raise AssertionError(f"Envoy does not take it:\n{self.log()[-3000:]}")

    def stats(self, pattern: str) -> str:
        with socket.socket(socket.AF_UNIX) as admin:
            admin.settimeout(2)
            try:
                admin.connect(str(self.places.admin))
                admin.sendall(f"GET /stats?filter={pattern} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n".encode())
                return b"".join(iter(lambda: admin.recv(65_536), b"")).decode()
            except OSError:
                return ""

    def log(self) -> str:
        return (self.places.folder / "log").read_text("utf-8", "replace")


@contextmanager
def running(folder: Path, **surroundings: Any) -> Iterator[Running]:
    """Nothing runs until the first push."""
    places = Places(folder / "envoy")
    places.make()
    servers = Servers(str(folder / "python.sock"))
    servers.start()
    found = Surroundings(
        addresses=("127.0.0.1",),
        port=_free_port(),
        fallback_socket=servers.fallback_socket,
        routes_file=str(places.resources("rds")),
        backend_bundle="/etc/ssl/certs/ca-certificates.crt",
        scheme="http",
    )
    one = Running(places, evolve(found, **surroundings), servers)
    try:
        yield one
    finally:
        one.stop()
        servers.stop()


def _free_port() -> int:
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        return int(trial.getsockname()[1])


def mutated(snapshot: Snapshot, change: Any) -> Snapshot:
    """With what *change* makes of its routes: a guard taken away."""
    routes: dict[str, Any] = json.loads(json.dumps(snapshot.routes))
    changed: Sequence[Any] | None = change(routes)
    assert changed is None
    assert routes != snapshot.routes, "the guard to be taken away is not there"
    return evolve(snapshot, routes=routes)

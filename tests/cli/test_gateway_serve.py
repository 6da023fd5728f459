"""`entrada gateway serve`: beside the platform, on its database; in Envoy, and in Python."""

import asyncio
import os
import signal
import ssl
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

import httpx2
import pytest
from attrs import define, field

from entrada.cli.places import opened_installation, place
from entrada.core.directory.ids import TenantId
from entrada.core.gateway.configuration import PolicyScope
from entrada.core.gateway.entities.api import Api
from entrada.core.gateway.entities.ids import ApiId, OperationId
from entrada.core.gateway.entities.operation import Operation
from entrada.core.protocol.effects import PutEntity
from entrada.server import local_ca
from entrada.server.app import clock
from entrada.server.usecases.gateway.records import Noun, OperationOfApi, Policy, record_of
from tests.cli.conftest import KEY, Entrada, Production
from tests.plugins.postgres import free_port

PROGRAM = str(Path(sys.executable).parent / "entrada")
PATIENCE = 30.0
HELLO = ApiId("hello")
HELLO_TENANT = "c0105000-0000-4000-8000-000000000001"
NOUNS: tuple[Noun, ...] = (
    Api(id=HELLO, display_name="Hello", path="hello", subscription_required=False),
    OperationOfApi(
        api_id=HELLO, operation=Operation(id=OperationId("get"), display_name="Get", method="GET", url_template="/")
    ),
    Policy(
        scope=PolicyScope(api_id=HELLO),
        text="<policies><inbound><return-response><set-status code='203'/></return-response></inbound></policies>",
    ),
)


@define
class Gateway:
    folder: Path
    engine: str
    tenant: str = ""
    port: int = field(factory=free_port)
    metrics: int = field(factory=free_port)
    process: "subprocess.Popen[bytes] | None" = None

    @property
    def environment(self) -> Mapping[str, str]:
        ours = {
            "ENTRADA_MASTER_KEY": KEY,
            "ENTRADA_ORIGIN": "https://login.example.com",
            "ENTRADA_TRUSTED_PROXIES": "127.0.0.1",
            "ENTRADA_DATA_DIR": str(self.folder / "data"),
            "ENTRADA_GATEWAY_ORIGIN": f"https://localhost:{self.port}",
            "ENTRADA_GATEWAY_TENANT": self.tenant,
            "ENTRADA_GATEWAY_LISTEN": f"127.0.0.1:{self.port}",
            "ENTRADA_GATEWAY_ENGINE": self.engine,
            "ENTRADA_GATEWAY_METRICS": f"127.0.0.1:{self.metrics}",
            "ENTRADA_GATEWAY_TLS_CERTIFICATE": str(self.folder / "tls" / "leaf.pem"),
            "ENTRADA_GATEWAY_TLS_KEY": str(self.folder / "tls" / "leaf-key.pem"),
        }
        return {**{name: value for name, value in os.environ.items() if not name.startswith("ENTRADA_")}, **ours}

    @property
    def log(self) -> str:
        return (self.folder / "log").read_text()

    def run(self, *args: str) -> str:
        done = subprocess.run([PROGRAM, *args], env=self.environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def start(self) -> None:
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(
                [PROGRAM, "gateway", "serve"], env=self.environment, stdout=log, stderr=log, start_new_session=True
            )
        self.until("/", 404)

    def until(self, path: str, status: int) -> None:
        deadline = time.monotonic() + PATIENCE
        while (found := self.get(path)) != status:
            assert self.process is not None
            assert self.process.poll() is None, self.log
            assert time.monotonic() < deadline, f"{path} answers {found}: {self.log}"
            time.sleep(0.05)

    def get(self, path: str) -> int:
        """0 without an answer."""
        trusted = ssl.create_default_context(cafile=self.folder / "tls" / "ca.pem")
        try:
            return httpx2.get(f"https://localhost:{self.port}{path}", verify=trusted).status_code
        except (httpx2.HTTPError, OSError):
            return 0

    async def publish(self) -> None:
        async with opened_installation(place(None, None, self.environment)) as here:
            records = [record_of(here, TenantId(self.tenant), noun) for noun in NOUNS]
            assert await here.store.commit([PutEntity(one) for one in records])


@pytest.fixture(params=["envoy", "python"])
def gateway(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Gateway]:
    local_ca.ensure(tmp_path / "tls", (), clock())
    made = Gateway(tmp_path, request.param)
    (tmp_path / "data").mkdir(mode=0o700)
    made.run("migrate")
    made.run("tenant", "create", "--name", "Example", "--domain", "example.com", "--admin", "ada@example.com")
    made.tenant = next(word for word in made.run("tenant", "list").split() if word.count("-") == 4)
    yield made
    if made.process is not None:
        made.process.kill()
        made.process.wait()


def test_it_serves_what_is_configured_while_it_runs_and_ends_when_told(gateway: Gateway):
    gateway.start()
    assert gateway.get("/hello") == 404
    asyncio.run(gateway.publish())
    gateway.until("/hello", 203)
    for probe in ("/healthz", "/readyz"):
        assert httpx2.get(f"http://127.0.0.1:{gateway.metrics}{probe}").status_code == 200
    assert ("in Envoy" if gateway.engine == "envoy" else "in Python") in gateway.log
    assert gateway.process is not None
    gateway.process.send_signal(signal.SIGTERM)
    assert gateway.process.wait(PATIENCE) == 0
    assert gateway.get("/hello") == 0
    assert any('"/hello"' in line and "203" in line for line in gateway.log.splitlines() if line.startswith("{"))
    assert "Traceback" not in gateway.log


def test_a_taken_port_is_one_line(gateway: Gateway):
    gateway.start()
    second = subprocess.run(
        [PROGRAM, "gateway", "serve"], env=gateway.environment, capture_output=True, text=True, check=False
    )
    assert second.returncode == 2
    assert "Something already listens" in second.stderr
    assert "--listen" in second.stderr


def test_the_certificate_is_an_option_too(entrada: Entrada, production: Production):
    gateway = {"ENTRADA_GATEWAY_ORIGIN": "https://api.example.com", "ENTRADA_GATEWAY_TENANT": HELLO_TENANT}
    files = ("--tls-certificate", "/nowhere.pem", "--tls-key", "/nowhere-key.pem")
    said = entrada("gateway", "serve", *files, **production.environment, **gateway)
    assert "The certificate /nowhere.pem and the key /nowhere-key.pem cannot be used" in said.stderr


@pytest.mark.parametrize(
    ("changed", "mends"),
    [
        pytest.param({}, "set ENTRADA_GATEWAY_ORIGIN", id="no gateway"),
        pytest.param(
            {
                "ENTRADA_ORIGIN": "http://localhost:1",
                "ENTRADA_TRUSTED_PROXIES": "",
                "ENTRADA_GATEWAY_ORIGIN": "https://api.example.com",
                "ENTRADA_GATEWAY_TENANT": "c0105000-0000-4000-8000-000000000001",
            },
            "nothing ends TLS: set ENTRADA_GATEWAY_TLS_CERTIFICATE",
            id="https that nothing ends",
        ),
        pytest.param({"ENTRADA_MASTER_KEY": ""}, "no master key", id="an unsafe setting"),
        pytest.param(
            {
                "ENTRADA_GATEWAY_ORIGIN": "https://api.example.com",
                "ENTRADA_GATEWAY_TENANT": "c0105000-0000-4000-8000-000000000001",
                "ENTRADA_GATEWAY_LISTEN": "127.0.0.1:0",
            },
            "ENTRADA_GATEWAY_LISTEN must be",
            id="a listen address without a port",
        ),
    ],
)
def test_it_is_refused_in_one_line(changed, mends, entrada: Entrada, production: Production):
    said = entrada("gateway", "serve", **{**production.environment, **changed})
    assert said.exit_code == 2
    assert mends in said.stderr
    assert said.stderr.count("\n") == 1

"""`entrada serve` as a process of its own, with two workers, over TLS: from an empty database to an administrator."""

import http.client
import json
import os
import re
import signal
import ssl
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import httpx2
import pytest
from attrs import define, field

from entrada.server import local_ca
from entrada.server.app import clock
from tests.drivers.form_browser import FormBrowser
from tests.plugins.postgres import free_port

PROGRAM = str(Path(sys.executable).parent / "entrada")
PATIENCE = 20.0
PASSWORD = "nine green lanterns"


@define
class Serving:
    folder: Path
    port: int = field(factory=free_port)
    process: "subprocess.Popen[bytes] | None" = None

    @property
    def origin(self) -> str:
        return f"https://localhost:{self.port}"

    @property
    def log(self) -> Path:
        return self.folder / "log"

    @property
    def environment(self) -> Mapping[str, str]:
        ours = {
            "ENTRADA_MASTER_KEY_FILE": str(self.folder / "master.key"),
            "ENTRADA_ORIGIN": self.origin,
            "ENTRADA_LISTEN": f"127.0.0.1:{self.port}",
            "ENTRADA_DATA_DIR": str(self.folder / "data"),
            "ENTRADA_TLS_CERTIFICATE": str(self.folder / "tls" / "leaf.pem"),
            "ENTRADA_TLS_KEY": str(self.folder / "tls" / "leaf-key.pem"),
        }
        return {**{name: value for name, value in os.environ.items() if not name.startswith("ENTRADA_")}, **ours}

    def run(self, *args: str) -> str:
        done = subprocess.run([PROGRAM, *args], env=self.environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def start(self, *args: str) -> None:
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [PROGRAM, "serve", *args], env=self.environment, stdout=log, stderr=log, start_new_session=True
            )
        until(lambda: self.get("/readyz") == 200)

    def end(self, number: int) -> int:
        assert self.process is not None
        self.process.send_signal(number)
        return self.process.wait(PATIENCE)

    def workers(self) -> list[int]:
        assert self.process is not None
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text()
        return [int(pid) for pid in children.split()]

    def lines(self) -> list[dict[str, object]]:
        return [json.loads(line) for line in self.log.read_text().splitlines()]

    def client(self) -> httpx2.Client:
        trusted = ssl.create_default_context(cafile=self.folder / "tls" / "ca.pem")
        return httpx2.Client(verify=trusted, base_url=self.origin, timeout=PATIENCE)

    def get(self, path: str, host: str | None = None) -> int:
        """The status; 0 without an answer."""
        trusted = ssl.create_default_context(cafile=self.folder / "tls" / "ca.pem")
        connection = http.client.HTTPSConnection("localhost", self.port, context=trusted, timeout=5)
        try:
            connection.request("GET", path, headers={"Host": host} if host else {})
            with connection.getresponse() as answer:
                return answer.status
        except OSError:
            return 0
        finally:
            connection.close()


def until(happens: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not happens():
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.05)


@pytest.fixture
def serving(tmp_path: Path) -> Iterator[Serving]:
    made = Serving(tmp_path)
    local_ca.ensure(tmp_path / "tls", (), clock())
    (tmp_path / "master.key").write_text(made.run("keys", "master"))
    made.run("migrate")
    yield made
    if made.process is not None and made.process.poll() is None:
        made.process.kill()
        made.process.wait()


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_two_workers(serving: Serving):
    serving.start("--workers", "2")
    until(lambda: len(serving.workers()) == 2)
    assert serving.get("/common/discovery/v2.0/keys") == 200

    # Its own name only, but for the probes.
    assert serving.get("/common/discovery/v2.0/keys", host="login.example.com") == 421
    assert serving.get("/common/discovery/v2.0/keys", host=f"127.0.0.1:{serving.port}") == 421
    assert serving.get("/healthz", host="10.1.2.3") == 200
    assert serving.get("/readyz", host="10.1.2.3") == 200

    # A worker that dies is replaced, and what it leaves is a line.
    killed, other = serving.workers()
    os.kill(killed, signal.SIGKILL)
    until(lambda: len(serving.workers()) == 2 and killed not in serving.workers())
    assert other in serving.workers()
    until(lambda: any(line["event"] == "worker ended" and line["pid"] == killed for line in serving.lines()))

    # SIGTERM ends all of them, and is no failure.
    ended = serving.workers()
    assert serving.end(signal.SIGTERM) == 0
    assert not [pid for pid in ended if Path(f"/proc/{pid}").exists()]


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_workers_end_with_a_parent_that_was_killed(serving: Serving):
    serving.start("--workers", "2")
    until(lambda: len(serving.workers()) == 2)
    orphans = serving.workers()
    assert serving.end(signal.SIGKILL) == -signal.SIGKILL
    until(lambda: not any(Path(f"/proc/{pid}").exists() for pid in orphans))


def test_from_an_empty_database_to_an_administrator_with_a_password(serving: Serving):
    serving.start()
    printed = serving.run(
        "tenant", "create", "--name", "Example", "--domain", "example.com", "--admin", "you@example.com"
    )
    link = printed.splitlines()[-1]
    assert link.startswith(f"{serving.origin}/enrol?token=")
    until(lambda: serving.get("/example.com/v2.0/.well-known/openid-configuration") == 200)
    tenant = re.search(r"[0-9a-f-]{36}", serving.run("tenant", "list"))
    assert tenant is not None

    with serving.client() as client:
        browser = FormBrowser(client, serving.origin)
        page = browser.open(link)
        names = [name for name, value in page.forms[0].fields.items() if not value]
        assert len(names) == 2
        assert browser.submit(page, names[0], **dict.fromkeys(names, PASSWORD)).status == 200
        spent = browser.open(link)
    assert (spent.status, spent.forms) == (400, [])
    for secret in (PASSWORD, link.partition("token=")[2]):
        assert secret not in serving.log.read_text()


def test_a_rotation_is_noticed(serving: Serving):
    serving.start()
    with serving.client() as client:

        def published() -> list[str]:
            return [key["kid"] for key in client.get("/common/discovery/v2.0/keys").json()["keys"]]

        before = published()
        assert len(before) == 2
        serving.run("keys", "rotate", "--now")
        until(lambda: len(published()) == 3)
        assert published()[:2] == before


def test_ctrl_c_is_told_from_an_end_in_peace(serving: Serving):
    serving.start()
    assert serving.end(signal.SIGINT) == 130
    assert "Traceback" not in serving.log.read_text()


def test_forwarded_headers_name_no_origin(serving: Serving):
    serving.start()
    with serving.client() as client:
        forged = {"X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "http", "Forwarded": "host=evil.example"}
        metadata = client.get("/common/v2.0/.well-known/openid-configuration", headers=forged)
        assert metadata.status_code == 200
        assert metadata.json()["authorization_endpoint"].startswith(f"{serving.origin}/")
        assert "evil.example" not in metadata.text
        assert metadata.headers["strict-transport-security"].startswith("max-age=")

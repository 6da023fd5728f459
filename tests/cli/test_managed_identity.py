"""`entrada up --managed-identity`: off unless asked for, and for programs of this machine alone."""

import re
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest

from tests.drivers.live_server import COLORS_API, LiveServer, live_server
from tests.plugins.postgres import free_port

DAEMON = "c0105000-0000-4000-8000-0000000dae01"
NOBODY = "11b4a470-0000-4000-8000-0000000000ff"
NAME = "127.0.0.2"  # loopback, and yet none of the addresses it listens on
ASKED = {"api-version": "2018-02-01", "resource": f"api://{COLORS_API}"}


@pytest.fixture(scope="module")
def exposed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveServer]:
    """To other machines, and with the identity that stands when none is named."""
    folder = tmp_path_factory.mktemp("exposed-identity") / "data"
    options = ("--no-samples", "--expose", NAME, "--managed-identity", "--managed-identity-port", str(free_port()))
    with live_server(folder, *options) as server:
        yield server


def token_at(server: LiveServer, host: str) -> httpx2.Response:
    url = f"http://{host}:{server.options[-1]}/metadata/identity/oauth2/token"
    return httpx2.get(url, params=ASKED, headers={"Metadata": "true"}, trust_env=False)


def test_without_a_name_it_is_the_sample_daemon(exposed: LiveServer):
    assert token_at(exposed, "127.0.0.1").json()["client_id"] == DAEMON


def test_it_is_never_exposed(exposed: LiveServer):
    with socket.create_connection((NAME, exposed.port)):
        pass  # the platform listens there
    with pytest.raises(ConnectionRefusedError), socket.create_connection((NAME, int(exposed.options[-1]))):
        pass


def test_the_secret_is_made_anew_at_each_start(exposed: LiveServer):
    exposed.stop()
    exposed.start()
    first, second = re.findall(r"IDENTITY_HEADER=(\S{32})", exposed.log.read_text())
    assert first != second


def test_nothing_answers_unless_asked_for(tmp_path: Path):
    port = free_port()
    with live_server(tmp_path / "data", "--no-samples", "--managed-identity-port", str(port)) as server:
        assert "Managed identity" not in server.log.read_text()
        with pytest.raises(ConnectionRefusedError), socket.create_connection(("127.0.0.1", port)):
            pass


# fmt: off
REFUSED = [  # what is named, what the line says
    pytest.param("daemon",  "'daemon' is no application (client) id",     id="a name"),
    pytest.param(NOBODY,    f"{NOBODY}, which is no application here",    id="nobody"),
]
# fmt: on


@pytest.mark.parametrize(("named", "line"), REFUSED)
def test_refused_before_anything_listens(tmp_path: Path, named: str, line: str):
    ports = ("--port", "0", "--managed-identity-port", "0")
    program = str(Path(sys.executable).parent / "entrada")
    words = [
        program,
        "up",
        "--data-dir",
        str(tmp_path),
        "--no-samples",
        "--no-gateway",
        *ports,
        "--managed-identity",
        named,
    ]
    done = subprocess.run(words, capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stderr.count("\n"), line in done.stderr) == (2, 1, True), done.stderr

"""The directory's commands at a running server, with a token: what the token may, and no more."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from tests.docs.examples import blocks
from tests.drivers.live_server import COLORS, LiveServer, live_server
from tests.usecases.client_certificates import der

pytestmark = pytest.mark.interop

DAEMON, SECRET = "c0105000-0000-4000-8000-0000000dae01", "daemon-dev-secret"


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveServer]:
    """Where the sample daemon may register applications and read users."""
    folder = tmp_path_factory.mktemp("commands")
    with live_server(folder / "data", "--no-samples") as server:
        [roles] = blocks("how-to/graph-sdk.md", "yaml")
        (folder / "graph-roles.yaml").write_text(roles)
        server.entrada("apply", "--yes", "-f", str(folder / "graph-roles.yaml"))
        yield server


@pytest.fixture(scope="module")
def token(live: LiveServer) -> str:
    form = {"grant_type": "client_credentials", "client_id": DAEMON, "client_secret": SECRET}
    with live.client() as client:
        answer = client.post(
            f"{live.origin}/{COLORS}/oauth2/v2.0/token",
            data={**form, "scope": "https://graph.microsoft.com/.default"},
        )
    found: str = answer.json()["access_token"]
    return found


def entrada(live: LiveServer, home: Path, *words: str, **more: str) -> subprocess.CompletedProcess[str]:
    """As on another machine: nothing of the installation is at hand but its certificate's authority."""
    command = str(Path(sys.executable).parent / "entrada")
    environment = {"PATH": os.environ["PATH"], "HOME": str(home), "SSL_CERT_FILE": str(live.bundle), **more}
    options = ["--server", live.origin] if "--server" not in words else []
    return subprocess.run(
        [command, *words, *options], env=environment, capture_output=True, text=True, timeout=60, check=False
    )


def test_what_the_token_may(live: LiveServer, token: str, tmp_path: Path):
    made = entrada(live, tmp_path, "app", "create", "From afar", "-o", "json", ENTRADA_TOKEN=token)
    assert made.returncode == 0, made.stderr
    assert json.loads(made.stdout)["displayName"] == "From afar"
    (tmp_path / "token").write_text(token + "\n")
    listed = entrada(live, tmp_path, "user", "list", "--token-file", str(tmp_path / "token"))
    assert "ben@colors.example" in listed.stdout


def test_and_what_it_may_not(live: LiveServer, token: str, tmp_path: Path):
    refused = entrada(live, tmp_path, "group", "create", "Intruders", ENTRADA_TOKEN=token)
    assert (refused.returncode, refused.stdout) == (1, "")
    assert "Group.ReadWrite.All" in refused.stderr
    assert len(refused.stderr.splitlines()) == 1


def test_without_a_token_or_a_server(live: LiveServer, token: str, tmp_path: Path):
    for words, more, said in (
        (("user", "list"), {}, "wants a token"),
        (("user", "list"), {"ENTRADA_TOKEN": "a b"}, "is none"),
        (("user", "list"), {"ENTRADA_TOKEN": "abc"}, "token"),
        (("user", "list", "--server", "https://localhost:1"), {"ENTRADA_TOKEN": token}, "does not answer"),
        (("user", "list", "--server", "https://user:pass@localhost"), {"ENTRADA_TOKEN": token}, "no https address"),
        (("user", "list", "--tenant", "petals.example"), {"ENTRADA_TOKEN": token}, "leave --tenant out"),
    ):
        done = entrada(live, tmp_path, *words, **more)
        assert done.returncode in (1, 2), done
        assert said in done.stderr
        assert token not in done.stderr
        assert len(done.stderr.splitlines()) == 1


def test_a_certificate_that_is_not_trusted(live: LiveServer, token: str, tmp_path: Path):
    other = tmp_path / "other.pem"
    other.write_bytes(x509.load_der_x509_certificate(der("2048")).public_bytes(Encoding.PEM))
    done = entrada(live, tmp_path, "user", "list", ENTRADA_TOKEN=token, SSL_CERT_FILE=str(other))
    assert done.returncode == 2
    assert "entrada trust" in done.stderr

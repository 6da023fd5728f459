"""The commands that the pages print, run as printed in a home of their own."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from entrada.core.credentials import password as rules
from entrada.server.usecases.settle_credentials import MACHINE_MADE
from tests.docs.examples import at, blocks
from tests.drivers.live_server import COLORS, live_server

PATIENCE = 60


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    scripts = Path(sys.executable).parent
    return {"PATH": f"{scripts}{os.pathsep}{os.environ['PATH']}", "HOME": str(tmp_path)}


def shell(commands: str, environment: dict[str, str], folder: Path) -> str:
    done = subprocess.run(
        ["sh", "-eu", "-c", commands],
        env=environment,
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize("page", ["how-to/run-for-real-users.md", "../README.md"])
def test_the_first_start_in_production(environment: dict[str, str], tmp_path: Path, page: str):
    """But for the server itself, which would not end."""
    [begin] = [block for block in blocks(page, "sh") if "tenant create" in block]
    said = shell(begin.partition("entrada serve")[0], environment, tmp_path)
    assert "Tenant Example" in said
    assert "https://login.example.com/enrol?token=" in said
    assert (tmp_path / "master.key").stat().st_mode & 0o077 == 0


def test_registering_an_application(environment: dict[str, str], tmp_path: Path):
    [document] = blocks("how-to/register-an-application.md", "yaml")
    [apply] = blocks("how-to/register-an-application.md", "sh")
    (tmp_path / "library.yaml").write_text(document)
    with live_server(tmp_path / "data", "--no-samples") as live:
        said = shell(apply, {**environment, "ENTRADA_DATA_DIR": str(live.folder)}, tmp_path)
        assert said.count("+ application Library") == 2
        assert said.rstrip().endswith("Done.")
        again = shell(apply, {**environment, "ENTRADA_DATA_DIR": str(live.folder)}, tmp_path)
        assert "application Library" in again  # a new secret: only that changes
        request = "response_type=code&scope=openid&redirect_uri=https%3A%2F%2Flibrary.example.org%2Fcallback"
        [client_id] = re.findall(r"appId: (11b4\S+)", document)
        with live.client() as client:
            page = client.get(f"{live.origin}/{COLORS}/oauth2/v2.0/authorize?client_id={client_id}&{request}")
    assert (page.status_code, "Library" in page.text) == (200, True)


def test_calling_graph(environment: dict[str, str], tmp_path: Path):
    """All blocks of the page in one shell, as a reader types them."""
    page = "how-to/call-graph.md"
    [roles] = blocks("how-to/graph-sdk.md", "yaml")
    (tmp_path / "graph-roles.yaml").write_text(roles)
    with live_server(tmp_path / "data", "--no-samples") as live:
        typed = "echo; ".join(at(live, block) for block in blocks(page, "sh"))
        said = shell(typed, {**environment, "ENTRADA_DATA_DIR": str(live.folder)}, tmp_path)
    found, changed, secret, restored = (json.loads(line) for line in said.splitlines() if line.startswith("{"))
    assert {one["id"] for one in found["value"]} > {changed["id"]} == {restored["id"]}  # repsys begins so, too
    assert changed["web"]["redirectUris"] == ["http://localhost:5000/auth/callback"]
    assert secret["secretText"]
    assert "error" not in said


def test_in_the_background(environment: dict[str, str], tmp_path: Path):
    """As printed, but for the port, which may be taken here, and for an end."""
    begin = next(block for block in blocks("how-to/run-in-ci.md", "sh") if "--no-samples &" in block)
    with live_server(tmp_path / "entrada-data", "--no-samples") as live:
        follow = begin.partition("&\n")[2].replace("8443", str(live.port))
        assert shell(f'{follow}\necho "$SSL_CERT_FILE"', environment, tmp_path).endswith(f"{live.bundle}\n")


def test_the_credentials_it_shows_are_good_enough():
    [exposed] = [block for block in blocks("how-to/run-in-ci.md", "sh") if "--expose" in block]
    [chosen] = re.findall(r'ENTRADA_PASSWORD_BEN="([^"]*)"', exposed)
    assert rules.fault(chosen, "ben@colors.example") is None
    assert (
        len(subprocess.run(["openssl", "rand", "-base64", "32"], capture_output=True, check=True).stdout) > MACHINE_MADE
    )

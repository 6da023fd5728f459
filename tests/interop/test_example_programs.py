"""The examples that are programs of the command line, started as their README says, against a live server."""

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.browser.examples import FOLDER, environment_at
from tests.drivers.live_server import LiveServer, live_server
from tests.interop.person import People, Person

pytestmark = pytest.mark.interop
PATIENCE = 60
PROGRAMS = DAEMON, DEVICE = "daemon.py", "device.py"
COLORS = re.compile(r"^colors: amber, apricot, .*violet$", re.MULTILINE)


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveServer]:
    """A platform whose applications may be changed."""
    with live_server(tmp_path_factory.mktemp("examples") / "data") as server:
        yield server


def begun(program: str, *words: str, live: LiveServer, **told: str) -> "subprocess.Popen[str]":
    command = [sys.executable, program, *words]
    return subprocess.Popen(
        command,
        cwd=FOLDER,
        env={**environment_at(live), **told},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def said(program: str, *words: str, live: LiveServer, **told: str) -> str:
    with begun(program, *words, live=live, **told) as process:
        out, err = process.communicate(timeout=PATIENCE)
    assert process.returncode == 0, err
    return out


# ---- daemon.py ----


def test_the_daemon_proves_itself_by_its_secret(live: LiveServer):
    assert COLORS.search(said(DAEMON, live=live))


def test_the_daemon_proves_itself_by_a_certificate(own: LiveServer, tmp_path: Path):
    key, certificate, both = tmp_path / "key.pem", tmp_path / "certificate.pem", tmp_path / "daemon.pem"
    make = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=daemon"]
    subprocess.run([*make, "-keyout", str(key), "-out", str(certificate)], check=True, capture_output=True)
    both.write_text(key.read_text() + certificate.read_text())
    with pytest.raises(AssertionError, match="AADSTS"):
        said(DAEMON, live=own, CERTIFICATE=str(both), CLIENT_SECRET="")
    own.entrada("app", "certificate", "add", "Sample daemon", str(certificate))
    assert COLORS.search(said(DAEMON, live=own, CERTIFICATE=str(both), CLIENT_SECRET=""))


# ---- device.py ----


def sign_in(person: Person, process: "subprocess.Popen[str]") -> str:
    """What the program says once the person has let it in."""
    assert process.stderr is not None
    for line in process.stderr:
        if found := re.search(r"(https://\S+).*\b([A-Z0-9]{9})\b", line):
            person.let_in(found[1], found[2])
            break
    out, _ = process.communicate(timeout=PATIENCE)
    assert process.returncode == 0
    return out


def test_a_device_signs_in_once_renews_and_signs_out(live: LiveServer, people: People, tmp_path: Path):
    ben, home = people("ben@colors.example"), {"HOME": str(tmp_path)}
    with begun(DEVICE, live=live, **home) as process:
        first = sign_in(ben, process)
    assert "signed in as ben@colors.example" in first
    assert COLORS.search(first)
    assert said(DEVICE, live=live, **home) == first  # nobody is asked, and the token is the same
    renewed = said(DEVICE, "renew", live=live, **home)
    assert renewed.splitlines()[:2] == first.splitlines()[:2]
    assert renewed != first
    assert said(DEVICE, live=live, **home) == renewed
    page = said(DEVICE, "sign-out", live=live, **home).split()[-1]
    assert page.startswith(f"{live.authority}/oauth2/v2.0/logout?")
    assert "nobody is signed in" in said(DEVICE, "sign-out", live=live, **home)
    with begun(DEVICE, live=live, **home) as process:
        assert "signed in as ben@colors.example" in sign_in(ben, process)  # by a new code

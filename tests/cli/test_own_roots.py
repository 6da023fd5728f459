"""The certificate of the running `entrada up` is trusted at its own origin, in every command, and nowhere else."""

import json
import sys
from pathlib import Path

import pytest

from entrada.cli.tokens.own_roots import roots_of
from tests.cli.test_tokens import API, DAEMON, failed
from tests.drivers.live_server import COLORS, LiveServer
from tests.drivers.terminal import Terminal

AS_DAEMON = ("-p", "daemon")


@pytest.fixture
def profiled(live: LiveServer, tmp_path: Path) -> Terminal:
    """A profile at the running platform; nothing says whom to trust, and the shell's variables lack it."""
    empty = tmp_path / "others.pem"
    empty.touch()
    environment = {"ENTRADA_DATA_DIR": str(live.folder), "REQUESTS_CA_BUNDLE": str(empty), "SSL_CERT_FILE": str(empty)}
    terminal = Terminal(tmp_path, {**environment, "ENTRADA_VAULT": "key-file"})
    create = ("config", "create", "daemon", "--authority", live.authority, "--client-id", DAEMON)
    secret = ("--client-secret-stdin", "--scope", f"{API}/.default")
    made = terminal.run(*create, *secret, given="daemon-dev-secret\n")
    assert made.returncode == 0, made.stderr
    return terminal


def test_every_command_trusts_it(profiled: Terminal, live: LiveServer):
    token = profiled.said("get-token", *AS_DAEMON).strip()
    assert profiled.said("refresh", *AS_DAEMON).strip() != token
    assert json.loads(profiled.said("discover", *AS_DAEMON, "-o", "json"))["ok"]
    assert profiled.run("inspect", token, "--verify", "--check", ENTRADA_PROFILE="daemon").returncode == 0
    assert profiled.run("inspect", token, "--issuer", f"{live.authority}/v2.0", "--check").returncode == 0
    published = profiled.said("curl", *AS_DAEMON, f"{live.authority}/v2.0/.well-known/openid-configuration")
    assert json.loads(published)["issuer"] == f"{live.authority}/v2.0"


def test_a_program_trusts_it_whatever_the_shell_says(profiled: Terminal, live: LiveServer):
    script = "import json, os; print(json.dumps(dict(os.environ)))"
    found = json.loads(profiled.said("exec", *AS_DAEMON, "--", sys.executable, "-c", script))
    assert found["SSL_CERT_FILE"] == found["REQUESTS_CA_BUNDLE"] == str(live.bundle)
    assert found["NODE_EXTRA_CA_CERTS"] == str(live.ca)


def test_another_data_folder_lends_it_nothing(profiled: Terminal, tmp_path: Path):
    failed(profiled.run("get-token", *AS_DAEMON, ENTRADA_DATA_DIR=str(tmp_path)), 5, "CERTIFICATE_VERIFY_FAILED")


# fmt: off
ORIGINS = [
    pytest.param("https://localhost:8443",          "https://localhost:8443/t",           True,  id="its own"),
    pytest.param("https://entrada.test",            "https://ENTRADA.test:443/t",         True,  id="in another spelling"),
    pytest.param("https://localhost:8443",          "https://localhost:8444/t",           False, id="another port"),
    pytest.param("https://localhost:8443",          "https://127.0.0.1:8443/t",           False, id="another name"),
    pytest.param("https://localhost:8443",          "http://localhost:8443/t",            False, id="without TLS"),
    pytest.param("https://localhost:8443",          "https://localhost:8443.evil.test/t", False, id="a longer name"),
    pytest.param("https://localhost:8443",          "https://localhost:8443@evil.test/t", False, id="a name as a user"),
    pytest.param("https://localhost:8443",          "https://localhost:x/t",              False, id="no port"),
    pytest.param("http://localhost:8443",           "http://localhost:8443/t",            False, id="a platform without TLS"),
]
# fmt: on


@pytest.mark.parametrize(("origin", "url", "trusted"), ORIGINS)
def test_of_that_very_origin(origin, url, trusted, tmp_path: Path):
    (tmp_path / "origin").write_text(f"{origin}\n")
    ca = tmp_path / "tls" / "ca.pem"
    ca.parent.mkdir()
    ca.touch()
    assert roots_of(url, {"ENTRADA_DATA_DIR": str(tmp_path)}) == (ca if trusted else None)


def test_the_profile_of_the_environment_says_whose_authority(profiled: Terminal):
    found = json.loads(profiled.said("discover", "-o", "json", ENTRADA_PROFILE="daemon"))
    assert found["authority"].endswith(f"/{COLORS}")
    assert profiled.run("discover", ENTRADA_PROFILE="nobody").returncode == 4


def test_whom_to_sign_in_as(profiled: Terminal):
    failed(profiled.run("whoami", *AS_DAEMON), 4, "Sign in with: entrada get-token -p daemon")

"""The az command line signs a service principal in, and a machine's identity, and gets tokens.  `make az` runs this.

The cloud is registered as az documents it.  az asks the cloud's resource manager which subscriptions there are; that one
is a stub, for there are none.
"""

import json
import os
import ssl
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import jwt as pyjwt
import pytest
from attrs import frozen

from tests.drivers.assertions import rsa_key
from tests.drivers.live_server import COLORS, COLORS_API, LiveServer, live_server
from tests.plugins.postgres import free_port
from tests.server.egress.server_certificate import server_certificate

pytestmark = pytest.mark.az

AZ = Path(__file__).parents[2] / ".venv-az" / "bin" / "az"
DAEMON = "c0105000-0000-4000-8000-0000000dae01"
GRAPH = "https://graph.microsoft.com"
PATIENCE = 120


class _NoSubscriptions(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        is_asked = self.path.startswith("/subscriptions?") and self.headers["Authorization"].startswith("Bearer ey")
        self.send_response(200 if is_asked else 404)
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        self.wfile.write(b'{"value": []}')

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its name
        pass


@contextmanager
def resource_manager(certificate: Path) -> Iterator[str]:
    """az sends tokens over TLS only."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    with ThreadingHTTPServer(("127.0.0.1", 0), _NoSubscriptions) as server:
        server.socket = context.wrap_socket(server.socket, server_side=True)
        thread = Thread(target=server.serve_forever, args=[0.05])
        thread.start()
        try:
            yield f"https://localhost:{server.server_address[1]}/"
        finally:
            server.shutdown()
            thread.join()


@frozen
class CommandLine:
    live: LiveServer
    environment: dict[str, str]

    def run(self, *words: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            [str(AZ), *words], env=self.environment, capture_output=True, text=True, timeout=PATIENCE, check=False
        )

    def __call__(self, *words: str) -> Any:
        done = self.run(*words)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout) if done.stdout else None

    def log_in(self, *words: str, **changes: str) -> "subprocess.CompletedProcess[str]":
        named = {"username": DAEMON, "password": "daemon-dev-secret", "tenant": COLORS, **changes}
        options = [word for name, value in named.items() for word in (f"--{name}", value)]
        self("account", "clear")  # or it answers from its cache, whatever the password
        return self.run("login", "--service-principal", "--allow-no-subscriptions", *options, *words)

    def verified(self, token: str, audience: str) -> dict[str, Any]:
        keys = pyjwt.PyJWKClient(
            f"{self.live.authority}/discovery/keys", ssl_context=ssl.create_default_context(cafile=self.live.ca)
        )
        key = keys.get_signing_key_from_jwt(token)
        claims: dict[str, Any] = pyjwt.decode(token, key, algorithms=["RS256"], audience=audience)
        return claims


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveServer]:
    folder = tmp_path_factory.mktemp("az")
    identity = ("--managed-identity", DAEMON, "--managed-identity-port", str(free_port()))
    with live_server(folder / "data", "--no-samples", *identity) as server:
        yield server


@pytest.fixture(scope="module")
def az(live: LiveServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[CommandLine]:
    """At a cloud of that name, nobody signed in; nothing of this machine's own az."""
    if not AZ.exists():
        pytest.fail("the az command line is not installed: make az does it")
    folder = tmp_path_factory.mktemp("az-home")
    certified = server_certificate("localhost", rsa_key("resource manager"))
    (folder / "resource-manager.pem").write_text(certified.pem)
    (folder / "bundle.pem").write_text(live.bundle.read_text() + certified.certificate_pem)
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(folder),
        "AZURE_CONFIG_DIR": str(folder / "config"),
        "AZURE_CORE_COLLECT_TELEMETRY": "false",
        "REQUESTS_CA_BUNDLE": str(folder / "bundle.pem"),
    }
    with resource_manager(folder / "resource-manager.pem") as manager:
        command_line = CommandLine(live, environment)
        command_line("config", "set", "core.instance_discovery=false", "--only-show-errors")
        command_line(*registration(live, manager))
        command_line("cloud", "set", "--name", "entrada")
        yield command_line


def registration(live: LiveServer, manager: str) -> list[str]:
    endpoints = {
        "active-directory": live.origin,
        "active-directory-resource-id": f"api://{COLORS_API}",  # whose tokens the resource manager takes
        "microsoft-graph-resource-id": GRAPH,
        "active-directory-graph-resource-id": GRAPH,
        "resource-manager": manager,
        "management": manager,
        "gallery": manager,
    }
    options = [word for name, value in endpoints.items() for word in (f"--endpoint-{name}", value)]
    return ["cloud", "register", "--name", "entrada", "--skip-endpoint-discovery", *options]


def test_a_wrong_secret_is_refused_in_entras_words(az: CommandLine):
    refused = az.log_in(password="wrong")
    assert refused.returncode == 1
    assert "AADSTS7000215" in refused.stderr


def test_a_service_principal_signs_in_and_gets_tokens(az: CommandLine):
    assert az.log_in().returncode == 0
    account = az("account", "show")
    assert (account["environmentName"], account["tenantId"], account["user"]) == (
        "entrada",
        COLORS,
        {"name": DAEMON, "type": "servicePrincipal"},
    )
    graph = az("account", "get-access-token", "--resource", GRAPH)
    assert (graph["tokenType"], graph["tenant"]) == ("Bearer", COLORS)
    assert az.verified(graph["accessToken"], GRAPH)["appid"] == DAEMON
    assert az("account", "get-access-token", "--resource", GRAPH)["accessToken"] == graph["accessToken"]  # its cache
    colors = az("account", "get-access-token", "--scope", f"api://{COLORS_API}/.default")
    assert az.verified(colors["accessToken"], COLORS_API)["roles"] == ["Colors.ReadAll"]


def test_graph_knows_who_asks_by_such_a_token(az: CommandLine):
    """It is let in, and told that this request needs a person: a token Graph did not accept would be a 401."""
    assert az.log_in().returncode == 0
    asked = az.run("rest", "--method", "get", "--url", f"{az.live.origin}/v1.0/me", "--resource", GRAPH)
    assert "Authorization_RequestDenied" in asked.stderr
    assert "InvalidAuthenticationToken" not in asked.stderr


def test_a_machines_identity_signs_in(az: CommandLine):
    origin = f"http://localhost:{az.live.options[-1]}"
    on_machine = CommandLine(az.live, {**az.environment, "AZURE_POD_IDENTITY_AUTHORITY_HOST": origin})
    on_machine("login", "--identity", "--allow-no-subscriptions")
    token = on_machine("account", "get-access-token", "--resource", GRAPH)["accessToken"]
    claims = on_machine.verified(token, GRAPH)
    assert (claims["appid"], claims["appidacr"]) == (DAEMON, "2")

"""The az command line in an environment of its own, at a cloud that is registered as az documents it.

az asks the cloud's resource manager which subscriptions there are; that one is a stub, for there are none.
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
from tests.drivers.live_server import COLORS, LiveServer
from tests.server.egress.server_certificate import server_certificate

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


@contextmanager
def command_line(live: LiveServer, folder: Path) -> Iterator[tuple[CommandLine, str]]:
    """With no cloud registered, nobody signed in and nothing of this machine's own az; and where the resource manager is."""
    if not AZ.exists():
        pytest.fail("the az command line is not installed: make az does it")
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
        yield CommandLine(live, environment), manager

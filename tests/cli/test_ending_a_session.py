"""`entrada logout --browser` at any OpenID Connect issuer: it is told whose session ends."""

import json
import sys
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from urllib.parse import parse_qs, urlsplit

import pytest
from attrs import evolve

from entrada.cli.profiles.kept_secret import vault_here
from entrada.client.token_cache.encrypted_file import EncryptedFileCache
from entrada.client.token_cache.port import Kept, Partition
from entrada.client.tokens import AccessToken, Account
from entrada.core.jose.numeric_date import NumericDate
from tests.drivers.terminal import Terminal

ROOT = Path(__file__).parents[2]
FOLLOW = "import sys; from tests.drivers.person import led; print(sys.argv[1], led(sys.argv[1]))"


class Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        assert isinstance(self.server, ThreadingHTTPServer)
        issuer = f"http://localhost:{self.server.server_port}"
        names = ("authorization_endpoint", "token_endpoint", "jwks_uri")
        document = {
            "issuer": issuer,
            **{name: f"{issuer}/{name}" for name in names},
            "response_types_supported": ["code"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["RS256"],
            "end_session_endpoint": f"{issuer}/end?policy=mine",
        }
        body = json.dumps(document).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None: ...  # noqa: A002


@pytest.fixture
def issuer() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    yield f"http://localhost:{server.server_port}"
    server.shutdown()
    server.server_close()


def test_it_is_named_by_its_id_token(issuer: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    seen, opener = tmp_path / "seen", tmp_path / "opener"
    opener.write_text(f"#!/bin/sh\nPYTHONPATH={ROOT} {sys.executable} -c '{FOLLOW}' \"$1\" > {seen}\n")
    opener.chmod(0o755)
    terminal = Terminal(tmp_path, {"ENTRADA_VAULT": "key-file", "BROWSER": str(opener)})
    terminal.said("config", "create", "mine", "--issuer", issuer, "--client-id", "app", "--scope", "read")
    for name, value in terminal.variables().items():
        monkeypatch.setenv(name, value)
    for name in ("XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_CONFIG_HOME"):
        monkeypatch.delenv(name, raising=False)
    account = Account(issuer=issuer, tenant_id="", user_id="1", username="ada")
    token = AccessToken(value="t", scopes=frozenset({"read"}), expires_at=NumericDate(int(time.time()) + 3600))
    kept = Kept(account=account, access=(token,), id_token="its.id.token")
    EncryptedFileCache(vault_here()).change(Partition(issuer, "app", account.key), lambda _: evolve(kept))
    done = terminal.run("logout", "-p", "mine", "--browser")
    assert done.returncode == 0, done.stderr
    started_with, led_to = seen.read_text().split()
    assert "its.id.token" not in started_with
    assert led_to.startswith(f"{issuer}/end?policy=mine&")
    wanted = {"policy": ["mine"], "client_id": ["app"], "id_token_hint": ["its.id.token"], "logout_hint": ["ada"]}
    assert parse_qs(urlsplit(led_to).query) == wanted

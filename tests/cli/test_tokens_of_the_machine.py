"""Tokens of the machine's own identity: of the one that is asked now, and past every proxy."""

import json
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from entrada.cli.tokens.network import client_over, is_of_this_machine, trusted
from tests.drivers.terminal import Terminal


class Endpoint(ThreadingHTTPServer):
    """An identity endpoint, or a proxy: it answers whatever is asked of it, and remembers."""

    daemon_threads = True

    def __init__(self, whose: str) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.whose, self.asked = whose, list[str]()
        Thread(target=self.serve_forever, args=(0.05,), daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    @property
    def variables(self) -> dict[str, str]:
        return {"IDENTITY_ENDPOINT": f"{self.url}/msi/token", "IDENTITY_HEADER": "secret"}


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        assert isinstance(self.server, Endpoint)
        self.server.asked.append(self.path)
        token = {"access_token": self.server.whose, "expires_on": str(int(time.time()) + 3600), "token_type": "Bearer"}
        body = json.dumps(token).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None: ...  # noqa: A002


@pytest.fixture
def endpoints() -> Iterator[tuple[Endpoint, Endpoint]]:
    both = Endpoint("of-one"), Endpoint("of-another")
    yield both
    for one in both:
        one.shutdown()
        one.server_close()


@pytest.fixture
def machine(tmp_path: Path) -> Terminal:
    terminal = Terminal(tmp_path, {"ENTRADA_VAULT": "key-file"})
    terminal.said(
        "config", "create", "box", "--auth-method", "managed-identity", "--scope", "https://vault.example/.default"
    )
    return terminal


def test_another_identity_is_another_token(machine: Terminal, endpoints: tuple[Endpoint, Endpoint]):
    for endpoint in endpoints:
        assert machine.said("get-token", "-p", "box", **endpoint.variables).strip() == endpoint.whose
    assert "not kept" in machine.run("whoami", "-p", "box").stderr


def test_so_too_where_the_flow_is_named(tmp_path: Path, endpoints: tuple[Endpoint, Endpoint]):
    of_azure = {"AZURE_TENANT_ID": "contoso.example", "AZURE_CLIENT_SECRET": "s", "ENTRADA_VAULT": "key-file"}
    terminal = Terminal(tmp_path, {**of_azure, "AZURE_CLIENT_ID": "11111111-1111-4111-8111-111111111111"})
    words = ("get-token", "--flow", "managed-identity", "--scope", "https://vault.example/.default")
    for endpoint in endpoints:
        assert terminal.said(*words, **endpoint.variables).strip() == endpoint.whose


@pytest.mark.parametrize("name", ["HTTP_PROXY", "http_proxy", "ALL_PROXY"])
def test_its_secret_goes_by_no_proxy(machine: Terminal, endpoints: tuple[Endpoint, Endpoint], name: str):
    endpoint, proxy = endpoints
    assert machine.said("get-token", "-p", "box", **endpoint.variables, **{name: proxy.url}).strip() == "of-one"
    assert proxy.asked == []


@pytest.mark.parametrize(
    ("url", "here"),
    [
        ("http://localhost:1/x", True),
        ("http://127.0.0.2/x", True),
        ("http://[::1]:1/x", True),
        ("http://169.254.169.254/metadata", True),
        ("https://login.example/x", False),
        ("https://10.0.0.1/x", False),
    ],
)
def test_what_is_of_this_machine(url: str, here: bool):
    assert is_of_this_machine(url) is here


def test_nor_does_what_an_authority_elsewhere_leads_to(
    endpoints: tuple[Endpoint, Endpoint], monkeypatch: pytest.MonkeyPatch
):
    endpoint, proxy = endpoints
    monkeypatch.setenv("HTTP_PROXY", proxy.url)
    with client_over(trusted(None), "https://login.example/") as client:
        assert client.get(endpoint.url).json()["access_token"] == "of-one"
        assert client.get("http://elsewhere.example/").json()["access_token"] == "of-another"

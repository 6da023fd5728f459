"""`entrada up --expose`: other names, all interfaces, and no credential that anybody knows beforehand."""

import re
import signal
import socket
import ssl
import subprocess
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

from tests.cli.conftest import Entrada
from tests.drivers.form_browser import PASSWORD, FormBrowser
from tests.drivers.live_server import COLORS, REPSYS, LiveServer, live_server

NAME = "127.0.0.2"  # loopback, and yet none of the names that are always answered
GIVEN = "nine green lanterns"


@pytest.fixture(scope="module")
def exposed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveServer]:
    folder = tmp_path_factory.mktemp("exposed") / "data"
    with live_server(folder, "--expose", f"{NAME},entrada.test", ENTRADA_PASSWORD_BEN=GIVEN) as server:
        yield server


def origin(server: LiveServer) -> str:
    return f"https://{NAME}:{server.port}"


def made(server: LiveServer) -> dict[str, str]:
    """What it printed once, by owner."""
    screen = server.log.read_text()
    return dict(
        re.findall(r"^  (?:password|client secret) +(\S+|[A-Z]\S+ \S+(?: \S+)*?)  +(\S{20,})$", screen, re.MULTILINE)
    )


def signs_in(server: LiveServer, username: str, password: str) -> bool:
    query = f"client_id={REPSYS}&response_type=code&scope=openid&redirect_uri=http://localhost:5000/auth/callback"
    with server.client() as client:
        browser = FormBrowser(client, origin(server))
        page = browser.open(f"{origin(server)}/{COLORS}/oauth2/v2.0/authorize?{query}")
        browser.sign_in(page, username, password)
        return browser.left_to is not None and "code=" in browser.left_to


def authenticates(server: LiveServer, secret: str) -> bool:
    """Whether *secret* is repsys' own; the code it sends is nobody's."""
    form = {"client_id": REPSYS, "client_secret": secret, "grant_type": "authorization_code", "code": "x"}
    form["redirect_uri"] = "http://localhost:5000/auth/callback"
    with server.client() as client:
        return (
            client.post(f"{origin(server)}/{COLORS}/oauth2/v2.0/token", data=form).json()["error"] != "invalid_client"
        )


def test_no_documented_password_opens(exposed: LiveServer):
    for name in ("ada@colors.example", "ben@colors.example", "cai@colors.example"):
        assert not signs_in(exposed, name, PASSWORD)


def test_the_given_password_opens_and_is_not_printed(exposed: LiveServer):
    assert signs_in(exposed, "ben@colors.example", GIVEN)
    assert GIVEN not in exposed.log.read_text()
    assert "ben@colors.example" not in made(exposed)


def test_the_made_ones_are_printed_and_open(exposed: LiveServer):
    assert signs_in(exposed, "ada@colors.example", made(exposed)["ada@colors.example"])
    assert authenticates(exposed, made(exposed)["repsys"])
    assert not authenticates(exposed, "repsys-dev-secret")


def test_the_sample_works_and_again_after_a_restart(exposed: LiveServer):
    for _ in range(2):
        sign_in_to_repsys(exposed)
        printed = exposed.log.read_text()
        exposed.stop()
        exposed.start()
        again = exposed.log.read_text().removeprefix(printed)
        assert "shown this once" not in again
        assert not [value for value in made(exposed).values() if value in again]


def sign_in_to_repsys(server: LiveServer) -> None:
    with server.client() as client:
        leaving = client.get(f"{server.repsys}/auth/login").headers["location"]
        assert leaving.startswith(f"{origin(server)}/{COLORS}/oauth2/v2.0/authorize")
        browser = FormBrowser(client, origin(server))
        browser.sign_in(browser.open(leaving), "ben@colors.example", GIVEN)
        assert browser.left_to is not None
        back = client.get(browser.left_to)
        assert back.status_code == 302, back.text
        assert "ben@colors.example" in client.get(server.repsys).text


@pytest.mark.parametrize(
    ("host", "status"),
    [(NAME, 200), ("entrada.test", 200), ("localhost", 200), ("evil.example", 421), ("127.0.0.3", 421)],
)
def test_which_names_are_answered(host, status, exposed: LiveServer):
    with exposed.client() as client:
        for path in ("/healthz", f"/{COLORS}/v2.0/.well-known/openid-configuration"):
            answer = client.get(f"{origin(exposed)}{path}", headers={"Host": f"{host}:{exposed.port}"})
            assert answer.status_code == status


def test_the_certificate_is_for_the_exposed_names_too(exposed: LiveServer):
    context = ssl.create_default_context(cafile=exposed.ca)
    with (
        socket.create_connection((NAME, exposed.port)) as plain,
        context.wrap_socket(plain, server_hostname="entrada.test") as secured,
    ):
        assert secured.version() == "TLSv1.3"


def test_the_address_is_the_first_name(exposed: LiveServer):
    with exposed.client() as client:
        metadata = client.get(f"https://localhost:{exposed.port}/{COLORS}/v2.0/.well-known/openid-configuration").json()
    assert metadata["issuer"] == f"{origin(exposed)}/{COLORS}/v2.0"


# ---- a folder that was not exposed before ----


def test_what_was_known_before_is_known_no_more(tmp_path: Path):
    with live_server(tmp_path / "data", "--no-samples") as private:
        assert not listens(NAME, private.port)
    with live_server(tmp_path / "data", "--no-samples", "--expose", NAME) as server:
        assert listens(NAME, server.port)
        assert not signs_in(server, "ben@colors.example", PASSWORD)
        assert signs_in(server, "ben@colors.example", made(server)["ben@colors.example"])
        assert not authenticates(server, "repsys-dev-secret")
    with live_server(tmp_path / "data", "--no-samples") as private:
        assert PASSWORD not in private.log.read_text().rpartition("is up")[2]


def listens(host: str, port: int) -> bool:
    try:
        socket.create_connection((host, port), timeout=2).close()
    except OSError:
        return False
    return True


# ---- on loopback ----


@pytest.mark.parametrize("host", ["evil.example", "localhost.evil.example", "127.0.0.2", "[::2]", "0.0.0.0", ""])
def test_any_other_name_is_misdirected(host, live: LiveServer):
    with live.client() as client:
        for url in (live.origin, f"{live.origin}/healthz", live.repsys):
            answer = client.get(url, headers={"Host": host})
            assert answer.status_code in ({421} if host else {400, 421})
            assert "evil" not in answer.text


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "[::1]", "LOCALHOST"])
def test_its_own_names_are_answered(host, live: LiveServer):
    with live.client() as client:
        assert client.get(f"{live.origin}/healthz", headers={"Host": f"{host}:{live.port}"}).status_code == 200


def test_two_names_at_once_are_none(live: LiveServer):
    context = ssl.create_default_context(cafile=live.ca)
    with (
        socket.create_connection(("localhost", live.port)) as plain,
        context.wrap_socket(plain, server_hostname="localhost") as secured,
    ):
        secured.sendall(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nHost: evil.example\r\n\r\n")
        assert secured.recv(64).startswith((b"HTTP/1.1 400", b"HTTP/1.1 421"))


# ---- names that are none ----


@pytest.mark.parametrize("name", ["https://x", "x:8443", "*", "*.example.com", "0.0.0.0", "[::]", "::1", "a b", "x/y"])
def test_a_name_that_is_none(name, entrada: Entrada, tmp_path: Path):
    refused = entrada("up", "--expose", name, "--data-dir", tmp_path)
    assert (refused.exit_code, refused.stdout) == (2, "")
    assert "no host name" in refused.stderr
    assert refused.stderr.count("\n") == 1


def until(lines: Iterable[str], last: str) -> str:
    read: list[str] = []
    for line in lines:
        read.append(line)
        if last in line:
            break
    return "".join(read)


def test_over_plain_http_it_starts_without_the_samples(tmp_path: Path):
    """They believe no authority over http but one of this machine."""
    command = [
        str(Path(sys.executable).parent / "entrada"),
        "up",
        "--no-gateway",
        "--http",
        "--expose",
        "entrada.test",
        "--port",
        "0",
    ]
    with subprocess.Popen(
        [*command, "--data-dir", str(tmp_path)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        screen = until(process.stdout, "Ctrl-C stops it")
        process.send_signal(signal.SIGTERM)
        _, said = process.communicate(timeout=30)
    assert "http://entrada.test:" in screen
    assert "samples are not started" in said
    assert process.returncode == 0

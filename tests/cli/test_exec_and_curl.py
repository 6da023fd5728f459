"""A program that finds tokens in its environment, and an API that is called with one."""

import base64
import json
import re
import signal
import stat
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

import httpx2
import pytest

from entrada.cli.places import place, remembered_gateway, remembered_samples
from entrada.cli.tokens.own_roots import roots_of
from entrada.cli.tokens.running import Running, left_behind
from entrada.cli.tokens.scope_of_url import scope_of
from entrada.core.directory.ids import ClientId
from tests.cli.test_tokens import API, DAEMON, claims, daemon, failed, terminal
from tests.drivers.assertions import rsa_key
from tests.drivers.live_server import COLORS, COLORS_API, LiveServer
from tests.drivers.terminal import ENTRADA, Terminal
from tests.server.egress.server_certificate import server_certificate

__all__ = ["daemon", "terminal"]  # fixtures

AZURE_IDENTITY = f"""
from azure.identity import DefaultAzureCredential, ManagedIdentityCredential
print(ManagedIdentityCredential().get_token("{API}/.default").token)
print(DefaultAzureCredential().get_token("{API}/.default").token)
"""


# ---- exec ----


def test_azure_identity_finds_a_managed_identity(daemon: Terminal):
    done = daemon.run("exec", "--", sys.executable, "-c", AZURE_IDENTITY)
    assert done.returncode == 0, done.stderr
    tokens = done.stdout.split()
    assert [claims(token)["roles"] for token in tokens] == [["Colors.ReadAll"]] * 2


def test_a_persons_tokens_for_another_api(terminal: Terminal):
    terminal.said("get-token", "-s", f"{API}/Colors.Read")  # consents: nobody is asked on the program's behalf
    done = terminal.run("exec", "--", sys.executable, "-c", AZURE_IDENTITY)
    assert done.returncode == 0, done.stderr
    assert [claims(token)["name"] for token in done.stdout.split()] == ["Ada Amber"] * 2
    assert claims(done.stdout.split()[0])["aud"] == COLORS_API


def test_what_the_program_finds(daemon: Terminal, live: LiveServer):
    script = "import json, os; print(json.dumps(dict(os.environ)))"
    found = json.loads(daemon.said("exec", "--", sys.executable, "-c", script))
    assert found["AZURE_CLIENT_ID"] == DAEMON
    assert found["AZURE_TENANT_ID"] == COLORS
    assert found["AZURE_AUTHORITY_HOST"] == live.origin
    assert found["NODE_EXTRA_CA_CERTS"] == found["ENTRADA_CA_FILE"] == str(live.ca)
    assert found["SSL_CERT_FILE"] == found["REQUESTS_CA_BUNDLE"] == found["CURL_CA_BUNDLE"]
    assert "AZURE_CLIENT_SECRET" not in found
    assert re.fullmatch(r"http://127\.0\.0\.1:\d+/msi/token", found["IDENTITY_ENDPOINT"])


def test_the_program_trusts_the_systems_roots_beside_those_that_were_named(daemon: Terminal, live: LiveServer):
    others = daemon.home / "system.pem"
    others.write_text(server_certificate("others.test", rsa_key("server")).certificate_pem)
    script = "import os, ssl; print(len(ssl.create_default_context().get_ca_certs()), os.environ['SSL_CERT_FILE'])"
    done = daemon.said("exec", "--", sys.executable, "-c", script, SSL_CERT_FILE=str(others))
    number, bundle = done.split()
    assert number == "2"
    assert stat.S_IMODE(Path(bundle).stat().st_mode) == 0o600
    assert live.ca.read_text() in Path(bundle).read_text()


ASK = """
import httpx2, os, sys
url, header = os.environ["IDENTITY_ENDPOINT"], os.environ["IDENTITY_HEADER"]
def ask(secret=header, host=None, **query):
    headers = {"X-IDENTITY-HEADER": secret, **({"Host": host} if host else {})}
    answer = httpx2.get(url, params={"api-version": "2019-08-01", "resource": sys.argv[1], **query}, headers=headers)
    return f"{answer.status_code} {'access_token' in answer.json()}"
print(ask())
print(ask(secret="x"))
print(ask(secret=""))
print(ask(host="evil.example"))
print(ask(client_id="00000000-0000-0000-0000-000000000001"))
print(ask(resource="https://nowhere.example"))
print(ask(resource=""))
"""


def test_the_identity_is_the_programs_alone(daemon: Terminal):
    done = daemon.run("exec", "--", sys.executable, "-c", ASK, API)
    assert done.stdout.splitlines() == [
        "200 True", "401 False", "401 False", "403 False", "400 False", "400 False", "400 False",
    ]  # fmt: skip
    assert "entrada: No token for https://nowhere.example" in done.stderr


MEANWHILE = f"""
import httpx2, os, subprocess
from tests.drivers.terminal import ENTRADA
url, header = os.environ["IDENTITY_ENDPOINT"], os.environ["IDENTITY_HEADER"]
def ask(resource):
    answer = httpx2.get(url, params={{"resource": resource}}, headers={{"X-IDENTITY-HEADER": header}}, timeout=60).json()
    return answer.get("access_token", "none")
def entrada(*arguments, **more):
    subprocess.run([ENTRADA, *arguments], capture_output=True, check=True, env={{**os.environ, **more}})
print(ask("{API}"))
entrada("get-token", "--account", "ben@colors.example", PERSON="ben@colors.example")
print(ask("https://graph.microsoft.com"))
entrada("logout", "--account", "ada@colors.example")
print(ask("{API}"))
entrada("logout", "--all")
print(ask("https://graph.microsoft.com"))
"""


@pytest.mark.parametrize("options", [(), ("--account", "ada@colors.example")])
def test_nobody_takes_the_place_of_whom_it_was_begun_for(terminal: Terminal, options: tuple[str, ...]):
    """Nor is anybody asked: a browser would open behind a program that nobody looks at."""
    root = str(Path(__file__).parents[2])
    terminal.said("get-token", "-s", f"{API}/Colors.Read")
    done = terminal.run("exec", *options, "--", sys.executable, "-c", MEANWHILE, PYTHONPATH=root)
    assert done.returncode == 0, done.stderr
    hers, hers_too, *after_she_left = done.stdout.split()
    assert [claims(token)["name"] for token in (hers, hers_too)] == ["Ada Amber"] * 2
    assert after_she_left == ["none", "none"]
    assert done.stderr.count("Nobody is signed in for") == 2
    assert "Go on in the browser" not in done.stderr.partition("No token for")[2]


def test_without_the_cache_the_program_is_served_as_well(terminal: Terminal):
    terminal.said("get-token", "-s", f"{API}/Colors.Read")
    done = terminal.run("exec", "--no-cache", "--", sys.executable, "-c", AZURE_IDENTITY)
    assert [claims(token)["name"] for token in done.stdout.split()] == ["Ada Amber"] * 2, done.stderr
    assert done.stderr.count("Go on in the browser") == 1


def test_the_identity_ends_with_the_program(daemon: Terminal):
    url = daemon.said("exec", "--", "sh", "-c", "echo $IDENTITY_ENDPOINT").strip()
    with pytest.raises(httpx2.ConnectError):
        httpx2.get(url, trust_env=False)


@pytest.mark.parametrize(
    ("command", "code"),
    [(("sh", "-c", "exit 7"), 7), (("sh", "-c", "kill -9 $$"), 137), (("no-such",), 127), (("/",), 126)],
)
def test_it_ends_as_the_program_did(daemon: Terminal, command: tuple[str, ...], code: int):
    assert daemon.run("exec", "--", *command).returncode == code


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGUSR1])
def test_signals_are_passed_on(daemon: Terminal, number: signal.Signals):
    script = f"trap 'echo told; exit 9' {number.name[3:]}; echo ready; while :; do sleep 0.1; done"
    with daemon.start("exec", "--", "sh", "-c", script) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        process.send_signal(number)
        assert process.stdout.readline() == "told\n"
        assert process.wait(30) == 9
        process.communicate()


def test_a_token_in_a_variable_and_no_endpoint(daemon: Terminal):
    done = daemon.run("exec", "--token-env", "MINE", "--", "sh", "-c", 'echo "$MINE" "${IDENTITY_ENDPOINT:-none}"')
    token, endpoint = done.stdout.split()
    assert claims(token)["roles"] == ["Colors.ReadAll"]
    assert endpoint == "none"


def test_the_programs_own_options_stay_its_own(daemon: Terminal):
    assert daemon.said("exec", "echo", "-n", "--profile", "x") == "--profile x"


def test_nothing_is_run_without_a_token(daemon: Terminal, tmp_path: Path):
    done = daemon.run("exec", "--", "touch", str(tmp_path / "ran"), AZURE_CLIENT_SECRET="wrong")
    failed(done, 3, "AADSTS7000215")
    assert not (tmp_path / "ran").exists()


# ---- curl ----


def test_graph_of_the_running_platform(terminal: Terminal, live: LiveServer):
    assert json.loads(terminal.said("curl", f"{live.origin}/v1.0/me"))["displayName"] == "Ada Amber"
    included = terminal.said("curl", "-i", f"{live.origin}/v1.0/me")
    assert included.startswith("HTTP/1.1 200 OK\n")  # its line ends read as such
    refused = terminal.run("curl", f"{live.origin}/v1.0/users")
    assert (refused.returncode, json.loads(refused.stdout)["error"]["code"]) == (0, "Authorization_RequestDenied")
    failed(terminal.run("curl", "--fail", f"{live.origin}/v1.0/users"), 1, "answered 403")
    assert "Authorization_RequestDenied" in terminal.run("curl", "--fail-with-body", f"{live.origin}/v1.0/users").stdout


class Api(ThreadingHTTPServer):
    """Challenges the first time, redirects, and tells what it was sent."""

    daemon_threads = True
    seen: list[tuple[str, str, str, str]]

    @property
    def url(self) -> str:
        return f"http://localhost:{self.server_port}"


class Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        assert isinstance(self.server, Api)
        body = self.rfile.read(int(self.headers.get("content-length") or 0)).decode(errors="surrogateescape")
        token = self.headers["authorization"].removeprefix("Bearer ")
        self.server.seen.append((self.command, self.path, body, token))
        match self.path:
            case "/challenge" if len(self.server.seen) == 1:
                wanted = base64.b64encode(b'{"access_token":{"nbf":{"essential":true,"value":"1"}}}').decode()
                self.answer(401, {"WWW-Authenticate": f'Bearer error="insufficient_claims", claims="{wanted}"'})
            case "/challenge-for-ever":
                self.answer(401, {"WWW-Authenticate": 'Bearer error="insufficient_claims", claims="e30="'})
            case "/here":
                self.answer(307, {"Location": "/there"})
            case "/nowhere" | "/choices" | "/unchanged":
                self.answer({"/nowhere": 302, "/choices": 300, "/unchanged": 304}[self.path], {})
            case "/broken":
                self.answer(302, {"Location": "http://["})
            case "/elsewhere":
                self.answer(302, {"Location": "http://127.0.0.1:1/steal"})
            case _:
                self.answer(200, {})

    do_POST = do_PATCH = do_GET  # noqa: N815 - the parent's names

    def answer(self, status: int, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in {**headers, "Content-Length": "2"}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(b"\x00\xff")

    def log_message(self, format: str, *args: object) -> None: ...  # noqa: A002


@pytest.fixture
def api() -> Iterator[Api]:
    server = Api(("127.0.0.1", 0), Handler)
    server.seen = []
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


SCOPE = ("--scope", f"{API}/.default")


def test_a_body_as_it_came_and_as_it_goes(daemon: Terminal, api: Api, tmp_path: Path):
    data = tmp_path / "data"
    data.write_text("from a file")
    output = tmp_path / "output"
    daemon.said("curl", *SCOPE, "-d", f"@{data}", "-o", str(output), f"{api.url}/x")
    daemon.said("curl", *SCOPE, "-X", "patch", "-d", "plain", "-H", "X-Mine: 1", "-o", str(output), f"{api.url}/y")
    assert output.read_bytes() == b"\x00\xff"
    assert [one[:3] for one in api.seen] == [("POST", "/x", "from a file"), ("PATCH", "/y", "plain")]
    assert claims(api.seen[0][3])["roles"] == ["Colors.ReadAll"]


def test_a_claims_challenge_is_met_once(daemon: Terminal, api: Api, tmp_path: Path):
    daemon.said("get-token")
    done = daemon.run("curl", *SCOPE, "--fail", "-o", str(tmp_path / "o"), f"{api.url}/challenge")
    assert done.returncode == 0, done.stderr
    assert len({token for *_, token in api.seen}) == 2
    failed(daemon.run("curl", *SCOPE, "--fail", f"{api.url}/challenge-for-ever"), 1, "answered 401")
    assert len(api.seen) == 4


def test_the_token_stays_at_its_origin(daemon: Terminal, api: Api, tmp_path: Path):
    out = str(tmp_path / "o")
    daemon.said("curl", *SCOPE, "-L", "-d", "again", "-o", out, f"{api.url}/here")
    assert [one[:3] for one in api.seen] == [("POST", "/here", "again"), ("POST", "/there", "again")]
    failed(daemon.run("curl", *SCOPE, "-L", f"{api.url}/elsewhere"), 1, "another origin")
    assert daemon.run("curl", *SCOPE, "-o", out, f"{api.url}/elsewhere").returncode == 0


def test_a_redirect_to_nowhere_is_an_answer(daemon: Terminal, api: Api, tmp_path: Path):
    for path in ("/nowhere", "/choices", "/unchanged"):
        assert daemon.run("curl", *SCOPE, "-L", "-o", str(tmp_path / "o"), f"{api.url}{path}").returncode == 0
    failed(daemon.run("curl", *SCOPE, "-L", f"{api.url}/broken"), 1, "redirects to what is no URL")


def test_the_file_is_kept_until_there_is_an_answer(daemon: Terminal, api: Api, tmp_path: Path):
    kept, new = tmp_path / "kept", tmp_path / "new"
    kept.write_text("what was there")
    for path in (kept, new):
        failed(daemon.run("curl", *SCOPE, "-o", str(path), "http://localhost:1/"), 5, "cannot be reached")
    assert kept.read_text() == "what was there"
    assert not new.exists()
    daemon.said("curl", *SCOPE, "-o", str(kept), f"{api.url}/x")
    assert kept.read_bytes() == b"\x00\xff"
    failed(daemon.run("curl", *SCOPE, "-o", "/dev/full", f"{api.url}/x"), 1, "No space left on device")


def test_what_a_shell_sent_on_is_written_where_it_stands(daemon: Terminal, api: Api, tmp_path: Path):
    log = tmp_path / "log"
    log.write_bytes(b"before ")
    with log.open("ab") as end:
        words = [ENTRADA, "curl", *SCOPE, "-o", "/dev/stdout", f"{api.url}/x"]
        subprocess.run(words, env=daemon.variables(), stdout=end, check=True, timeout=60)
    assert log.read_bytes() == b"before \x00\xff"


def test_bytes_that_are_no_text_are_sent_as_typed(daemon: Terminal, api: Api, tmp_path: Path):
    words = ("curl", *SCOPE, "-d", "\udcff\udcfe", "-o", str(tmp_path / "o"), f"{api.url}/raw")
    assert daemon.run(*words).returncode == 0
    assert api.seen[0][2] == "\udcff\udcfe"


@pytest.mark.parametrize("name", ["A=B", "", "A\nB"])
def test_a_name_that_no_variable_has(daemon: Terminal, name: str):
    failed(daemon.run("exec", "--token-env", name, "--", "true"), 2, "no name of a variable")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("-X", "GET /x", "https://api.example/"), "no method"),
        (("-X", "GÉT", "https://api.example/"), "no method"),
        (("-X", "", "https://api.example/"), "no method"),
        (("https://api.example/\x01",), "no URL"),
        (("https://api.example/\udcff",), "no URL"),
        ((*SCOPE, "https://xn--\u0100.example/"), "no URL"),
        (("http://api.example/",), "A token is sent to an https URL"),
        (("https://me@api.example/",), "without a user"),
        (("https://[",), "no URL"),
        (("-H", "Authorization: mine", "https://api.example/"), "Authorization header"),
        (("-H", "nonsense here: 1", "https://api.example/"), "Name: value"),
        (("-d", "@/no/such", "https://api.example/"), "cannot be read"),
        (("https://api.example/",), "Say it with --scope"),
    ],
)
def test_what_is_not_sent(daemon: Terminal, arguments: tuple[str, ...], said: str):
    failed(daemon.run("curl", *arguments), 2, said)


@pytest.mark.parametrize("value", ["geheim\nX: 1", "geheim-ä", "geheim\x01", "geheim\udcff"])
def test_a_header_that_cannot_be_is_not_repeated(daemon: Terminal, value: str):
    done = daemon.run("curl", *SCOPE, "-H", f"X-Key: {value}", "https://api.example/")
    failed(done, 2, "The value of the header X-Key")
    assert "geheim" not in done.stderr


def test_nobody_is_there(daemon: Terminal):
    failed(daemon.run("curl", *SCOPE, "http://localhost:1/"), 5, "cannot be reached")


UP = Running("https://localhost:8443", None)


@pytest.mark.parametrize(
    ("url", "up", "scopes"),
    [
        ("https://graph.microsoft.com/v1.0/me", None, ("https://graph.microsoft.com/.default",)),
        ("https://mine.vault.azure.net/secrets", None, ("https://vault.azure.net/.default",)),
        ("https://dev.azure.com/me", None, ("499b84ac-1321-427f-aa17-267ca6975798/.default",)),
        ("https://localhost:8443/v1.0/me", UP, ("User.Read",)),
        ("https://localhost:8443/portal", UP, ()),
        ("http://localhost:5001/colors", UP, ()),
        ("http://localhost:5001/colors", None, ()),
        ("https://graph.microsoft.com.evil.example/", None, ()),
        ("https://evilvault.azure.net/", None, ()),
    ],
)
def test_the_scope_of_an_address(url: str, up: Running | None, scopes: tuple[str, ...]):
    assert scope_of(urlsplit(url), up) == scopes


def test_the_scope_of_the_sample_api_wherever_it_listens(live: LiveServer):
    up = Running(live.origin, live.ca, live.folder)
    assert scope_of(urlsplit(f"http://127.0.0.1:{live.colors_port}/colors"), up) == (f"{API}/Colors.Read",)
    assert scope_of(urlsplit(f"http://localhost:{live.sample_port}/"), up) == ()
    assert scope_of(urlsplit(f"http://evil.example:{live.colors_port}/colors"), up) == ()


def test_the_gateway_is_known_as_long_as_it_runs(tmp_path: Path):
    (tmp_path / "tls").mkdir()
    (tmp_path / "origin").write_text("https://localhost:9443")
    (tmp_path / "tls" / "ca.pem").touch()
    colors, environment = "https://localhost:9444/colors", {"ENTRADA_DATA_DIR": str(tmp_path)}
    up = left_behind(environment)
    assert up is not None
    with remembered_gateway(tmp_path, "https://localhost:9444"):
        for url in (colors, f"{colors}/red", f"{colors}?page=2"):
            assert scope_of(urlsplit(url), up) == (f"{API}/Colors.Read",)
        for url in ("https://localhost:9444/others", f"{colors}x", "https://localhost:9445/colors"):
            assert scope_of(urlsplit(url), up) == ()
        assert place(None, tmp_path, {}).settings.gateway_origin == "https://localhost:9444"
        assert roots_of(colors, environment) == tmp_path / "tls" / "ca.pem"
    assert scope_of(urlsplit(colors), up) == ()
    assert roots_of(colors, environment) is None
    with remembered_gateway(tmp_path, ""):
        assert up.gateway is None


def test_where_the_samples_listen_is_forgotten_with_them(tmp_path: Path):
    with remembered_samples(tmp_path, {ClientId(COLORS_API): 5099}):
        up = Running("https://localhost:8443", None, tmp_path)
        assert (up.is_its_api(5099), up.is_its_api(5001), up.is_its_api(None)) == (True, False, False)
    assert not up.is_its_api(5099)
    assert not list(tmp_path.iterdir())

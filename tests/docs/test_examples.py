"""The code that the pages print does what they say: run as printed, against a live server, by a person at a browser."""

import json
import os
import subprocess
import sys
import webbrowser
from collections.abc import Callable, Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import urlencode, urlsplit

import pytest
from starlette.testclient import TestClient
from starlette.types import ASGIApp, Receive, Scope, Send

from entrada.server.local_ca import files_in, trust_lines
from tests.docs.examples import DOCS, at, blocks, names_of
from tests.drivers.chromium import chromium
from tests.drivers.form_browser import PASSWORD
from tests.drivers.live_server import COLORS, LiveServer
from tests.interop.conftest import ben, people, trusting  # noqa: F401 - fixtures
from tests.interop.node_program import FOLDER, PATIENCE, find_node
from tests.interop.person import Person

pytestmark = pytest.mark.interop

RUN_HERE = {
    "../README.md",
    "how-to/authlib.md",
    "how-to/azure-identity.md",  # in test_credential_examples.py
    "how-to/daemon.md",  # in test_daemon_examples.py
    "how-to/device.md",  # in test_device_examples.py
    "how-to/desktop-and-mobile.md",  # in test_public_client_examples.py
    "how-to/get-tokens-in-python.md",  # in test_toolkit_examples.py
    "how-to/graph-sdk.md",  # in test_graph_sdk_examples.py
    "how-to/managed-identity.md",  # in test_credential_examples.py
    "how-to/msal-browser.md",
    "how-to/msal-node.md",
    "how-to/msal-python.md",
    "how-to/name-an-authority.md",  # in test_authority_examples.py
    "how-to/on-behalf-of.md",  # in test_credential_examples.py
    "how-to/openid-client.md",
    "how-to/protect-an-api.md",  # in test_api_examples.py
    "how-to/protect-an-api-with-the-gateway.md",  # in test_gateway_lab_example.py
    "how-to/run-in-ci.md",
    "how-to/run-with-tokens.md",
    "how-to/sign-in-with-django.md",  # in test_django_examples.py
    "how-to/sign-in-with-fastapi.md",  # in test_fastapi_examples.py
    "how-to/sign-in-with-flask.md",  # in test_flask_examples.py
    "how-to/trust-the-certificate.md",
    "tutorial/first-sign-in.md",
    "tutorial/register-by-hand.md",  # in tests/browser/test_azure_lab.py
}


def test_no_example_is_left_out():
    pages = ["../README.md", *(page.relative_to(DOCS).as_posix() for page in DOCS.glob("[!_]*/*.md"))]
    assert {page for page in pages for kind in ("python", "js", "html") if blocks(page, kind)} == RUN_HERE


# ---- Python ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def _bens_browser(ben: Person, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:  # noqa: F811
    """What a program opens when it opens a browser."""
    opened: list[Thread] = []

    class Browser(webbrowser.BaseBrowser):
        def open(self, url: str, new: int = 0, autoraise: bool = True) -> bool:
            opened.append(Thread(target=ben.post_answer, args=[url]))
            opened[-1].start()  # the program listens only after the browser is open
            return True

    monkeypatch.setattr(webbrowser, "_browsers", {})
    monkeypatch.setattr(webbrowser, "_tryorder", [])
    webbrowser.register("ben", None, Browser(), preferred=True)
    yield
    for thread in opened:
        thread.join()


def close(names: dict[str, Any]) -> None:
    """MSAL leaves its connections open."""
    for name in ("app", "public"):
        if name in names:
            names[name].http_client.close()


@pytest.mark.usefixtures("trusting", "_bens_browser")
def test_msal_python(live: LiveServer, ben: Person, capsys: pytest.CaptureFixture[str]):  # noqa: F811
    names = names_of(live, "how-to/msal-python.md")
    assert capsys.readouterr().out.startswith("Ben Blue may use ")
    session: dict[str, Any] = {}
    page = ben.browser.sign_in(ben.browser.open(names["begin"](session)), ben.username)
    assert names["finish"](session, page.form_with("code").fields) == "Ben Blue"
    token = names["token_for"](session, ["Mail.Read"])
    assert "Welcome to Colors" in names["subjects"](token)
    # One for administrators only: on a server that all tests share, nobody has consented to it.
    assert names["token_for"](session, ["api://c0105000-0000-4000-8000-00000000ba51/Colors.Write"]) is None
    close(names)


def with_session(app: ASGIApp) -> ASGIApp:
    """One, for whoever asks."""
    session: dict[str, Any] = {}

    async def asked(scope: Scope, receive: Receive, send: Send) -> None:
        await app({**scope, "session": session}, receive, send)

    return asked


@pytest.mark.usefixtures("trusting")
def test_authlib(live: LiveServer, ben: Person):  # noqa: F811
    names = names_of(live, "how-to/authlib.md")
    with TestClient(with_session(names["app"]), base_url="http://localhost:3000", follow_redirects=False) as client:
        back = urlsplit(ben.answer(client.get("/login").headers["location"]))
        assert client.get(f"{back.path}?{back.query}").text == "Ben Blue, Reporting Analyst"


@pytest.mark.usefixtures("trusting")
def test_trusting_in_code(live: LiveServer, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]):
    monkeypatch.delenv("SSL_CERT_FILE")
    monkeypatch.chdir(live.folder)
    names_of(live, "how-to/trust-the-certificate.md")
    assert capsys.readouterr().out == "ok\n\n"


def test_a_program_with_tokens(live: LiveServer, tmp_path: Path):
    [code] = blocks("how-to/run-with-tokens.md", "python")
    (tmp_path / "app.py").write_text(f"{code}\nprint(len(token.token.split('.')))\n")
    daemon = {
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "HOME": str(tmp_path),
        "SSL_CERT_FILE": str(live.ca),
        "AZURE_AUTHORITY_HOST": live.origin,
        "AZURE_TENANT_ID": COLORS,
        "AZURE_CLIENT_ID": "c0105000-0000-4000-8000-0000000dae01",
        "AZURE_CLIENT_SECRET": "daemon-dev-secret",
    }
    command = ["entrada", "exec", "--from-env", "--", sys.executable, "app.py"]
    done = subprocess.run(command, cwd=tmp_path, env=daemon, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "3\n"), done.stderr


def test_every_variable_is_named(live: LiveServer):
    tls = files_in(live.folder / "tls")
    assert tls is not None
    variables = [line.split("=")[0].removeprefix("export ") for _, line in trust_lines(tls) if "export " in line]
    page = (DOCS / "how-to/trust-the-certificate.md").read_text(encoding="utf-8")
    assert len(variables) == 5
    assert [name for name in variables if f"`{name}`" not in page] == []


def test_the_platform_in_process(live: LiveServer):
    names = names_of(live, "how-to/run-in-ci.md")
    assert names["document"]["token_endpoint"].endswith("/organizations/oauth2/v2.0/token")


@pytest.mark.usefixtures("trusting", "_bens_browser")
def test_the_tutorial(live: LiveServer, capsys: pytest.CaptureFixture[str]):
    names = names_of(live, "tutorial/first-sign-in.md")
    said = capsys.readouterr().out.splitlines()
    assert said[0] == "Ben Blue"
    assert "Welcome to Colors" in said
    assert said[-1] == "cache"
    close(names)


@pytest.mark.usefixtures("trusting", "_bens_browser")
def test_the_front_page(live: LiveServer, capsys: pytest.CaptureFixture[str]):
    names = names_of(live, "../README.md")
    assert capsys.readouterr().out == "Ben Blue\n"
    close(names)


# ---- Node ------------------------------------------------------------------------------------------------------------

DRIVER = """
import * as example from "./example.mjs";
import { createInterface } from "node:readline";

const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
const session = {};
console.log(JSON.stringify(await example.begin(session)));
const query = JSON.parse((await lines.next()).value);
const said = { name: await example.finish(session, query), token: await example.token(session) };
console.log(JSON.stringify({ ...said, end: example.end?.(session) }));
process.exit(0);
"""


def run_node(live: LiveServer, folder: Path, page: str, answer: Callable[[str], dict[str, str]]) -> dict[str, Any]:
    node = find_node()
    [code] = blocks(page, "js")
    (folder / "example.mjs").write_text(at(live, code))
    (folder / "driver.mjs").write_text(DRIVER)
    (folder / "node_modules").symlink_to(FOLDER / "node_modules")
    with subprocess.Popen(
        [node, str(folder / "driver.mjs")],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={"NODE_EXTRA_CA_CERTS": str(live.ca)},
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        assert process.stderr is not None
        asked = process.stdout.readline()
        assert asked, process.stderr.read()
        process.stdin.write(json.dumps(answer(json.loads(asked))) + "\n")
        process.stdin.flush()
        said = process.stdout.readline()
        assert said, process.stderr.read()
        assert process.wait(PATIENCE) == 0
        return json.loads(said)


@pytest.mark.parametrize("page", ["how-to/msal-node.md", "how-to/openid-client.md"])
def test_node_clients(live: LiveServer, ben: Person, tmp_path: Path, page: str):  # noqa: F811
    said = run_node(live, tmp_path, page, ben.fields)
    assert said["name"] == "Ben Blue"
    with live.client() as client:
        me = client.get(f"{live.origin}/v1.0/me", headers={"Authorization": f"Bearer {said['token']}"})
    assert me.json()["displayName"] == "Ben Blue"
    if "end" in said:
        assert said["end"].startswith(f"{live.authority}/oauth2/v2.0/logout?")
        assert urlencode({"post_logout_redirect_uri": "http://localhost:5000/"}) in said["end"]


# ---- a page ----------------------------------------------------------------------------------------------------------


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: Any) -> None: ...


@pytest.fixture
def spa(live: LiveServer, tmp_path: Path) -> Iterator[str]:
    find_node()  # skips where the clients are not installed
    [page] = blocks("how-to/msal-browser.md", "html")
    (tmp_path / "index.html").write_text(at(live, page))
    script = FOLDER / "node_modules/@azure/msal-browser/lib/msal-browser.min.js"
    (tmp_path / "msal-browser.min.js").symlink_to(script)
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(tmp_path))) as server:
        thread = Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://localhost:{server.server_address[1]}"
        server.shutdown()
        thread.join()


@pytest.mark.browser
def test_msal_browser(live: LiveServer, spa: str):
    with chromium(live.ca) as browser:
        page = browser.new_page()
        page.goto(spa)
        page.get_by_role("button", name="Sign in").click()
        page.get_by_label("User name").fill("ben@colors.example")
        page.keyboard.press("Enter")
        page.get_by_label("Password").fill(PASSWORD)
        page.keyboard.press("Enter")
        accept = page.get_by_role("button", name="Accept")
        who = page.get_by_role("status").filter(has_text="Ben Blue")
        accept.or_(who).wait_for()
        if accept.is_visible():
            accept.click()
        who.wait_for()
        page.reload()
        who.wait_for()

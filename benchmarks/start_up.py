"""From the command to the first token, with a warm data folder.  Design section 11."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from urllib.parse import unquote, urlencode

import httpx2

from benchmarks.flow import CODE
from tests.drivers.form_browser import PASSWORD, FormBrowser
from tests.drivers.live_server import CLI, COLORS
from tests.plugins.postgres import free_port

REDIRECT = "http://localhost"
PATIENCE = 30.0


def first_token_of_up() -> None:
    with tempfile.TemporaryDirectory() as folder:
        port = free_port()
        process = _start(port, folder)
        client = _when_up(port)
        browser = FormBrowser(client, f"http://localhost:{port}")
        browser.sign_in(browser.open(_authorize(port)), "ben@colors.example", PASSWORD, keep="1")
        _stop(process)
        times = sorted(_timed(port, folder, client) for _ in range(5))
    print(f"entrada up to first token, warm folder, session given: {times[2]:.2f} s (median of 5; target 0.80)")


def _timed(port: int, folder: str, client: httpx2.Client) -> float:
    began = time.perf_counter()
    process = _start(port, folder)
    _when_up(port, client)
    answer = client.get(_authorize(port))
    found = CODE.search(answer.headers["location"].encode())
    assert found, answer.headers
    form = {"grant_type": "authorization_code", "client_id": CLI, "redirect_uri": REDIRECT}
    token = client.post(
        f"http://localhost:{port}/{COLORS}/oauth2/v2.0/token", data={**form, "code": unquote(found[1].decode())}
    )
    assert token.status_code == 200, token.text
    taken = time.perf_counter() - began
    _stop(process)
    return taken


def _authorize(port: int) -> str:
    query = {"client_id": CLI, "response_type": "code", "redirect_uri": REDIRECT, "scope": "openid User.Read"}
    return f"http://localhost:{port}/{COLORS}/oauth2/v2.0/authorize?{urlencode(query)}"


def _start(port: int, folder: str) -> subprocess.Popen[bytes]:
    command = [
        str(Path(sys.executable).parent / "entrada"), "up", "--http", "--no-samples", "--no-gateway",
        "--port", str(port), "--data-dir", folder,
    ]  # fmt: skip
    return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=dict(os.environ))


def _when_up(port: int, client: httpx2.Client | None = None) -> httpx2.Client:
    client = client or httpx2.Client()
    deadline = time.perf_counter() + PATIENCE
    while time.perf_counter() < deadline:
        try:
            client.get(f"http://localhost:{port}/healthz")
        except httpx2.HTTPError:
            time.sleep(0.005)
        else:
            return client
    raise AssertionError("entrada up did not answer")


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.send_signal(signal.SIGTERM)
    process.wait(PATIENCE)

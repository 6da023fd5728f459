"""What is written down as a program is the request, whatever stands in it; tokens and keys are never in it."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import unquote

import pytest
from attrs import evolve

from entrada.core.gateway.code_samples import Sampled, curl, javascript, python

HOSTILE = "'\"`$(touch x)$HOME\\ !! %41 {a} [b] ; & | <script></script> \\n \u00e9 \u2028 \U0001f337\n@x #"
URL = "https://localhost:8444/colors?hue=1"
PLAIN = Sampled(
    method="POST",
    url=f"{URL}&subscription-key=k1&Access_Token=t1#f",
    headers=(("Content-Type", "application/json"), ("Authorization", "Bearer t2"), ("cookie", "c1"), ("X-Key", "k2")),
    body='{"name": "plum"}',
    scope="api://colors/Colors.Read",
    key_header="x-key",
)
CURL = """\
curl --globoff --path-as-is \\
  --request 'POST' \\
  --url 'https://localhost:8444/colors?hue=1' \\
  --header "Authorization: Bearer $ACCESS_TOKEN" \\
  --header 'x-key: '"$SUBSCRIPTION_KEY" \\
  --header 'Content-Type: application/json' \\
  --data-raw '{"name": "plum"}'"""
PYTHON = """\
import os

import httpx2

response = httpx2.request(
    'POST',
    'https://localhost:8444/colors?hue=1',
    headers=[
        ("Authorization", "Bearer " + os.environ["ACCESS_TOKEN"]),
        ('x-key', os.environ["SUBSCRIPTION_KEY"]),
        ('Content-Type', 'application/json'),
    ],
    content='{"name": "plum"}'.encode(),
)
print(response.status_code)
print(response.text)
"""
JAVASCRIPT = """\
const response = await fetch("https://localhost:8444/colors?hue=1", {
  method: "POST",
  headers: [
    ["Authorization", "Bearer " + process.env.ACCESS_TOKEN],
    ["x-key", process.env.SUBSCRIPTION_KEY],
    ["Content-Type", "application/json"],
  ],
  body: "{\\"name\\": \\"plum\\"}",
});
console.log(response.status);
console.log(await response.text());
"""


@pytest.mark.parametrize(("written", "text"), [(curl, CURL), (python, PYTHON), (javascript, JAVASCRIPT)])
def test_a_request_is_written_down(written: Any, text: str):
    assert written(PLAIN) == text


@pytest.mark.parametrize("written", [curl, python, javascript])
def test_no_secret_is_written_down(written: Any):
    key = ("Ocp-Apim-Subscription-Key", "k3")
    for sampled in (PLAIN, evolve(PLAIN, headers=(*PLAIN.headers, key), scope=None, key_header="X-KEY")):
        text = written(sampled)
        assert not any(secret in text for secret in ("t1", "t2", "c1", "k1", "k2", "k3"))
        assert "secret" not in repr(evolve(sampled, body="secret"))


@pytest.mark.parametrize("written", [curl, python, javascript])
def test_what_cannot_be_sent_is_left_out(written: Any):
    spoiled = evolve(
        PLAIN, headers=(("A\nB", "1"), ("C", "d\r\ne: f"), ("Host", "evil.example"), ("Content-Length", "7"))
    )
    assert written(spoiled) == written(evolve(PLAIN, headers=()))


def test_get_and_head_have_no_body():
    for method in ("GET", "HEAD"):
        sampled = evolve(PLAIN, method=method)
        assert not any("plum" in written(sampled) for written in (curl, python, javascript))
    assert "--head" in curl(evolve(PLAIN, method="HEAD"))


def test_javascript_is_text_in_every_page():
    text = javascript(evolve(PLAIN, body=HOSTILE))
    assert text.isascii()
    assert "</" not in text
    (line,) = (line for line in text.splitlines() if line.startswith("  body: "))
    assert json.loads(line.removeprefix("  body: ").removesuffix(",")) == HOSTILE


# ---- they run ----


class Seen(BaseHTTPRequestHandler):
    requests: list[Any]

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.requests.append((self.path, self.headers, body))
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"heard")

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its name
        pass


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    Seen.requests = []
    with ThreadingHTTPServer(("127.0.0.1", 0), Seen) as listening:
        thread = Thread(target=listening.serve_forever, args=[0.02])
        thread.start()
        yield f"http://127.0.0.1:{listening.server_address[1]}"
        listening.shutdown()
        thread.join()


def run(command: list[str], folder: Path) -> str:
    environment = {
        **os.environ,
        "ACCESS_TOKEN": "t$t",
        "SUBSCRIPTION_KEY": "k 'k\"",
        "HOME": str(folder),
        "no_proxy": "*",
    }
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, timeout=60, check=True)
    assert list(folder.iterdir()) == []  # nothing of it was executed
    return done.stdout


@pytest.mark.parametrize("language", ["curl", "python"])
@pytest.mark.parametrize("content_type", ["text/plain; x='$(touch y)'", None])
def test_a_hostile_request_arrives_as_it_is(server: str, language: str, content_type: str | None, tmp_path: Path):
    sampled = Sampled(
        method="POST",
        url=f"{server}/a'b\"$(touch x)/[1-2]{{c,d}}?e=$HOME`id`&f=\\",
        headers=(
            ("X-Hostile", "'\"`$(touch x)$HOME \\ !! {a} [b]"),
            ("X-$a'`!", "odd"),
            ("X-Empty", ""),
            *((("Content-Type", content_type),) if content_type else ()),
        ),
        body=HOSTILE,
        key_header="X-Key",
        scope="x",
    )
    text = curl(sampled) if language == "curl" else python(sampled)
    command = ["bash", "-c", text] if language == "curl" else [sys.executable, "-c", text]
    assert run(command, tmp_path).endswith("heard" if language == "curl" else "heard\n")
    path, headers, body = Seen.requests.pop()
    assert body.decode() == HOSTILE
    assert headers["X-Hostile"] == "'\"`$(touch x)$HOME \\ !! {a} [b]"
    assert headers["X-$a'`!"] == "odd"
    assert headers["X-Empty"] == ""
    assert headers["X-Key"] == "k 'k\""
    assert headers["Content-Type"] == content_type
    assert headers["Authorization"] == "Bearer t$t"
    assert unquote(path) == sampled.url.removeprefix(server)

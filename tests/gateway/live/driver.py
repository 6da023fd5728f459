"""Clients of a gateway, who note every answer they should not have had."""

from __future__ import annotations

import json
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import httpx2
from attrs import define, field

from tests.drivers.live_server import COLORS, COLORS_API, LiveServer

DAEMON = "c0105000-0000-4000-8000-0000000dae01"
DAEMON_SECRET = "daemon-dev-secret"


def token_of_the_daemon(server: LiveServer, client: httpx2.Client) -> str:
    """With the application permission Colors.ReadAll."""
    answer = client.post(
        f"{server.authority}/oauth2/v2.0/token",
        data={
            "grant_type": "client_credentials",
            "client_id": DAEMON,
            "client_secret": DAEMON_SECRET,
            "scope": f"api://{COLORS_API}/.default",
        },
    )
    assert answer.status_code == 200, answer.text
    found: str = answer.json()["access_token"]
    return found


class _Always(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Nothing: it is asked thousands of times."""


@contextmanager
def backend_that_takes_everything() -> Iterator[str]:
    """Its URL.  It looks at no token: whoever gets so far was let in by the gateway."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Always)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def spoilt(token: str) -> str:
    """One character of the signature is another."""
    head, _, signature = token.rpartition(".")
    return f"{head}.{'A' if signature[0] != 'A' else 'B'}{signature[1:]}"


@define
class Caller:
    """Asks the gateway again and again over one connection: with a good token, a spoilt one, and none."""

    server: LiveServer
    new_token_every: float = 0.5
    is_interrupted: Callable[[], bool] = lambda: False  # whether connections may break just now
    answers: dict[int, int] = field(factory=dict)
    wrong: list[str] = field(factory=list)
    broken: int = 0
    _stop: threading.Event = field(factory=threading.Event)
    _thread: threading.Thread | None = None

    def start(self) -> None:
        self._thread = threading.Thread(target=self._run)
        self._thread.start()

    def stop(self) -> None:
        self._stop.set()
        if self._thread is not None:
            self._thread.join(30)

    def _run(self) -> None:
        context = ssl.create_default_context(cafile=self.server.ca)
        with httpx2.Client(verify=context, timeout=10) as platform, httpx2.Client(verify=context, timeout=10) as client:
            token, renewed = token_of_the_daemon(self.server, platform), time.monotonic()
            while not self._stop.is_set():
                if time.monotonic() - renewed > self.new_token_every:
                    token, renewed = token_of_the_daemon(self.server, platform), time.monotonic()
                for bearer, status in ((token, 200), (spoilt(token), 401), (None, 401)):
                    self._ask(client, bearer, status)

    def _ask(self, client: httpx2.Client, bearer: str | None, expected: int) -> None:
        headers = {"Authorization": f"Bearer {bearer}"} if bearer else {}
        try:
            answer = client.get(f"{self.server.gateway}/probe", headers=headers)
        except httpx2.HTTPError as error:
            self.broken += 1
            if not self.is_interrupted():
                self.wrong.append(f"{type(error).__name__}: {error}")
            return
        self.answers[answer.status_code] = self.answers.get(answer.status_code, 0) + 1
        if answer.status_code != expected and not (answer.status_code == 503 and self.is_interrupted()):
            self.wrong.append(f"{expected} expected, {answer.status_code}: {answer.text[:200]}")
        if answer.status_code == 401 and json.loads(answer.text)["statusCode"] != 401:
            self.wrong.append(answer.text[:200])


__all__ = ["COLORS", "Caller", "backend_that_takes_everything", "spoilt", "token_of_the_daemon"]

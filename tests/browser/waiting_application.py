"""An application that only waits: it keeps what the identity platform answers to it, and asks for nothing."""

import base64
import json
import threading
from collections.abc import Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Self
from urllib.parse import parse_qsl, urlencode, urlsplit

from attrs import define, field, frozen

from tests.drivers.live_server import COLORS, REPSYS, LiveServer

OIDC_ONLY = "openid profile"
PAGE = b"<!doctype html><html lang=en><title>Arrived</title><h1>Arrived</h1>"


@frozen
class Answer:
    method: str
    fields: Mapping[str, str]


@define
class WaitingApplication:
    answers: list[Answer] = field(factory=list)
    _server: ThreadingHTTPServer = field(init=False)

    def __enter__(self) -> Self:
        kept = self.answers

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self._keep(urlsplit(self.path).query)

            def do_POST(self) -> None:
                self._keep(self.rfile.read(int(self.headers["Content-Length"])).decode())

            def _keep(self, text: str) -> None:
                if self.path.startswith("/auth/"):
                    kept.append(Answer(self.command, dict(parse_qsl(text, keep_blank_values=True))))
                self.send_response(200 if self.path.startswith("/auth/") else 204)
                self.send_header("Content-Type", "text/html; charset=utf-8")
                self.end_headers()
                self.wfile.write(PAGE)

            def log_message(self, *_arguments: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _where: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()

    @property
    def redirect_uri(self) -> str:
        """One of repsys': only the port of a loopback address may differ."""
        return f"http://localhost:{self._server.server_port}/auth/callback"

    def asks(self, server: LiveServer, tenant: str = COLORS, **changes: str) -> str:
        """The URL of an authorization request that repsys could have made."""
        asked = {
            "client_id": REPSYS,
            "response_type": "code",
            "redirect_uri": self.redirect_uri,
            "scope": "openid profile User.Read",
            "state": "s-1",
            "nonce": "n-1",
            **changes,
        }
        return f"{server.origin}/{tenant}/oauth2/v2.0/authorize?{urlencode(asked)}"

    def asks_admin_consent(self, server: LiveServer, **changes: str) -> str:
        """The URL by which repsys could ask for everything it lists, for everybody."""
        asked = {
            "client_id": REPSYS,
            "redirect_uri": self.redirect_uri,
            "scope": "https://graph.microsoft.com/.default",
            "state": "s-1",
            **changes,
        }
        return f"{server.origin}/{COLORS}/v2.0/adminconsent?{urlencode(asked)}"

    def last(self) -> Mapping[str, str]:
        assert self.answers, "the application was not answered"
        return self.answers[-1].fields

    def who_signed_in(self, server: LiveServer) -> str:
        """Whose code it got, by redeeming it."""
        form = {
            "grant_type": "authorization_code",
            "client_id": REPSYS,
            "client_secret": "repsys-dev-secret",
            "redirect_uri": self.redirect_uri,
            "code": self.last()["code"],
        }
        with server.client() as client:
            tokens = client.post(f"{server.authority}/oauth2/v2.0/token", data=form).json()
        claims = json.loads(base64.urlsafe_b64decode(tokens["id_token"].split(".")[1] + "=="))
        name: str = claims["preferred_username"]
        return name

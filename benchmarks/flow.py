"""The code flow as raw requests, made once and sent many times."""

from __future__ import annotations

import json
import re
from urllib.parse import unquote, urlencode

import httpx2
from attrs import define

from benchmarks.load import Answer, Client
from benchmarks.server import PASSWORD, SECRET, Server
from tests.drivers.form_browser import FormBrowser
from tests.drivers.live_server import CLI, COLORS, REPSYS

CODE = re.compile(rb"[?&]code=([^&#]+)")


@define
class App:
    """An application somebody has signed in to, in a browser that stays signed in."""

    client_id: str
    redirect_uri: str
    secret: str | None
    port: int
    authorize: bytes

    @classmethod
    def signed_in(cls, server: Server, client_id: str, redirect_uri: str, secret: str | None) -> App:
        browser = FormBrowser(httpx2.Client(), server.origin)
        query = urlencode(
            {
                "client_id": client_id,
                "response_type": "code",
                "redirect_uri": redirect_uri,
                "scope": "openid profile offline_access User.Read",
                "state": "0123456789abcdef",
                "nonce": "0123456789abcdef",
            }
        )
        path = f"/{COLORS}/oauth2/v2.0/authorize?{query}"
        page = browser.open(f"{server.origin}{path}")
        browser.sign_in(page, "ben@colors.example", PASSWORD, keep="1")
        assert browser.left_to, page.text
        cookies = "; ".join(f"{one.name}={one.value}" for one in browser.client.cookies.jar)
        head = f"GET {path} HTTP/1.1\r\nHost: localhost:{server.port}\r\nCookie: {cookies}\r\n\r\n"
        return cls(client_id, redirect_uri, secret, server.port, head.encode())

    def _form(self, **fields: str) -> bytes:
        secret = {"client_secret": self.secret} if self.secret else {}
        body = urlencode({"client_id": self.client_id, **secret, **fields})
        return (
            f"POST /{COLORS}/oauth2/v2.0/token HTTP/1.1\r\nHost: localhost:{self.port}\r\n"
            f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n\r\n{body}"
        ).encode()

    def redeem(self, code: str) -> bytes:
        return self._form(grant_type="authorization_code", code=code, redirect_uri=self.redirect_uri)

    def refresh(self, token: str) -> bytes:
        return self._form(grant_type="refresh_token", refresh_token=token)


def web_app(server: Server) -> App:
    """A confidential client: its refresh tokens are reusable, a refresh writes nothing."""
    return App.signed_in(server, REPSYS, "http://localhost:5000/callback", SECRET)


def public_app(server: Server) -> App:
    """A public client: its refresh tokens rotate."""
    return App.signed_in(server, CLI, "http://localhost", None)


async def new_code(client: Client, app: App) -> str:
    found = CODE.search((await client.ask(app.authorize)).head)
    assert found, "no code"
    return unquote(found[1].decode())


def refresh_token(answer: Answer) -> str:
    token: str = json.loads(answer.body)["refresh_token"]
    return token

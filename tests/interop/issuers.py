"""The issuers that the client toolkit is held against: entrada, and one that is not ours.

Each says how it is reached, what is registered with it, and how a person passes its pages.
"""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TypeAlias
from urllib.parse import parse_qs, urlsplit

import httpx2
from attrs import define, field

from entrada.client.authority import Authority, entra_authority, oidc_authority
from tests.drivers.form_browser import FormBrowser, Page
from tests.drivers.live_server import CLI, COLORS_API, REPSYS, LiveServer
from tests.interop.node_program import FOLDER, find_node

CALLBACK = "http://localhost:5000/auth/callback"  # nobody listens: the browser stops there
GONE_TO = "http://localhost:5000/"
DAEMON = "c0105000-0000-4000-8000-0000000dae01"
_SECRET = "of the second issuer's clients: 100 %+"


@define
class Party:
    """An application as the issuer has it registered."""

    client_id: str
    secret: str | None = None
    scopes: tuple[str, ...] = ()  # of an API that it may call


def arrived(browser: FormBrowser, page: Page) -> tuple[str, dict[str, str]]:
    """Where the browser is led, and what it brings there: in the query, or in a form that a script would send."""
    if browser.left_to is None:
        form = page.form_with("state")
        return form.action, form.fields
    parts = urlsplit(browser.left_to)
    return f"{parts.scheme}://{parts.netloc}{parts.path}", {
        name: values[0] for name, values in parse_qs(parts.query).items()
    }


@define
class Entrada:
    live: LiveServer
    username: str = "ben@colors.example"
    api: frozenset[str] = frozenset({COLORS_API})  # the names of the API that the daemon calls
    roles: frozenset[str] = frozenset({"Colors.ReadAll"})  # the daemon's there
    prompt: str | None = None  # to ask with, where a refresh token is wanted
    web: tuple[Party, ...] = (Party(REPSYS, "repsys-dev-secret", (f"api://{COLORS_API}/Colors.Read",)),)
    daemon: Party = field(factory=lambda: Party(DAEMON, "daemon-dev-secret", (f"api://{COLORS_API}/.default",)))
    program: Party = field(factory=lambda: Party(CLI, None, ("https://graph.microsoft.com/User.Read",)))

    @property
    def authority(self) -> Authority:
        return entra_authority(self.live.authority)

    @property
    def named(self) -> str:
        return f"{self.live.authority}/v2.0"

    @property
    def ca_file(self) -> Path | None:
        return self.live.ca

    def browser(self) -> FormBrowser:
        return self.live.browser()

    def pass_pages(self, browser: FormBrowser, page: Page) -> Page:
        return browser.sign_in(page, self.username)

    def let_in(self, browser: FormBrowser, url: str, user_code: str) -> None:
        page = browser.submit(browser.open(url), "user_code", user_code=user_code)
        done = browser.submit(browser.sign_in(page, self.username), "decision", decision="approve")
        assert done.status == 200, done.text[:3000]

    def leave(self, browser: FormBrowser, url: str) -> str | None:
        """Sign out at *url*; where that leads."""
        page = browser.open(url)  # which tells the applications in frames before it leads back
        return next(iter(re.findall(r'http-equiv="refresh" content="0; url=([^"]+)"', page.text)), None)

    def rotate(self) -> None:
        self.live.entrada("keys", "rotate", "--now")


@define
class OidcProvider:
    """node-oidc-provider, in a process of its own."""

    process: subprocess.Popen[str]
    origin: str
    username: str = "eva"
    web: tuple[Party, ...] = tuple(Party(f"web-{alg}", _SECRET) for alg in ("RS256", "PS256", "ES256"))
    daemon: Party = field(factory=lambda: Party("daemon", _SECRET, ("Colors.Read",)))
    program: Party = field(factory=lambda: Party("program"))
    api: frozenset[str] = frozenset({"https://colors.example"})
    roles: frozenset[str] = frozenset({"Colors.Read"})
    prompt: str | None = "consent"  # OpenID Connect Core 1.0 §11: without, no offline_access

    @property
    def authority(self) -> Authority:
        return oidc_authority(self.origin)

    @property
    def named(self) -> str:
        return self.origin

    @property
    def ca_file(self) -> Path | None:
        return None

    def browser(self) -> FormBrowser:
        return FormBrowser(httpx2.Client(timeout=30, trust_env=False), self.origin)

    def pass_pages(self, browser: FormBrowser, page: Page) -> Page:
        for _ in range(4):
            if 'name="login"' in page.text:
                page = browser.submit(page, "login", login=self.username, password="any")
            elif 'value="consent"' in page.text:
                page = browser.submit(page, "prompt")
        return page

    def let_in(self, browser: FormBrowser, url: str, user_code: str) -> None:
        page = browser.submit(browser.open(url), "user_code", user_code=user_code)
        page = self.pass_pages(browser, browser.submit(page, "confirm"))
        assert page.status == 200, page.text[:3000]

    def leave(self, browser: FormBrowser, url: str) -> str | None:
        browser.submit(browser.open(url), "xsrf", logout="yes")
        return browser.left_to

    def rotate(self) -> None:
        assert self._said({"rotate": True})["rotated"]

    def _said(self, asked: Mapping[str, object]) -> dict[str, object]:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(f"{json.dumps(asked)}\n")
        self.process.stdin.flush()
        return json.loads(self.process.stdout.readline())


@contextmanager
def oidc_provider() -> Iterator[OidcProvider]:
    settings = json.dumps({"redirectUri": CALLBACK, "goneTo": GONE_TO, "secret": _SECRET})
    command = [find_node(), str(FOLDER / "second_issuer.mjs"), settings]
    pipe = subprocess.PIPE
    # Its warnings, that it is for tests alone, are nobody's to read.
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=subprocess.DEVNULL, text=True) as process:
        try:
            assert process.stdout is not None
            yield OidcProvider(process, json.loads(process.stdout.readline())["issuer"])
        finally:
            process.kill()


Issuer: TypeAlias = Entrada | OidcProvider

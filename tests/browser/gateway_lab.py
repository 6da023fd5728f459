"""The steps of the gateway's lab, as whoever does it clicks them in the portal."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import re
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from playwright.sync_api import Page, expect

from tests.drivers.live_server import COLORS, COLORS_API, LiveServer

CONSOLE_APP = "c0105000-0000-4000-8000-00000000c11e"
MESSAGE = "Unauthorized. Access token is missing or invalid."
SECRET = b"a secret of thirty-two characters"[:32]


def go(page: Page, tab: str) -> None:
    page.get_by_role("navigation", name="Pages of this object").get_by_role("link", name=tab, exact=True).click()


def told(page: Page) -> None:
    expect(page.get_by_role("status").first).to_be_visible()


def shown(page: Page, label: str) -> str:
    """The value of a fact on the page that is open; of two of one name the first, which is v2.0's."""
    name = page.locator("dt", has_text=re.compile(f"^{re.escape(label)}$"))
    return page.locator("dl.facts > div").filter(has=name).first.locator("dd code").inner_text()


def empty(page: Page, live: LiveServer) -> None:
    """Nothing of the gateway that the first start has brought."""
    for path in ("apis/colors", "servers/colors", "values/entrada-origin"):
        page.goto(f"{live.origin}/portal/gateway/{path}/delete")
        page.get_by_role("main").get_by_role("button", name="Delete").click()
        told(page)
    page.goto(f"{live.origin}/portal/gateway/apis")
    expect(page.get_by_role("main")).not_to_contain_text("Colors API")


def endpoints(page: Page, live: LiveServer) -> tuple[str, str]:
    """Copied from the app's Endpoints page."""
    page.goto(f"{live.origin}/portal/applications/{app_object(page, live)}")
    go(page, "Endpoints")
    return shown(page, "Authorization endpoint"), shown(page, "Token endpoint")


def app_object(page: Page, live: LiveServer) -> str:
    page.goto(f"{live.origin}/portal/applications?find=oauth-client-app")
    link = page.get_by_role("link", name="oauth-client-app").first.get_attribute("href")
    assert link is not None
    return link.rpartition("/")[2]


def add_server(page: Page, live: LiveServer, authorization: str, token: str) -> str:
    """The OAuth 2.0 server; its redirect URL."""
    page.goto(f"{live.origin}/portal/gateway/new/servers")
    page.get_by_label("Display name", exact=True).fill("The lab")
    page.get_by_label("Description", exact=True).fill("Signs developers in.")
    page.get_by_label("Client registration page URL").fill("http://localhost")
    expect(page.get_by_label("Authorization code", exact=True)).to_be_checked()
    page.get_by_label("Authorization endpoint URL").fill(authorization)
    page.get_by_label("Token endpoint URL").fill(token)
    page.get_by_label("Default scope", exact=True).fill(f"api://{COLORS_API}/Colors.Read")
    page.get_by_label("Client ID", exact=True).fill(CONSOLE_APP)
    page.get_by_label("Client secret", exact=True).fill("console-dev-secret")
    page.get_by_role("main").get_by_role("button", name="Add").last.click()
    told(page)
    return shown(page, "Redirect URL") if page.locator("dt", has_text="Redirect URL").count() else redirect_of(page)


def redirect_of(page: Page) -> str:
    found = page.get_by_text(re.compile("/developer/signin-oauth/code/callback/")).first
    return found.inner_text().strip()


def add_redirect(page: Page, live: LiveServer, redirect: str) -> None:
    page.goto(f"{live.origin}/portal/applications/{app_object(page, live)}")
    go(page, "Authentication")
    page.get_by_label("Platform").select_option(label="Web")
    page.get_by_label("Redirect URI", exact=True).fill(redirect)
    page.get_by_role("button", name="Add the redirect URI").click()
    told(page)


def add_api(page: Page, live: LiveServer, name: str, backend: str) -> None:
    """Without subscription, with one operation: GET /."""
    page.goto(f"{live.origin}/portal/gateway/new/apis")
    page.get_by_label("Display name", exact=True).fill(name)
    page.get_by_label("Web service URL").fill(backend)
    page.get_by_label("API URL suffix").fill(name.lower())
    page.get_by_label("Subscription required").uncheck()
    page.get_by_role("button", name="Create").click()
    told(page)
    page.goto(f"{live.origin}/portal/gateway/apis/{name.lower()}/new")
    page.get_by_label("Display name", exact=True).fill("List")
    page.get_by_role("button", name="Add the operation").click()
    told(page)


def set_security(page: Page, live: LiveServer, api: str, server: str) -> None:
    page.goto(f"{live.origin}/portal/gateway/apis/{api}/security")
    page.get_by_label("OAuth 2.0", exact=True).check()
    page.get_by_label(server, exact=True).check()
    page.get_by_role("main").get_by_role("button", name="Save").click()
    told(page)


def write_policy(page: Page, live: LiveServer, api: str, inbound: str) -> None:
    page.goto(f"{live.origin}/portal/gateway/policies?scope=apis/{api}")
    text = f"<policies><inbound><base />{inbound}</inbound></policies>"
    page.get_by_label("Policy document").fill(text)
    page.get_by_role("button", name="Save").click()
    told(page)


def by_discovery(live: LiveServer) -> str:
    return f"""
        <validate-jwt header-name="Authorization" failed-validation-httpcode="401"
            failed-validation-error-message="{MESSAGE}">
            <openid-config url="{live.origin}/{COLORS}/v2.0/.well-known/openid-configuration" />
            <audiences><audience>{COLORS_API}</audience></audiences>
        </validate-jwt>"""


def by_key(claims: str = "", after: str = "") -> str:
    """The other lab's: a key that both sides know."""
    return f"""
        <validate-jwt header-name="Authorization" failed-validation-httpcode="401"
            failed-validation-error-message="{MESSAGE}" require-scheme="Bearer">
            <issuer-signing-keys><key>{base64.b64encode(SECRET).decode()}</key></issuer-signing-keys>{claims}
        </validate-jwt>{after}"""


def admin(name: str = "admin") -> str:
    return f'<required-claims><claim name="{name}" match="any"><value>true</value></claim></required-claims>'


NAME_TO_HEADER = """
        <set-header name="username" exists-action="override"><value>@{
            Jwt jwt;
            string token = context.Request.Headers.GetValueOrDefault("Authorization", "").Split(' ').Last();
            return token.TryParseJwt(out jwt) ? jwt.Claims.GetValueOrDefault("name", "?") : "?";
        }</value></set-header>"""


def hs256(claims: Mapping[str, object]) -> str:
    head, payload = (
        base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=").decode()
        for part in ({"alg": "HS256", "typ": "JWT"}, {"exp": int(time.time()) + 600, **claims})
    )
    signed = hmac.digest(SECRET, f"{head}.{payload}".encode(), hashlib.sha256)
    return f"{head}.{payload}.{base64.urlsafe_b64encode(signed).rstrip(b'=').decode()}"


class _Echo(BaseHTTPRequestHandler):
    """Says which headers came."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        body = json.dumps({name.lower(): value for name, value in self.headers.items()}).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Nothing."""


@contextmanager
def echo() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Echo)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()

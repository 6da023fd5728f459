"""The grants without a person at the browser, as raw requests: daemons, devices that wait, middle tiers."""

from __future__ import annotations

import json
import time
from urllib.parse import urlencode

import httpx2
from attrs import evolve

from benchmarks import load
from benchmarks.server import SECRET, Server
from entrada.core.directory.derived_id import service_principal_id
from entrada.core.directory.ids import ClientId, TenantId
from entrada.core.directory.service_principal import PermissionGrant, ServicePrincipal
from entrada.core.protocol.effects import PutEntity
from entrada.server.store.port import Store
from tests.drivers.assertions import certified, jwt, unpadded
from tests.drivers.form_browser import FormBrowser
from tests.drivers.live_server import CLI, COLORS, COLORS_API

DAEMON = "c0105000-0000-4000-8000-0000000dae01"
MIDDLE = "c0105000-0000-4000-8000-00000000b0b0"
TENANT = TenantId(COLORS)
ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
BEHALF = "urn:ietf:params:oauth:grant-type:jwt-bearer"


async def furnish(store: Store) -> None:
    """A certificate for the daemon; consent for everybody from the CLI to the middle tier to the Colors API."""
    daemon = await store.find_application(ClientId(DAEMON))
    assert daemon is not None
    certificate = certified("bench").registered()
    assert await store.commit((PutEntity(evolve(daemon, certificates=(certificate,))),))
    for client, resource, scope in ((CLI, MIDDLE, "access_as_user"), (MIDDLE, COLORS_API, "Colors.Read")):
        grant = PermissionGrant(
            tenant_id=TENANT,
            client_id=(await _principal(store, client)).id,
            resource_id=(await _principal(store, resource)).id,
            principal_id=None,
            scopes=frozenset({scope}),
        )
        assert await store.commit((PutEntity(grant),))


async def _principal(store: Store, app_id: str) -> ServicePrincipal:
    found = await store.find_service_principal(TENANT, ClientId(app_id))
    if found is not None:
        return found
    made = ServicePrincipal(
        id=service_principal_id(TENANT, ClientId(app_id)), tenant_id=TENANT, app_id=ClientId(app_id)
    )
    assert await store.commit((PutEntity(made),))
    return made


def by_secret(server: Server) -> load.Step:
    return _tokens(server, client_id=DAEMON, client_secret=SECRET, **_itself())


def by_certificate(server: Server) -> load.Step:
    """One assertion for all requests, as MSAL Python sends it: verified anew each time."""
    holder, now = certified("bench"), int(time.time())
    claims = {
        "aud": f"{server.origin}/{COLORS}/oauth2/v2.0/token",
        "iss": DAEMON,
        "sub": DAEMON,
        "nbf": now,
        "exp": now + 3600,
    }
    signed = jwt(holder.key, {"alg": "PS256", "x5t#S256": unpadded(holder.sha256)}, claims)
    return _tokens(server, client_id=DAEMON, client_assertion=signed, client_assertion_type=ASSERTION, **_itself())


def _itself() -> dict[str, str]:
    return {"grant_type": "client_credentials", "scope": f"api://{COLORS_API}/.default"}


def polling(server: Server) -> load.Step:
    """A device that nobody lets in, on its own code for each connection."""
    waiting: dict[int, bytes] = {}

    async def step(client: load.Client, number: int) -> bool:
        if number not in waiting:
            asked = _request(server, "devicecode", client_id=CLI, scope="openid User.Read")
            code = json.loads((await client.ask(asked)).body)["device_code"]
            waiting[number] = _request(server, "token", grant_type="device_code", client_id=CLI, device_code=code)
        answer = await client.ask(waiting[number])
        assert answer.status == 400, answer.body
        return True

    return step


def on_behalf(server: Server) -> load.Step:
    form = {"grant_type": BEHALF, "client_id": MIDDLE, "client_secret": SECRET, "assertion": _users_token(server)}
    scope = f"api://{COLORS_API}/Colors.Read"
    return _tokens(server, **form, requested_token_use="on_behalf_of", scope=scope)


def _users_token(server: Server) -> str:
    browser = FormBrowser(httpx2.Client(), server.origin)
    asked = {"client_id": CLI, "response_type": "code", "redirect_uri": "http://localhost"}
    query = urlencode({**asked, "scope": f"openid offline_access api://{MIDDLE}/access_as_user"})
    page = browser.open(f"{server.origin}/{COLORS}/oauth2/v2.0/authorize?{query}")
    browser.sign_in(page, "ben@colors.example", "correct horse battery staple")
    assert browser.left_to, page.text
    code = httpx2.URL(browser.left_to).params["code"]
    form = {"grant_type": "authorization_code", "client_id": CLI, "redirect_uri": "http://localhost", "code": code}
    token: str = httpx2.post(f"{server.origin}/{COLORS}/oauth2/v2.0/token", data=form).json()["access_token"]
    return token


def _tokens(server: Server, **form: str) -> load.Step:
    request = _request(server, "token", **form)

    async def step(client: load.Client, _: int) -> bool:
        answer = await client.ask(request)
        assert answer.status == 200, answer.body
        return True

    return step


def _request(server: Server, endpoint: str, **form: str) -> bytes:
    body = urlencode(form)
    return (
        f"POST /{COLORS}/oauth2/v2.0/{endpoint} HTTP/1.1\r\nHost: localhost:{server.port}\r\n"
        f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n\r\n{body}"
    ).encode()

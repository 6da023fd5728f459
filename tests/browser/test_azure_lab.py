"""The authorization code lab of Azure's documentation, clicked through in the portal; then MSAL Python gets its token.

Whatever MSAL is given was read off the pages, as whoever does the lab by hand reads it.
"""

import base64
import json
import os
import re
from functools import reduce
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from attrs import frozen
from msal import ConfidentialClientApplication  # type: ignore[import-untyped]
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import NewPerson
from tests.browser.person import BEN, Person, agree, headed
from tests.browser.picture import side_by_side
from tests.browser.portal_rooms import sign_in_to_portal
from tests.browser.waiting_application import WaitingApplication
from tests.docs.examples import at, blocks
from tests.drivers.live_server import LiveServer

pytestmark = [
    pytest.mark.browser,
    pytest.mark.filterwarnings("ignore:response_mode='form_post' is recommended:UserWarning"),
]

ROOT = Path(__file__).parents[2]
COMMITTED = ROOT / "docs" / "images" / "register-by-hand.webp"  # of the tutorial; `UPDATE_PICTURE=1` makes it anew
MADE = ROOT / "artefacts" / "register-by-hand.webp"
MOST = 120_000


@frozen
class Noted:
    """What the lab has people write down."""

    backend_id: str
    scope: str
    client_id: str
    secret: str
    authorization_endpoint: str
    token_endpoint: str
    exposed: bytes  # how two of the pages looked
    granted: bytes


@pytest.fixture
def lab(untouched: LiveServer, new_person: NewPerson, application: WaitingApplication) -> Noted:
    ada: Person = new_person(viewport={"width": 1000, "height": 930}, reduced_motion="reduce")
    page = ada.open(f"{untouched.origin}/portal/applications")
    sign_in_to_portal(ada)
    headed(page, "App registrations")
    backend_id, scope, exposed = _backend(page)
    client_id, secret, granted = _client(page, application.redirect_uri)
    authorization, token = _endpoints(page)
    return Noted(backend_id, scope, client_id, secret, authorization, token, exposed, granted)


def test_what_the_pages_showed_gets_a_token(
    lab: Noted,
    untouched: LiveServer,
    new_person: NewPerson,
    application: WaitingApplication,
    monkeypatch: pytest.MonkeyPatch,
):
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(untouched.bundle))
    app = ConfidentialClientApplication(
        lab.client_id,
        client_credential=lab.secret,
        authority=lab.authorization_endpoint.removesuffix("/oauth2/v2.0/authorize"),
        instance_discovery=False,
    )
    assert app.authority.authorization_endpoint == lab.authorization_endpoint
    assert app.authority.token_endpoint == lab.token_endpoint
    flow = app.initiate_auth_code_flow([lab.scope], redirect_uri=application.redirect_uri)
    ben: Person = new_person()
    page = ben.open(flow["auth_uri"])
    ben.sign_in(BEN)
    agree(page)
    result = app.acquire_token_by_auth_code_flow(flow, dict(application.last()))
    app.http_client.close()
    assert "error" not in result, result
    claims = _claims(result["access_token"])
    assert (claims["aud"], claims["scp"], claims["ver"]) == (lab.backend_id, "Colors.Read", "2.0")
    assert (claims["azp"], claims["preferred_username"]) == (lab.client_id, BEN)


def test_the_code_of_the_tutorial(
    lab: Noted,
    untouched: LiveServer,
    new_person: NewPerson,
    application: WaitingApplication,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
):
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(untouched.bundle))
    noted = {
        "the client's application id": lab.client_id,
        "the secret's value": lab.secret,
        "api://…/Colors.Read": lab.scope,
        "http://localhost:5000/lab/callback": application.redirect_uri,
    }
    begin, finish = blocks("tutorial/register-by-hand.md", "python")
    assert all(words in begin for words in noted)
    found: dict[str, Any] = {}
    exec(reduce(lambda code, words: code.replace(*words), noted.items(), at(untouched, begin)), found)
    ben: Person = new_person()
    page = ben.open(capsys.readouterr().out.strip())
    ben.sign_in(BEN)
    agree(page)
    address = f"{application.redirect_uri}?{urlencode(application.last())}"
    monkeypatch.setattr("builtins.input", lambda _prompt: address)
    exec(finish, found)
    found["app"].http_client.close()
    assert _claims(capsys.readouterr().out.strip())["scp"] == "Colors.Read"


def test_the_picture_of_the_tutorial_is_of_these_pages_and_small(lab: Noted, browser: Browser):
    made = side_by_side(browser, [lab.exposed, lab.granted])
    target = COMMITTED if os.environ.get("UPDATE_PICTURE") else MADE
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(made)
    assert len(made) < MOST
    assert COMMITTED.stat().st_size < MOST


def _backend(page: Page) -> tuple[str, str, bytes]:
    """An API with one scope, whose tokens are of version 2: its client id, and the scope as clients ask for it."""
    _register(page, "oauth-backend-app")
    app_id = _shown(page, "Application (client) ID")
    _go(page, "Expose an API")
    proposed = page.get_by_label("Application ID URI")
    expect(proposed).to_have_value(f"api://{app_id}")
    page.get_by_role("button", name="Save the ID URI").click()
    _told(page)
    page.get_by_role("link", name="Add a scope").click()
    page.get_by_label("Scope name").fill("Colors.Read")
    page.get_by_label("Admin consent display name").fill("Read colors")
    page.get_by_label("Admin consent description").fill("The app reads the colors that the signed-in user may see.")
    page.get_by_role("button", name="Add the scope").click()
    _told(page)
    scope = page.get_by_role("table", name="Scopes").get_by_role("link").inner_text()
    exposed = page.screenshot()
    _version_2(page)
    return app_id, scope, exposed


def _client(page: Page, redirect_uri: str) -> tuple[str, str, bytes]:
    """A web application that may ask for the scope in everybody's name: its client id and its secret."""
    _register(page, "oauth-client-app")
    app_id = _shown(page, "Application (client) ID")
    _go(page, "Certificates & secrets")
    page.locator("#f-secretName").fill("lab")
    page.get_by_role("button", name="Add a client secret").click()
    secret = _shown(page, "Value")
    _version_2(page)
    granted = _consent(page)
    _go(page, "Authentication")
    page.get_by_label("Platform").select_option(label="Web")
    page.get_by_label("Redirect URI", exact=True).fill(redirect_uri)
    page.get_by_role("button", name="Add the redirect URI").click()
    _told(page)
    page.get_by_label("ID tokens").check()
    page.get_by_role("button", name="Save", exact=True).click()
    _told(page)
    expect(page.get_by_label("ID tokens")).to_be_checked()
    return app_id, secret, granted


def _consent(page: Page) -> bytes:
    _go(page, "API permissions")
    page.get_by_role("link", name="Add a permission").click()
    apis = page.get_by_role("table", name="APIs of this directory").get_by_role("row")
    apis.filter(has_not_text="c0105000").get_by_role("link", name="oauth-backend-app").click()
    page.get_by_label("Colors.Read").check()
    page.get_by_role("button", name="Save the permissions").click()
    _told(page)
    page.get_by_role("link", name="Grant admin consent for").click()
    page.get_by_role("button", name="Grant admin consent").click()
    _told(page)
    expect(page.get_by_role("row").filter(has_text="Colors.Read")).to_contain_text("Granted for Colors")
    return page.screenshot()


def _endpoints(page: Page) -> tuple[str, str]:
    _go(page, "Endpoints")
    return _shown(page, "Authorization endpoint"), _shown(page, "Token endpoint")


def _register(page: Page, name: str) -> None:
    page.get_by_role("link", name="App registrations").first.click()
    page.get_by_role("link", name="New registration").click()
    page.get_by_label("Name", exact=True).fill(name)
    page.get_by_role("button", name="Register").click()
    headed(page, name)


def _version_2(page: Page) -> None:
    _go(page, "Manifest")
    manifest = page.get_by_label("Manifest")
    text = manifest.input_value()
    assert json.loads(text)["api"]["requestedAccessTokenVersion"] != 2
    written = re.sub(r'("requestedAccessTokenVersion":) *\w+', r"\1 2", text)
    manifest.fill(written)
    page.get_by_role("button", name="Review and save").click()
    page.get_by_role("button", name="Save", exact=True).click()
    _told(page)


def _go(page: Page, tab: str) -> None:
    page.get_by_role("navigation", name="Pages of this object").get_by_role("link", name=tab, exact=True).click()


def _told(page: Page) -> None:
    expect(page.get_by_role("status")).to_be_visible()


def _shown(page: Page, label: str) -> str:
    """The value of a fact on the page that is open; of two of one name the first, which is v2.0's."""
    name = page.locator("dt", has_text=re.compile(f"^{re.escape(label)}$"))
    return page.locator("dl.facts > div").filter(has=name).first.locator("dd code").inner_text()


def _claims(token: str) -> dict[str, Any]:
    payload = token.split(".")[1]
    claims: dict[str, Any] = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    return claims

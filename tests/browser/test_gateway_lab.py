"""The gateway's lab from an empty gateway, clicked through in portal and console.  Gateway reference section 17."""

import re
import shutil
import time
from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest
from playwright.sync_api import Page, expect

from tests.browser import gateway_lab as lab
from tests.browser.conftest import NewPerson
from tests.browser.person import BEN, Person
from tests.browser.portal_rooms import sign_in_to_portal
from tests.drivers.live_server import LiveServer, live_server
from tests.gateway.live.driver import spoilt, token_of_the_daemon

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def gateway(live: LiveServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveServer]:
    folder: Path = tmp_path_factory.mktemp("lab") / "data"
    shutil.copytree(live.folder / "tls", folder / "tls")  # the authority that Chromium trusts already
    with live_server(folder, gateway=True) as server:
        server.gateway_answers("/colors", 401)
        yield server


def until(client: httpx2.Client, url: str, status: int, words: str = "", **headers: str) -> httpx2.Response:
    """A change is in force within a second, on a busy machine later."""
    deadline, answer = time.monotonic() + 15, client.get(url, headers=headers)
    while time.monotonic() < deadline:
        answer = client.get(url, headers=headers)
        if answer.status_code == status and words in answer.text:
            return answer
        time.sleep(0.1)
    raise AssertionError(f"{url} does not answer {status} {words}: {answer.status_code} {answer.text}")


def test_the_lab(gateway: LiveServer, new_person: NewPerson):
    ada: Person = new_person()
    page = ada.open(f"{gateway.origin}/portal/gateway")
    sign_in_to_portal(ada)
    lab.empty(page, gateway)
    redirect = lab.add_server(page, gateway, *lab.endpoints(page, gateway))
    assert redirect == f"{gateway.origin}/developer/signin-oauth/code/callback/the-lab"
    lab.add_redirect(page, gateway, redirect)
    lab.add_api(page, gateway, "Colors", f"http://127.0.0.1:{gateway.colors_port}/colors")
    lab.set_security(page, gateway, "colors", "The lab")
    ben: Person = new_person()
    trying = ben.open(f"{gateway.origin}/developer")
    sign_in_to_portal(ben, BEN)
    trying.get_by_role("main").get_by_role("link", name="Colors").click()
    trying.get_by_role("main").get_by_role("link", name=re.compile("^GET")).or_(
        trying.get_by_role("main").get_by_role("link", name="List")
    ).first.click()
    _get_token(trying)
    _send(trying, 200)
    expect(trying.get_by_label("The body of the answer")).to_contain_text("crimson")
    with gateway.client() as client:
        token = token_of_the_daemon(gateway, client)
        colors = f"{gateway.gateway}/colors"
        lab.write_policy(page, gateway, "colors", lab.by_discovery(gateway))
        refused = until(client, colors, 401, lab.MESSAGE)  # without a policy the API itself refuses, in other words
        assert refused.text == f'{{ "statusCode": 401, "message": "{lab.MESSAGE}" }}'
        assert until(client, colors, 401, Authorization=f"Bearer {spoilt(token)}").text == refused.text
        assert until(client, colors, 200, Authorization=f"Bearer {token}").json()["colors"]
    _send(trying, 200)
    decided = trying.get_by_role("heading", name="What the gateway decided").locator("xpath=following-sibling::ol")
    expect(decided).to_contain_text("validate-jwt")
    expect(trying.get_by_text("Signed in as")).to_contain_text("ben@colors.example")
    trying.get_by_role("button", name="Forget").click()
    trying.get_by_label("How the token is got").select_option("")
    _send(trying, 401)
    expect(trying.get_by_label("The body of the answer")).to_contain_text(lab.MESSAGE)
    expect(decided).to_contain_text("Would pass")


def _get_token(page: Page) -> None:
    """By the code flow: the developer is signed in already, and agrees once."""
    page.get_by_label("How the token is got").select_option(index=1)
    page.get_by_role("button", name="Get a token").click()
    expect(page.get_by_role("heading", name="Try it").or_(page.get_by_role("button", name="Accept"))).to_be_visible()
    if page.get_by_role("button", name="Accept").count():
        page.get_by_role("button", name="Accept").click()
    expect(page.get_by_text("Signed in as")).to_contain_text("ben@colors.example")


def _send(page: Page, status: int) -> None:
    page.locator("form.trial").get_by_role("button", name="Send").last.click()
    expect(page.locator("#answer .status")).to_have_text(str(status))


def test_the_lab_of_the_shared_key(gateway: LiveServer, new_person: NewPerson):
    ada: Person = new_person()
    page = ada.open(f"{gateway.origin}/portal/gateway")
    sign_in_to_portal(ada)
    with lab.echo() as backend, gateway.client() as client:
        lab.add_api(page, gateway, "Shared", backend)
        url = f"{gateway.gateway}/shared"
        assert "authorization" not in until(client, url, 200).json()
        good = f"Bearer {lab.hs256({'name': 'Ada Amber', 'admin': True})}"
        lab.write_policy(page, gateway, "shared", lab.by_key())
        assert lab.MESSAGE in until(client, url, 401).text
        until(client, url, 200, Authorization=good)
        until(client, url, 401, Authorization=spoilt(good))
        lab.write_policy(page, gateway, "shared", lab.by_key(lab.admin()))
        until(client, url, 401, Authorization=f"Bearer {lab.hs256({'name': 'Ada Amber'})}")
        until(client, url, 200, Authorization=good)
        lab.write_policy(page, gateway, "shared", lab.by_key(lab.admin("adminx")))
        until(client, url, 401, Authorization=good)
        lab.write_policy(page, gateway, "shared", lab.by_key(lab.admin(), lab.NAME_TO_HEADER))
        assert until(client, url, 200, Authorization=good).json()["username"] == "Ada Amber"

"""A device without a browser that asks the platform for a code, and what a person does about it in Chromium."""

from typing import Any

from playwright.sync_api import Page, expect

from tests.browser.person import Person, headed
from tests.drivers.live_server import CLI, LiveServer

SCOPE = "openid profile User.Read"
GRANT = "urn:ietf:params:oauth:grant-type:device_code"


def ask_for_a_code(live: LiveServer, **changes: str) -> dict[str, Any]:
    with live.client() as client:
        answer = client.post(
            f"{live.authority}/oauth2/v2.0/devicecode", data={"client_id": CLI, "scope": SCOPE, **changes}
        )
    body: dict[str, Any] = answer.json()
    return body


def poll(live: LiveServer, told: dict[str, Any]) -> dict[str, Any]:
    form = {"grant_type": GRANT, "client_id": CLI, "device_code": told["device_code"]}
    with live.client() as client:
        body: dict[str, Any] = client.post(f"{live.authority}/oauth2/v2.0/token", data=form).json()
    return body


def type_code(page: Page, code: str) -> None:
    page.get_by_label("Code").fill(code)
    page.get_by_role("button", name="Next").click()


def to_device_confirmation(person: Person, username: str) -> None:
    """Through whatever is asked for between the code and the question."""
    page = person.page
    asked = page.get_by_role("heading", name="Are you trying to sign in to")
    sign_in, pick = page.get_by_label("User name"), page.get_by_role("heading", name="Choose an account")
    accept = page.get_by_role("button", name="Accept")
    expect(sign_in.or_(pick).or_(accept).or_(asked)).to_be_visible()
    if pick.is_visible():
        page.get_by_role("button", name=username).click()
    elif sign_in.is_visible():
        person.sign_in(username)
    expect(accept.or_(asked)).to_be_visible()
    if accept.is_visible():
        accept.click()
    headed(page, "Are you trying to sign in to entrada CLI?")

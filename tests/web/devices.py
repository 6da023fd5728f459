"""A device without a browser, and the person who lets it in: the two halves of RFC 8628."""

from __future__ import annotations

from typing import Any

import httpx2
from attrs import define, field

from tests.drivers.form_browser import FormBrowser, Page
from tests.plugins.platforms import InProcess
from tests.web.seats import CLI_APP, App, Form, sent

GRANT = "urn:ietf:params:oauth:grant-type:device_code"
SCOPE = "openid profile offline_access User.Read"


@define
class Device:
    there: InProcess
    app: App = CLI_APP
    path: str = "oauth2/v2.0"
    tenant: str | None = None
    started: dict[str, Any] = field(factory=dict)

    def ask(self, changes: Form | None = None) -> httpx2.Response:
        form = {"client_id": self.app.client_id, "scope": SCOPE, **(changes or {})}
        return self._post("devicecode", form)

    def start(self, changes: Form | None = None) -> dict[str, Any]:
        answer = self.ask(changes)
        assert answer.status_code == 200, answer.text
        self.started = answer.json()
        return self.started

    def poll(self, changes: Form | None = None, tenant: str | None = None) -> httpx2.Response:
        form = {
            "grant_type": GRANT,
            "client_id": self.app.client_id,
            "client_secret": self.app.secret,
            "device_code": self.started["device_code"],
            **(changes or {}),
        }
        return self._post("token", form, tenant)

    def refresh(self, token: str) -> httpx2.Response:
        secret = {"client_id": self.app.client_id, "client_secret": self.app.secret}
        return self._post("token", {"grant_type": "refresh_token", "refresh_token": token, **secret})

    def _post(self, endpoint: str, form: Form, tenant: str | None = None) -> httpx2.Response:
        at = tenant or self.tenant or self.app.tenant
        headers = {"user-agent": "python-requests/2.32"}
        return self.there.client.post(f"/{at}/{self.path}/{endpoint}", data=sent(form), headers=headers)


def code_page(browser: FormBrowser, tenant: str = "common") -> Page:
    return browser.open(f"/{tenant}/oauth2/deviceauth")


def type_code(browser: FormBrowser, code: str, tenant: str = "common") -> Page:
    return browser.submit(code_page(browser, tenant), "user_code", user_code=code)


def to_confirmation(browser: FormBrowser, device: Device, username: str | None = None) -> Page:
    """Through the code, the sign-in and the consent, as far as they are asked for."""
    return browser.sign_in(type_code(browser, device.started["user_code"]), username or device.app.username)


def let_in(browser: FormBrowser, device: Device, username: str | None = None) -> Page:
    return browser.submit(to_confirmation(browser, device, username), "decision", decision="approve")

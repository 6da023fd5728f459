"""A gateway as the tests of its rooms find it: what is there, said in a few words, and where."""

import asyncio
from collections.abc import Mapping
from typing import Any

from attrs import evolve

from entrada.core.directory.ids import TenantId
from entrada.core.gateway.configuration import Configuration
from entrada.server.app import Exposure, application
from entrada.server.egress.answers import Fetched, NotFetched, Sent
from entrada.server.usecases.gateway.load import load_configuration
from tests.drivers.form_browser import Page
from tests.drivers.live_server import COLORS
from tests.plugins.platforms import InProcess, new_client
from tests.web.portal.by_hand import post
from tests.web.portal.portal_driver import AtThePortal

HOME = "/portal/gateway"
REDIRECT = "https://localhost:8443/developer/signin-oauth/code/callback/"


def configured(there: InProcess) -> Configuration:
    """What the store holds."""
    return asyncio.run(load_configuration(there.platform.here, TenantId(COLORS)))


class Outside:
    """A way out to what a test says, by URL; nothing else can be reached."""

    def __init__(self, **found: Any) -> None:
        self.found: dict[str, Any] = found
        self.asked: list[str] = []

    def _at(self, url: str) -> Any:
        self.asked.append(url)
        if url not in self.found:
            raise NotFetched("nobody answers")
        return self.found[url]

    async def fetch_json(self, url: str) -> dict[str, object]:
        found: dict[str, object] = self._at(url)
        return found

    async def fetch_text(self, url: str) -> Fetched:
        return Fetched(self._at(url), "application/json")

    async def send(self, method: str, url: str, headers: Any = (), body: bytes = b"") -> Sent:
        raise NotFetched("nothing is sent")


def reaching(there: InProcess, found: Mapping[str, Any]) -> tuple[InProcess, Outside]:
    """The same installation, which finds outside what a test says."""
    outside = Outside(**found)
    here = evolve(there.platform.here, egress=outside)
    made = evolve(there.platform, here=here, app=application(here, Exposure(("localhost",))))
    return InProcess(made, new_client(made)), outside


def add_api(at: AtThePortal, called: str = "Paints", path: str = "paints", **fields: Any) -> Page:
    return post(at, f"{HOME}/new/apis", displayName=called, path=path, **fields)


def add_operation(at: AtThePortal, api: str = "paints", called: str = "List", template: str = "/", **more: Any) -> Page:
    fields = {"displayName": called, "method": "GET", "urlTemplate": template, **more}
    return post(at, f"{HOME}/apis/{api}/new", **fields)


def add_product(at: AtThePortal, called: str = "Starter", **fields: Any) -> Page:
    return post(at, f"{HOME}/new/products", displayName=called, subscriptionRequired="true", **fields)


def add_subscription(at: AtThePortal, called: str = "Ben's", scope: str = "/apis", **fields: Any) -> Page:
    return post(at, f"{HOME}/new/subscriptions", displayName=called, scope=scope, **fields)


SERVER: dict[str, Any] = {
    "displayName": "Paints",
    "clientRegistrationEndpoint": "http://localhost",
    "grantTypes": ["authorizationCode", "clientCredentials"],
    "authorizationEndpoint": "https://localhost:8443/colors.example/oauth2/v2.0/authorize",
    "tokenEndpoint": "https://localhost:8443/colors.example/oauth2/v2.0/token",
    "clientAuthenticationMethod": "Body",
    "bearerTokenSendingMethods": "authorizationHeader",
    "defaultScope": "api://paints/Paints.Read",
    "clientId": "c0105000-0000-4000-8000-00000000c11e",
    "clientSecret": "console-dev-secret",
    "useInTestConsole": "true",
}


def add_server(at: AtThePortal, **fields: Any) -> Page:
    return post(at, f"{HOME}/new/servers", **{**SERVER, **fields})


def add_provider(at: AtThePortal, called: str = "Paints ID", **fields: Any) -> Page:
    there = "https://localhost:8443/colors.example/v2.0/.well-known/openid-configuration"
    known = {"displayName": called, "metadataEndpoint": there, "clientId": "console"}
    return post(at, f"{HOME}/new/providers", **{**known, **fields})


def add_value(at: AtThePortal, called: str = "greeting", value: str = "hello", **fields: Any) -> Page:
    return post(at, f"{HOME}/new/values", displayName=called, secretValue=value, **fields)

"""What the development gateway begins with, and that it follows where the platform and its samples listen."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from attrs import evolve

from entrada.cli.gateway_seed import CONSOLE, ensure_gateway
from entrada.core.gateway.entities.authorization_server import GrantType
from entrada.core.gateway.entities.ids import ApiId, AuthorizationServerId, NamedValueId
from entrada.server.usecases.gateway.apis import change_api, delete_api
from entrada.server.usecases.gateway.documented import find_documented
from entrada.server.usecases.gateway.load import load_configuration
from entrada.server.usecases.gateway.state import load_revision
from entrada.server.usecases.settle_credentials import MadeCredential, SeedCredential
from tests.plugins.platforms import InProcess
from tests.usecases.acting import OPERATOR, TENANT, run

MADE = MadeCredential(
    SeedCredential(kind="client secret", owner="oauth-client-app", owner_id=CONSOLE, name="development"), "a made one"
)


@pytest.fixture
def here(in_process: InProcess) -> Any:
    return in_process.platform.here


def started(here: Any, port: int | None = 5001, *made: MadeCredential, exposed: bool = False) -> Any:
    asyncio.run(ensure_gateway(here, made, port, exposed=exposed))
    return asyncio.run(load_configuration(here, TENANT))


def revision(here: Any) -> int:
    found = asyncio.run(load_revision(here, TENANT))
    return 0 if found is None else found.version


def test_the_colors_api_is_there_at_the_first_start_and_the_second_changes_nothing(here: Any) -> None:
    first = started(here)
    assert first.apis[ApiId("colors")].service_url == "http://127.0.0.1:5001/colors"
    assert first.apis[ApiId("colors")].subscription_required is False
    before = revision(here)
    assert started(here) == first
    assert revision(here) == before
    assert asyncio.run(find_documented(here)) == "A secret of the gateway's authorization server colors"


def test_everything_follows_where_it_listens(here: Any) -> None:
    started(here)
    moved = started(evolve(here, origin="http://localhost:9443"), 7001)
    assert moved.apis[ApiId("colors")].service_url == "http://127.0.0.1:7001/colors"
    assert moved.named_values[NamedValueId("entrada-origin")].value == "http://localhost:9443"
    server = moved.authorization_servers[AuthorizationServerId("colors")]
    assert server.token_endpoint.startswith("http://localhost:9443/c0105000")
    assert server.authorization_endpoint.startswith("http://localhost:9443/c0105000")
    assert server.client_secret == "console-dev-secret"
    application = asyncio.run(here.store.find_application(CONSOLE))
    callback = "http://localhost:9443/developer/signin-oauth/code/callback/colors"
    assert [one.uri for one in application.redirect_uris] == [callback]


def test_what_somebody_changed_or_deleted_stays_so(here: Any) -> None:
    started(here)
    run(change_api(here, OPERATOR, "colors", lambda one: evolve(one, service_url="https://colors.example/colors")))
    assert started(here, 7001).apis[ApiId("colors")].service_url == "https://colors.example/colors"
    asyncio.run(delete_api(here, OPERATOR, "colors"))
    assert started(here, 7001).apis == {}


def test_an_exposed_gateway_holds_no_documented_secret(here: Any) -> None:
    made = started(here, 5001, MADE, exposed=True)
    assert made.authorization_servers[AuthorizationServerId("colors")].client_secret == "a made one"
    assert asyncio.run(find_documented(here)) is None


def test_one_that_is_exposed_later_loses_it(here: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    started(here)
    later = started(here, 5001, exposed=True).authorization_servers[AuthorizationServerId("colors")]
    assert (later.client_secret, GrantType.CLIENT_CREDENTIALS in later.grant_types) == (None, False)


def test_the_environment_may_give_it(here: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ENTRADA_SECRET_OAUTH_CLIENT_APP", "one of the environment")
    made = started(here, None, exposed=True)
    assert made.authorization_servers[AuthorizationServerId("colors")].client_secret == "one of the environment"


def test_without_a_gateway_nothing_is_seeded(here: Any) -> None:
    assert started(evolve(here, gateway=None)).apis == {}

"""Managed identity: the instance metadata service and App Service's endpoint, and whom they turn away.

Reference clients.md sections 2.3 and 2.4.
"""

import asyncio
from typing import Any, Final

import httpx2
import pytest
from starlette.testclient import TestClient

from entrada.core.directory.derived_id import service_principal_id
from entrada.core.directory.ids import ClientId, TenantId
from entrada.core.errors import catalogue as why
from entrada.core.errors.reason import Reason
from entrada.server.store.port import StoreUnavailable
from entrada.server.web.managed_identity import application
from entrada.testing import START
from tests.plugins.platforms import InProcess
from tests.web.seats import COLORS, COLORS_API, DAEMON, MULTI, PETALS, change, contents, disable_tenant

API: Final = f"api://{COLORS_API}"
METADATA: Final = "/metadata/identity/oauth2/token"
APP_SERVICE: Final = "/msi/token"
HEADER: Final = "made-at-start"
SERVED: Final = (ClientId(DAEMON), ClientId(MULTI))
PRINCIPAL: Final = {one: service_principal_id(TenantId(COLORS), one) for one in SERVED}
ASKED: Final = {"api-version": "2018-02-01", "resource": API}
ASKED_OF_APP_SERVICE: Final = {**ASKED, "api-version": "2019-08-01"}
GUARD: Final = {"Metadata": "true"}
SECRET: Final = {"X-IDENTITY-HEADER": HEADER}
MEMBERS: Final = [
    "access_token", "client_id", "expires_in", "expires_on", "not_before", "resource", "token_type",
]  # fmt: skip


def machine(there: InProcess, host: str = "localhost:8445") -> TestClient:
    app = application(there.platform.here, SERVED, HEADER)
    return TestClient(app, base_url=f"http://{host}", raise_server_exceptions=False)


def ask(there: InProcess, changes: dict[str, str | None] | None = None, **headers: str) -> httpx2.Response:
    asked = {name: value for name, value in {**ASKED, **(changes or {})}.items() if value is not None}
    return machine(there).get(METADATA, params=asked, headers=headers or GUARD)


def claims_of(there: InProcess, answer: httpx2.Response) -> dict[str, Any]:
    assert answer.status_code == 200, answer.text
    here = there.platform.here
    return dict(asyncio.run(here.signing_keys.verify(answer.json()["access_token"], here.clock())))


def said(answer: httpx2.Response) -> tuple[int, str, str]:
    """Status, error, AADSTS number."""
    body = answer.json()
    assert list(body) == ["error", "error_description"]
    return answer.status_code, body["error"], body["error_description"].partition(":")[0]


def expected(reason: Reason) -> tuple[int, str, str]:
    return reason.status, reason.error, reason.aadsts


# ---- what comes back ----


def test_the_machines_own_identity(shared, untouched):
    answer = ask(shared)
    body, claims = answer.json(), claims_of(shared, answer)
    assert list(body) == MEMBERS
    assert {type(value) for value in body.values()} == {str}
    assert (body["client_id"], body["resource"], body["token_type"]) == (DAEMON, API, "Bearer")
    assert [body[name] for name in ("expires_in", "expires_on", "not_before")] == [
        "3599",
        f"{START + 3600}",
        f"{START - 300}",
    ]
    assert answer.headers["cache-control"] == "no-store, no-cache"
    assert (claims["aud"], claims["azp"], claims["azpacr"], claims["tid"]) == (COLORS_API, DAEMON, "2", COLORS)
    assert claims["oid"] == claims["sub"] == PRINCIPAL[SERVED[0]]
    assert claims["roles"] == ["Colors.ReadAll"]
    assert "scp" not in claims


def test_app_service_answers_the_same(shared, untouched):
    answer = machine(shared).get(APP_SERVICE, params=ASKED_OF_APP_SERVICE, headers=SECRET)
    assert list(answer.json()) == MEMBERS
    assert claims_of(shared, answer)["azp"] == DAEMON


def test_node_writes_a_slash_at_the_end(shared):
    assert machine(shared).get(f"{METADATA}/", params=ASKED, headers=GUARD).status_code == 200


def test_a_role_that_nobody_assigned_is_not_in_it(shared):
    assert "roles" not in claims_of(shared, ask(shared, {"client_id": MULTI}))


# fmt: off
NAMED = [  # how the second identity is named
    pytest.param({"client_id": MULTI},                       id="by its application's id"),
    pytest.param({"client_id": MULTI.upper()},               id="in capitals"),
    pytest.param({"object_id": PRINCIPAL[SERVED[1]]},        id="by its service principal's id"),
    pytest.param({"principal_id": PRINCIPAL[SERVED[1]]},     id="as App Service spells that"),
    pytest.param({"msi_res_id": "/subscriptions/s/resourcegroups/g/providers/Microsoft.ManagedIdentity/userAssignedIdentities/Multi-tenant web app"}, id="by a path that ends in its name"),
    pytest.param({"mi_res_id": "x/multi-tenant WEB app"},    id="as App Service spells that too"),
]
REFUSED: list[Any] = [  # what is changed in the query, the headers, the reason
    pytest.param({},                                         {"Accept": "*/*"},                            why.BAD_REQUEST,        id="without the header Metadata"),
    pytest.param({},                                         {"Metadata": "false"},                        why.BAD_REQUEST,        id="with another value of it"),
    pytest.param({},                                         {**GUARD, "X-Forwarded-For": "10.0.0.1"},     why.BAD_REQUEST,        id="forwarded by a program that was talked into it"),
    pytest.param({},                                         {**GUARD, "Forwarded": "for=10.0.0.1"},       why.BAD_REQUEST,        id="forwarded, as RFC 7239 says so"),
    pytest.param({"api-version": None},                      GUARD,                                        why.BAD_REQUEST,        id="without a version"),
    pytest.param({"api-version": "2019-08-01"},              GUARD,                                        why.BAD_REQUEST,        id="in App Service's version"),
    pytest.param({"resource": None},                         GUARD,                                        why.MISSING_PARAMETER,  id="without a resource"),
    pytest.param({"resource": "api://nobody"},               GUARD,                                        why.RESOURCE_NOT_FOUND, id="for an API that does not exist"),
    pytest.param({"client_id": COLORS_API},                  GUARD,                                        why.IDENTITY_NOT_FOUND, id="as an application that the machine was not given"),
    pytest.param({"object_id": DAEMON},                      GUARD,                                        why.IDENTITY_NOT_FOUND, id="an application's id where a principal's belongs"),
    pytest.param({"msi_res_id": "/subscriptions/s/nobody"},  GUARD,                                        why.IDENTITY_NOT_FOUND, id="by a path that ends in no name"),
    pytest.param({"client_id": MULTI, "object_id": PRINCIPAL[SERVED[1]]}, GUARD,                           why.BAD_REQUEST,        id="named twice"),
]
# fmt: on


@pytest.mark.parametrize("selector", NAMED)
def test_another_identity_is_named(shared, selector):
    assert claims_of(shared, ask(shared, selector))["azp"] == MULTI


# ---- who is turned away ----


@pytest.mark.parametrize(("changes", "headers", "reason"), REFUSED)
def test_refused_and_nothing_written(shared, untouched, changes, headers, reason):
    answer = ask(shared, changes, **headers)
    assert said(answer) == expected(reason)
    assert "eyJ" not in answer.text


def test_a_parameter_may_stand_once(shared):
    answer = machine(shared).get(f"{METADATA}?api-version=2018-02-01&resource=a&resource=b", headers=GUARD)
    assert said(answer) == expected(why.BAD_REQUEST)


@pytest.mark.parametrize("header", [{}, {"X-IDENTITY-HEADER": ""}, {"X-IDENTITY-HEADER": "guessed"}, GUARD])
def test_app_service_wants_its_header(shared, header):
    answer = machine(shared).get(APP_SERVICE, params=ASKED_OF_APP_SERVICE, headers=header)
    body, reason = answer.json(), why.IDENTITY_HEADER_WRONG
    assert list(body) == ["statusCode", "message", "correlationId"]
    assert (answer.status_code, body["statusCode"], body["message"].partition(":")[0]) == (401, 401, reason.aadsts)
    assert HEADER not in answer.text


@pytest.mark.parametrize("host", ["attacker.example", "169.254.169.254", "localhost.attacker.example"])
def test_a_name_that_was_bound_to_this_machine_by_others(shared, host):
    for path in (METADATA, APP_SERVICE):
        answer = machine(shared, host).get(path, params=ASKED, headers={**GUARD, **SECRET})
        assert (answer.status_code, "eyJ" in answer.text) == (421, False)


def test_a_page_may_not_even_ask(shared):
    """Metadata is no header a script may add to a request for another site without this question."""
    preflight = {
        "Origin": "https://a.example",
        "Access-Control-Request-Method": "GET",
        "Access-Control-Request-Headers": "metadata",
    }
    answer = machine(shared).options(METADATA, headers=preflight)
    assert (answer.status_code, [name for name in answer.headers if name.startswith("access-control")]) == (405, [])


@pytest.mark.parametrize("path", [METADATA, APP_SERVICE])
def test_the_public_origin_knows_nothing_of_it(shared, path):
    assert shared.client.get(path, params=ASKED, headers={**GUARD, **SECRET}).status_code == 404


# ---- what changes between two requests ----


def test_an_application_that_is_disabled(in_process):
    here = in_process.platform.here
    change(here.store, asyncio.run(here.store.find_application(SERVED[0])), enabled=False)
    assert said(ask(in_process)) == expected(why.CLIENT_DISABLED)


def test_a_service_principal_that_is_disabled(in_process):
    store = in_process.platform.here.store
    change(store, asyncio.run(store.find_service_principal(TenantId(COLORS), SERVED[0])), account_enabled=False)
    assert said(ask(in_process)) == expected(why.CLIENT_DISABLED)


def test_a_tenant_that_is_disabled(in_process):
    disable_tenant(in_process)
    assert said(ask(in_process)) == expected(why.TENANT_NOT_FOUND)


def test_nobody_acts_in_another_tenant(shared):
    """A multi-tenant application acts at home."""
    claims = claims_of(shared, ask(shared, {"client_id": MULTI}))
    assert (claims["tid"], PETALS in claims["iss"]) == (COLORS, False)


# ---- surprises ----


@pytest.mark.parametrize(
    ("error", "reason"),
    [(StoreUnavailable("gone"), why.TEMPORARILY_UNAVAILABLE), (ValueError("a bug"), why.SERVER_FAULT)],
)
def test_a_surprise_is_json_too(in_process, monkeypatch, error, reason):
    async def fail(*_: object) -> None:
        raise error

    before = contents(in_process.platform.here.store)
    monkeypatch.setattr(in_process.platform.here.store, "find_application", fail)
    assert said(ask(in_process)) == expected(reason)
    assert contents(in_process.platform.here.store) == before

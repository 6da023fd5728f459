"""OAuth 2.0 servers, OpenID providers and named values in the portal."""

import asyncio
import re

import pytest

from entrada.core.directory.administration.actor import AS_THE_USER, Actor, Via
from entrada.core.gateway.configuration import OF_ALL
from entrada.core.gateway.entities.authorization_server import GrantType
from entrada.server.usecases.gateway.policies import save_policy
from tests.web.portal.by_hand import TENANT, post, said, user
from tests.web.portal.gateway_rooms import (
    HOME,
    REDIRECT,
    SERVER,
    add_api,
    add_provider,
    add_server,
    add_value,
    configured,
    reaching,
)
from tests.web.portal.portal_driver import ADA, AtThePortal

PAINTS, GREETING = f"{HOME}/servers/paints", f"{HOME}/values/greeting"
SECRET = SERVER["clientSecret"]
ISSUER = "https://login.example/t/v2.0"
FOUND = {"authorization_endpoint": f"{ISSUER}/authorize", "token_endpoint": f"{ISSUER}/token"}


@pytest.fixture
def ada(in_process):
    return AtThePortal(in_process, ADA)


def server(there):
    return configured(there).authorization_servers["paints"]


# ---- OAuth 2.0 servers ----


def test_a_server_is_added_with_every_field_and_its_redirect_url_is_shown(in_process, ada):
    more = {
        "description": "Where paints are",
        "authorizationMethods": ["GET", "POST"],
        "supportState": "true",
        "tokenBodyParameters.0.name": "resource",
        "tokenBodyParameters.0.value": "https://graph.example",
        "clientAuthenticationMethod": ["Basic", "Body"],
        "resourceOwnerUsername": "ben",
        "resourceOwnerPassword": "bens password",
        "useInApiDocumentation": "true",
    }
    page = add_server(ada, **more)
    assert "The server is added." in said(page)
    assert f"<code data-copy>{REDIRECT}paints</code>" in page.text
    made = server(in_process)
    assert made.grant_types == (GrantType.AUTHORIZATION_CODE, GrantType.CLIENT_CREDENTIALS)
    assert made.token_body_parameters == (("resource", "https://graph.example"),)
    assert ([*made.authorization_methods], made.support_state) == (["GET", "POST"], True)
    assert [*made.client_authentication_method] == ["Basic", "Body"]
    assert (made.client_id, made.client_secret) == (SERVER["clientId"], SECRET)
    assert (made.resource_owner_username, made.resource_owner_password) == ("ben", "bens password")
    assert (made.default_scope, made.use_in_api_documentation) == ("api://paints/Paints.Read", True)


def test_the_form_asks_in_azures_order(ada):
    text = ada.open(f"{HOME}/new/servers").text
    labels = [
        *("Display name", "Id (optional)", "Description", "Client registration page URL"),
        *("Authorization grant types", "Authorization endpoint URL", "Authorization request method"),
        *("Support state parameter", "Token endpoint URL", "Additional body parameters"),
        *("Client authentication methods", "Access token sending method", "Default scope", "Client credentials"),
        *("Client ID", "Client secret", "Redirect URL", "Resource owner password credentials"),
    ]
    places = [text.index(f">{one}<", text.index("<main")) for one in labels if one != "Client credentials"]
    assert places == sorted(places)


def test_no_page_shows_a_secret_and_one_that_is_left_empty_stays(in_process, ada):
    add_server(ada, resourceOwnerUsername="ben", resourceOwnerPassword="bens password")
    for path in (f"{HOME}/servers", PAINTS, f"{PAINTS}/settings", f"{PAINTS}/delete"):
        text = ada.open(path).text
        assert SECRET not in text
        assert "bens password" not in text
    page = post(ada, f"{PAINTS}/settings", **{**SERVER, "clientSecret": "", "defaultScope": "other"})
    assert said(page) == "The settings are saved."
    assert (server(in_process).default_scope, server(in_process).client_secret) == ("other", SECRET)
    fields = {**SERVER, "clientSecret": "", "clientSecret.remove": "true", "grantTypes": "authorizationCode"}
    post(ada, f"{PAINTS}/settings", **fields)
    assert server(in_process).client_secret is None


def test_what_is_wrong_keeps_what_was_typed_but_the_secret(in_process, ada):
    page = add_server(ada, authorizationEndpoint="nowhere")
    assert page.status == 400
    assert 'href="#f-authorizationEndpoint"' in page.text
    assert 'value="nowhere"' in page.text
    assert SECRET not in page.text
    assert re.search(r'value="clientCredentials" checked', page.text)
    assert f"{REDIRECT}paints" in page.text
    assert "paints" not in configured(in_process).authorization_servers


@pytest.mark.parametrize(
    ("fields", "anchor"),
    [
        ({"name": "a b"}, "f-name"),
        ({"displayName": "", "name": "x"}, "f-displayName"),
        ({"grantTypes": []}, "f-grantTypes"),
        ({"clientId": ""}, "f-clientId"),
        ({"tokenEndpoint": ""}, "f-tokenEndpoint"),
        ({"clientSecret": ""}, "f-clientSecret"),
        ({"clientRegistrationEndpoint": "x"}, "f-clientRegistrationEndpoint"),
        ({"clientAuthenticationMethod": []}, "f-clientAuthenticationMethod"),
        ({"tokenBodyParameters.0.value": "alone"}, "f-tokenBodyParameters-0-name"),
    ],
)
def test_a_server_that_cannot_be_is_refused_at_its_field(in_process, ada, fields, anchor):
    page = add_server(ada, **fields)
    assert page.status == 400
    assert f'href="#{anchor}' in page.text
    assert configured(in_process).authorization_servers.keys() & {"paints", "x", "a b"} == set()


@pytest.mark.parametrize("asked", [ISSUER, f"{ISSUER}/", f"{ISSUER}/.well-known/openid-configuration"])
def test_both_endpoints_are_read_from_an_issuer_and_nothing_is_written(in_process, asked):
    there, outside = reaching(in_process, {f"{ISSUER}/.well-known/openid-configuration": FOUND})
    ada = AtThePortal(there, ADA)
    page = add_server(ada, do="discover", discovery=asked, authorizationEndpoint="", tokenEndpoint="")
    assert page.status == 200
    assert f'value="{ISSUER}/authorize"' in page.text
    assert f'value="{ISSUER}/token"' in page.text
    assert 'value="Paints"' in page.text
    assert outside.asked == [f"{ISSUER}/.well-known/openid-configuration"]
    assert "paints" not in configured(there).authorization_servers
    add_server(ada)
    page = post(ada, f"{PAINTS}/settings", **{**SERVER, "do": "discover", "discovery": asked, "seen": "1"})
    assert f'value="{ISSUER}/token"' in page.text
    assert server(there).token_endpoint == SERVER["tokenEndpoint"]


@pytest.mark.parametrize("asked", ["", "x", "https://silent.example", "https://odd.example", "https://bad.example"])
def test_an_issuer_that_says_nothing_of_use_is_told_at_its_field(in_process, asked):
    odd, bad = (f"https://{one}.example/.well-known/openid-configuration" for one in ("odd", "bad"))
    found = {odd: {"issuer": "x"}, bad: {**FOUND, "token_endpoint": "javascript:alert(1)"}}
    there, _ = reaching(in_process, found)
    page = add_server(AtThePortal(there, ADA), do="discover", discovery=asked)
    assert page.status == 400
    assert 'id="f-discovery-error"' in page.text


def test_the_redirect_url_is_told_as_soon_as_there_is_an_id(ada):
    there = f"{HOME}/new/servers/redirect"
    assert f"{REDIRECT}my-colors" in ada.open(f"{there}?displayName=My%20Colors").text
    assert f"{REDIRECT}own" in ada.open(f"{there}?displayName=My%20Colors&name=Own").text
    assert "data-copy" not in ada.open(there).text.partition("<main")[2]


def test_deleting_a_server_names_the_apis_that_lose_it(in_process, ada):
    add_api(ada)
    add_server(ada)
    post(ada, f"{HOME}/apis/paints/security", security="oauth2", servers="paints")
    assert "Paints" in ada.open(f"{PAINTS}/delete").text
    assert post(ada, f"{PAINTS}/delete").status == 409
    assert said(ada.send(f"{PAINTS}/delete", "/delete")) == "The server Paints is deleted."
    left = configured(in_process)
    assert "paints" not in left.authorization_servers
    assert left.apis["paints"].authentication_settings.oauth2 == ()


def test_of_two_who_edit_a_server_one_is_told(in_process, ada):
    add_server(ada)
    first, second = ada.open(f"{PAINTS}/settings"), ada.open(f"{PAINTS}/settings")
    boxes = {name: SERVER[name] for name in ("grantTypes", "clientAuthenticationMethod", "bearerTokenSendingMethods")}
    assert said(ada.browser.submit(first, "seen", defaultScope="first", **boxes)) == "The settings are saved."
    assert ada.browser.submit(second, "seen", defaultScope="second", **boxes).status == 412
    assert server(in_process).default_scope == "first"


# ---- OpenID providers ----


def test_a_provider_is_added_changed_and_deleted(in_process, ada):
    page = add_provider(ada, clientSecret=SECRET, useInTestConsole="true")
    assert f"<code data-copy>{REDIRECT.replace('oauth', 'openid')}paints-id</code>" in page.text
    there = f"{HOME}/providers/paints-id"
    assert SECRET not in ada.open(f"{there}/settings").text
    ada.browser.submit(ada.open(f"{there}/settings"), "metadataEndpoint", clientId="other")
    made = configured(in_process).openid_providers["paints-id"]
    assert (made.client_id, made.client_secret, made.use_in_test_console) == ("other", SECRET, False)
    assert said(ada.send(f"{there}/delete", "/delete")) == "The provider Paints ID is deleted."
    assert "paints-id" not in configured(in_process).openid_providers


@pytest.mark.parametrize(
    ("fields", "anchor"),
    [({"metadataEndpoint": "x"}, "f-metadataEndpoint"), ({"clientId": ""}, "f-clientId"), ({"name": "a/b"}, "f-name")],
)
def test_a_provider_that_cannot_be_is_refused_at_its_field(in_process, ada, fields, anchor):
    page = add_provider(ada, **fields)
    assert page.status == 400
    assert f'href="#{anchor}"' in page.text


# ---- named values ----

POLICY = """<policies>
  <inbound>
    <set-header name="x-greeting" exists-action="override"><value>{{greeting}}</value></set-header>
  </inbound>
  <backend><forward-request /></backend>
  <outbound />
  <on-error />
</policies>"""


def write_policy(there, text):
    ada = user(there, "c0105000-0000-4000-8000-0000000000a1")
    actor = Actor(tenant_id=TENANT, via=Via.PORTAL, correlation_id="c", user=ada, permissions=AS_THE_USER)
    return asyncio.run(save_policy(there.platform.here, actor, OF_ALL, text))


def test_a_value_is_added_shown_and_changed(in_process, ada):
    page = add_value(ada, tags="one\ntwo")
    assert said(page) == "Policies may write {{greeting}} now."
    assert "<code>hello</code>" in page.text
    made = configured(in_process).named_values["greeting"]
    assert (made.value, made.secret, made.tags) == ("hello", False, ("one", "two"))
    ada.browser.submit(ada.open(GREETING), "tags", secretValue="good day")
    assert configured(in_process).named_values["greeting"].value == "good day"


def test_a_secret_value_is_shown_nowhere_and_stays_when_left_empty(in_process, ada):
    page = add_value(ada, value="open sesame", secret="true")
    assert "***" in page.text
    for path in (f"{HOME}/values", GREETING, f"{GREETING}/delete"):
        assert "open sesame" not in ada.open(path).text
    ada.browser.submit(ada.open(GREETING), "tags", tags="kept", secret="true")
    made = configured(in_process).named_values["greeting"]
    assert (made.value, made.tags) == ("open sesame", ("kept",))
    page = ada.browser.submit(ada.open(GREETING), "tags")  # shown from now on: what it is must be said anew
    assert page.status == 400
    assert 'id="f-secretValue-error"' in page.text
    assert configured(in_process).named_values["greeting"].secret


@pytest.mark.parametrize("fields", [{"called": "a b"}, {"called": ""}, {"value": ""}, {"name": "a/b"}])
def test_a_value_that_cannot_be_is_refused(in_process, ada, fields):
    page = add_value(ada, **fields)
    assert page.status == 400
    assert 'role="alert"' in page.text


def test_policies_that_would_break_are_named_with_line_and_column(in_process, ada):
    add_value(ada)
    write_policy(in_process, POLICY)
    assert "All APIs" in ada.open(f"{HOME}/values").text.partition('id="list"')[2]
    page = ada.send(f"{GREETING}/delete", "/delete")
    assert page.status == 400
    assert re.search(r'scope=global">All APIs</a>, line 3, column \d+', page.text)
    page = ada.browser.submit(ada.open(GREETING), "tags", displayName="salute")
    assert page.status == 400
    assert "line 3, column" in page.text
    assert "greeting" in configured(in_process).named_values
    assert configured(in_process).named_values["greeting"].display_name == "greeting"


def test_what_a_form_held_back_when_the_session_was_over_has_no_secret_in_it(in_process):
    stranger = in_process.browser()
    fields = {**SERVER, "secretValue": "open sesame", "resourceOwnerPassword": "bens password"}
    answer = stranger.client.post(f"{HOME}/new/servers", data=fields, headers={"Sec-Fetch-Site": "same-origin"})
    assert answer.status_code == 401
    assert SERVER["clientId"] in answer.text
    for secret in (SECRET, "open sesame", "bens password"):
        assert secret not in answer.text

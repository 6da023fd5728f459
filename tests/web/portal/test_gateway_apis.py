"""APIs in the portal: made by hand, imported, changed, secured, with their operations, and deleted."""

import json
from copy import deepcopy

import pytest

from entrada.core.gateway.entities.security import AuthenticationSettings
from tests.web.portal.by_hand import latest, post, said
from tests.web.portal.gateway_rooms import (
    HOME,
    add_api,
    add_operation,
    add_product,
    add_provider,
    add_server,
    add_subscription,
    configured,
    reaching,
)
from tests.web.portal.portal_driver import ADA, AtThePortal

PAINTS = f"{HOME}/apis/paints"
DOCUMENT = {
    "openapi": "3.0.3",
    "info": {"title": "Paints", "version": "1.0"},
    "servers": [{"url": "https://backend.example/v1"}],
    "security": [{"signIn": ["Paints.Read"]}],
    "components": {
        "securitySchemes": {
            "signIn": {
                "type": "oauth2",
                "flows": {
                    "authorizationCode": {
                        "authorizationUrl": "https://localhost:8443/authorize",
                        "tokenUrl": "https://localhost:8443/token",
                        "scopes": {"Paints.Read": "See paints"},
                    }
                },
            }
        }
    },
    "paths": {
        "/paints": {
            "get": {"operationId": "list", "summary": "List paints", "responses": {"200": {"description": "All"}}},
            "post": {"operationId": "add", "summary": "Add a paint", "responses": {"201": {"description": "Made"}}},
        }
    },
}
TEXT = json.dumps(DOCUMENT)


@pytest.fixture
def ada(in_process):
    return AtThePortal(in_process, ADA)


def api(there):
    return configured(there).apis["paints"]


def operations(there):
    return {one.id: one for one in configured(there).operations["paints"]}


# ---- by hand ----


def test_an_api_by_hand_gets_an_id_of_its_name(in_process, ada):
    page = add_api(ada, "Paints & Co.", "/paints/", serviceUrl="https://backend.example")
    assert said(page) == "The API Paints & Co. is created. What can it be asked for?"
    made = configured(in_process).apis["paints-co"]
    assert (made.path, made.service_url, made.subscription_required) == ("paints", "https://backend.example", False)
    assert latest(in_process) == "Add API"


@pytest.mark.parametrize(
    ("fields", "anchor", "words"),
    [
        ({"path": "a//b"}, "f-path", "segments joined by slashes"),
        ({"serviceUrl": "ftp://x"}, "f-serviceUrl", "starts with https://"),
        ({"apiVersion": "v1/2"}, "f-apiVersion", "one segment"),
        ({"displayName": ""}, "f-displayName", "display name has 1 to 300"),
        ({"name": "a/b"}, "f-name", "An id has"),
        ({"name": ".."}, "f-name", "not only dots"),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_what_was_typed_stays(in_process, ada, fields, anchor, words):
    page = post(ada, f"{HOME}/new/apis", **{"displayName": "Paints", "path": "paints", "description": "Kept", **fields})
    assert page.status == 400
    assert words in page.text
    assert f'href="#{anchor}"' in page.text
    assert f'id="{anchor}-error"' in page.text
    assert "Kept</textarea>" in page.text
    assert "paints" not in configured(in_process).apis


def test_a_path_or_an_id_that_is_taken_is_refused(in_process, ada):
    add_api(ada)
    assert "already" in said(add_api(ada))
    page = add_api(ada, "Others", "Paints")
    assert page.status == 400
    assert 'id="f-path-error"' in page.text


def test_settings_are_changed_and_of_two_who_edit_one_is_told(in_process, ada):
    add_api(ada)
    first, second = ada.open(f"{PAINTS}/settings"), ada.open(f"{PAINTS}/settings")
    page = ada.browser.submit(
        first,
        "serviceUrl",
        displayName="Paints 2",
        path="paints/two",
        apiVersion="v2",
        apiRevisionDescription="More of them",
        subscriptionRequired="true",
        **{"subscriptionKeyParameterNames.header": "X-Key"},
    )
    assert said(page) == "The settings are saved."
    made = api(in_process)
    assert (made.display_name, made.public_path, made.api_revision_description) == (
        "Paints 2",
        "/paints/two/v2",
        "More of them",
    )
    assert (made.subscription_required, made.subscription_key_parameter_names.header) == (True, "X-Key")
    page = ada.browser.submit(second, "serviceUrl", displayName="Mine")
    assert page.status == 412
    assert 'value="Mine"' in page.text
    assert api(in_process).display_name == "Paints 2"


# ---- security ----


def test_security_chooses_servers_with_scopes_of_the_apis_own(in_process, ada):
    add_api(ada)
    add_server(ada)
    add_server(ada, displayName="Others")
    page = post(
        ada, f"{PAINTS}/security", security="oauth2", servers=["paints", "others"], **{"scope.others": "api://x/y"}
    )
    assert said(page) == "The security settings are saved."
    kept = api(in_process).authentication_settings
    assert [(one.authorization_server_id, one.scope) for one in kept.oauth2] == [
        ("paints", None),
        ("others", "api://x/y"),
    ]
    assert 'value="api://x/y"' in page.text
    assert 'value="oauth2" checked' in page.text


def test_security_chooses_a_provider_and_how_its_token_is_sent_and_none_again(in_process, ada):
    add_api(ada)
    add_provider(ada, name="p one")
    fields = {"providers": "p one", "sending.p one": "authorizationHeader query"}
    post(ada, f"{PAINTS}/security", security="openid", **fields)
    (kept,) = api(in_process).authentication_settings.openid
    assert (kept.openid_provider_id, [*kept.bearer_token_sending_methods]) == (
        "p one",
        ["authorizationHeader", "query"],
    )
    post(ada, f"{PAINTS}/security", security="none", providers="p one")
    assert api(in_process).authentication_settings == AuthenticationSettings()


@pytest.mark.parametrize(
    "fields",
    [
        {"security": "oauth2"},
        {"security": "openid"},
        {"security": "x"},
        {},
        {"security": "none", "servers": "paints"},
    ],
)
def test_security_without_a_choice_is_refused(in_process, ada, fields):
    add_api(ada)
    assert post(ada, f"{PAINTS}/security", **fields).status == 400


def test_a_server_that_is_not_there_secures_nothing(in_process, ada):
    add_api(ada)
    page = post(ada, f"{PAINTS}/security", security="oauth2", servers="elsewhere")
    assert page.status == 400
    assert "no authorization server elsewhere" in page.text


# ---- operations ----

ROWS = {
    "template.0.name": "id",
    "template.0.type": "integer",
    "template.0.description": "Which",
    "query.0.name": "shade",
    "query.0.required": "true",
    "query.0.defaultValue": "dark",
    "headers.0.name": "X-Trace",
    "request.0.contentType": "application/json",
    "request.0.example": '{"name": "red"}',
    "responses.0.statusCode": "200",
    "responses.0.description": "The paint",
    "responses.0.contentType": "application/json",
    "responses.0.example": '{"id": 1}',
}


def test_an_operation_is_added_with_parameters_and_examples_and_shown_again(in_process, ada):
    add_api(ada)
    page = add_operation(ada, "paints", "Get one", "/paints/{id}", **ROWS)
    assert said(page) == "The operation Get one is added."
    made = operations(in_process)["get-one"]
    assert [(one.name, one.type, one.description) for one in made.template_parameters] == [("id", "integer", "Which")]
    (shade,) = made.request.query_parameters
    assert (shade.name, shade.type, shade.required, shade.default_value) == ("shade", "string", True, "dark")
    assert [one.name for one in made.request.headers] == ["X-Trace"]
    assert [*made.request.representations[0].examples.values()] == ['{"name": "red"}']
    (answer,) = made.responses
    assert (answer.status_code, answer.description) == (200, "The paint")
    shown = ada.browser.submit(ada.open(f"{PAINTS}/operations/get-one"), "urlTemplate", **{"query.0.required": "true"})
    assert said(shown) == "The operation is saved."
    assert operations(in_process)["get-one"] == made  # what the form shows is all that it takes


def test_what_the_form_does_not_show_stays(in_process, ada):
    document = deepcopy(DOCUMENT)
    schema = {"type": "object", "properties": {"name": {"type": "string"}}}
    document["paths"]["/paints"]["post"]["requestBody"] = {"content": {"application/json": {"schema": schema}}}
    imported(ada, json.dumps(document))
    before = operations(in_process)["add"].request.representations[0].schema
    ada.browser.submit(ada.open(f"{PAINTS}/operations/add"), "urlTemplate", displayName="Put a paint")
    made = operations(in_process)["add"]
    assert made.display_name == "Put a paint"
    assert before is not None
    assert made.request.representations[0].schema == before


def test_parameters_of_the_template_come_from_it(in_process, ada):
    add_api(ada)
    fields = {"template.0.name": "gone", "template.1.name": "shop"}
    add_operation(ada, "paints", "Get", "/{shop}/{*rest}", **fields)
    assert [one.name for one in operations(in_process)["get"].template_parameters] == ["shop", "rest"]


@pytest.mark.parametrize(
    ("fields", "anchor"),
    [
        ({"urlTemplate": "paints"}, "f-urlTemplate"),
        ({"urlTemplate": "/{a}/{a}"}, "f-urlTemplate"),
        ({"method": "GE T"}, "f-method"),
        ({"request.0.contentType": "application/json", "request.0.example": "{name: red}"}, "f-request-0-example"),
        ({"responses.0.statusCode": "20x"}, "f-responses-0-statusCode"),
        ({"responses.0.statusCode": "999"}, "f-responses-0-statusCode"),
        ({"responses.0.statusCode": "200", "responses.0.example": "{}"}, "f-responses-0-contentType"),
    ],
)
def test_an_operation_that_cannot_be_is_refused_at_its_field(in_process, ada, fields, anchor):
    add_api(ada)
    known = {"displayName": "Get", "method": "GET", "urlTemplate": "/x", "query.0.name": "kept"}
    page = post(ada, f"{PAINTS}/new", **{**known, **fields})
    assert page.status == 400
    assert f'href="#{anchor}"' in page.text
    assert 'value="kept"' in page.text
    assert operations(in_process) == {}


def test_two_operations_for_the_same_requests_are_refused(in_process, ada):
    add_api(ada)
    add_operation(ada, "paints", "One", "/{a}")
    page = add_operation(ada, "paints", "Other", "/{b}")
    assert page.status == 400
    assert 'id="f-urlTemplate-error"' in page.text


def test_of_two_who_edit_an_operation_one_is_told(in_process, ada):
    add_api(ada)
    add_operation(ada)
    first, second = ada.open(f"{PAINTS}/operations/list"), ada.open(f"{PAINTS}/operations/list")
    ada.browser.submit(first, "urlTemplate", displayName="List all")
    assert ada.browser.submit(second, "urlTemplate", displayName="List none").status == 412
    assert operations(in_process)["list"].display_name == "List all"


def test_an_operation_is_deleted_once_it_was_asked_for(in_process, ada):
    add_api(ada)
    add_operation(ada)
    page = ada.send(f"{PAINTS}/operations/list/delete", "/delete")
    assert said(page) == "The operation List is deleted."
    assert operations(in_process) == {}
    assert ada.open(f"{PAINTS}/operations/list").status == 404


def test_every_page_leads_to_the_policies_of_its_scope(in_process, ada):
    add_api(ada)
    add_operation(ada)
    add_product(ada)
    for path, scope in (
        (f"{HOME}/apis", "global"),
        (PAINTS, "apis/paints"),
        (f"{PAINTS}/operations/list", "apis/paints/operations/list"),
        (f"{HOME}/products/starter", "products/starter"),
    ):
        assert f'href="/portal/gateway/policies?scope={scope}"' in ada.open(path).text, path


# ---- the end ----


def test_deleting_an_api_names_what_goes_along_and_does_it(in_process, ada):
    add_api(ada)
    add_operation(ada, called="List them")
    add_product(ada, apis="paints")
    add_subscription(ada, "Of paints", "/apis/paints")
    asked = ada.open(f"{PAINTS}/delete").text
    for words in ("404 at https://localhost:8444/paints", "List them", "Of paints", "Starter"):
        assert words in asked
    assert said(ada.send(f"{PAINTS}/delete", "/delete")) == "The API Paints is deleted."
    left = configured(in_process)
    assert "paints" not in left.apis
    assert (left.products["starter"].api_ids, [*left.subscriptions.values()]) == (frozenset(), [])


def test_an_api_that_changed_meanwhile_is_not_deleted(in_process, ada):
    add_api(ada)
    page = ada.open(f"{PAINTS}/delete")
    ada.browser.submit(ada.open(f"{PAINTS}/settings"), "serviceUrl", displayName="Paints 2")
    assert ada.browser.submit(page, "seen").status == 412
    assert api(in_process).display_name == "Paints 2"


# ---- import ----


def imported(ada, text, **fields):
    """From the text to the end: what is shown, and what is said."""
    shown = post(ada, f"{HOME}/import", value=text, **{name: fields[name] for name in ("api",) if name in fields})
    assert shown.status == 200, shown.text
    return shown, ada.browser.submit(shown, "packed", **fields)


def test_an_api_is_imported_from_text_after_it_was_shown(in_process, ada):
    shown = post(ada, f"{HOME}/import", value=TEXT)
    assert "Operations added" in shown.text
    assert "List paints" in shown.text
    assert "paints" not in configured(in_process).apis
    page = ada.browser.submit(shown, "packed", path="shop/paints")
    assert said(page) == "Paints is imported, with 2 operations."
    made = api(in_process)
    assert (made.path, made.service_url) == ("shop/paints", "https://backend.example/v1")
    assert operations(in_process).keys() == {"list", "add"}
    assert latest(in_process) == "Import API"


def test_an_api_is_imported_from_a_file_and_from_a_url(in_process, ada):
    upload = {"file": ("paints.json", TEXT.encode() + b" " * 400 * 1024, "application/json")}
    shown = post(ada, f"{HOME}/import", files=upload)
    assert "Operations added" in shown.text
    there, outside = reaching(in_process, {"https://docs.example/openapi.json": TEXT})
    page = post(AtThePortal(there, ADA), f"{HOME}/import", url="https://docs.example/openapi.json")
    assert "Operations added" in page.text
    assert outside.asked == ["https://docs.example/openapi.json"]


def test_importing_again_shows_what_is_added_changed_and_removed_before_it_is_written(in_process, ada):
    imported(ada, TEXT)
    document = deepcopy(DOCUMENT)
    document["paths"]["/paints"]["get"]["summary"] = "List every paint"
    del document["paths"]["/paints"]["post"]
    document["paths"]["/shops"] = {"get": {"operationId": "shops", "responses": {"200": {"description": "All"}}}}
    shown = post(ada, f"{HOME}/import", value=json.dumps(document), api="paints").text
    for title in ("Operations added", "Operations changed", "Operations removed"):
        assert title in shown
    assert operations(in_process).keys() == {"list", "add"}
    _, page = imported(ada, json.dumps(document), api="paints")
    assert said(page) == "Paints is imported, with 2 operations."
    assert operations(in_process).keys() == {"list", "shops"}


def test_an_import_is_not_written_over_what_somebody_changed_meanwhile(in_process, ada):
    imported(ada, TEXT)
    shown = post(ada, f"{HOME}/import", value=TEXT, api="paints")
    ada.browser.submit(ada.open(f"{PAINTS}/settings"), "serviceUrl", displayName="Changed")
    assert ada.browser.submit(shown, "packed").status == 412
    assert api(in_process).display_name == "Changed"


def test_an_import_is_not_written_over_an_api_that_it_was_not_of(in_process, ada):
    add_api(ada, serviceUrl="https://mine.example")
    page = ada.browser.submit(post(ada, f"{HOME}/import", value=TEXT), "packed", path="others")
    assert page.status == 409
    assert 'id="f-name-error"' in page.text
    assert 'value="others"' in page.text
    assert api(in_process).service_url == "https://mine.example"


def test_a_scheme_of_the_document_is_bound_to_a_server(in_process, ada):
    add_server(ada)
    shown, _ = imported(ada, TEXT, **{"bind.0": "servers/paints"})
    assert "signIn" in shown.text
    assert [one.authorization_server_id for one in api(in_process).authentication_settings.oauth2] == ["paints"]
    imported(ada, TEXT, api="paints", **{"bind.0": "servers/paints"})
    assert len(api(in_process).authentication_settings.oauth2) == 1


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"value": "{"}, "#"),
        ({"value": json.dumps({"swagger": "2.0"})}, "OpenAPI"),
        ({"value": ""}, "Give the document"),
        ({"url": "https://nowhere.example/x"}, "could not be fetched"),
        ({"files": {"file": ("x.json", b"\xff\xfe\x00", "application/json")}}, "not UTF-8"),
        ({"packed": "AAAA"}, "Give the document"),
    ],
)
def test_a_document_that_is_none_is_refused_with_its_fault(in_process, ada, fields, words):
    there, _ = reaching(in_process, {})
    page = post(AtThePortal(there, ADA), f"{HOME}/import", **fields)
    assert page.status == 400
    assert words in page.text


def test_a_form_that_brings_no_document_imports_nothing(in_process, ada):
    assert post(ada, f"{HOME}/import/write", packed="AAAA", name="x").status == 400
    assert "x" not in configured(in_process).apis


def test_the_page_of_an_api_says_what_envoy_carries_and_why_python_decides_the_rest(in_process, ada):
    add_api(ada, serviceUrl="https://backend.example")
    add_operation(ada)
    assert ">Envoy</td>" in ada.open(PAINTS).text
    assert "Decided in, where Envoy is installed" in ada.open(PAINTS).text  # it may run in Python here
    limit = '<rate-limit-by-key calls="1" renewal-period="1" counter-key="k" />'
    text = f"<policies><inbound><base />{limit}</inbound></policies>"
    post(ada, f"{HOME}/policies", scope="apis/paints", policy=text)
    page = ada.open(PAINTS).text
    assert ">Python<details" in page
    assert "calls are counted exactly in Python alone" in page

"""App registrations by hand, in a browser without JavaScript."""

import asyncio
import html
import json
import re
from urllib.parse import urlsplit

import pytest

from entrada.core.directory.application import Platform
from entrada.core.directory.directory_audit import DirectoryAudit
from entrada.core.directory.ids import ClientId, TenantId
from entrada.core.directory.query.query import Query
from entrada.core.protocol.client_authentication.authenticate import secret_digest
from entrada.core.protocol.tokens.optional_claims import OPTIONAL_CLAIMS
from entrada.server.web.portal.applications.claim_words import CLAIM_WORDS
from tests.drivers.live_server import COLORS, COLORS_API, REPSYS
from tests.web.portal.by_hand import said
from tests.web.portal.portal_driver import BEN, CAI, AtThePortal

GRAPH = "00000003-0000-0000-c000-000000000000"
PAGES = (
    "", "/authentication", "/credentials", "/claims", "/claims?user=cai@colors.example", "/permissions",
    "/permissions/add", f"/permissions/add?api={GRAPH}", "/permissions/grant", "/expose", "/expose/scopes/new",
    "/roles", "/roles/new", "/owners", "/manifest", "/manifest?format=aad", "/properties", "/endpoints",
    "/configuration", "/delete",
)  # fmt: skip


def app_of(there, app_id):
    return asyncio.run(there.platform.here.store.find_application(ClientId(app_id)))


def id_of(page):
    found = re.search(r"/portal/applications/([0-9a-f-]{36})", page.url)
    assert found, (page.url, page.text)
    return found[1]


def shown(page):
    return re.sub(r"<[^>]+>", " ", page.text)


@pytest.fixture
def ada(in_process):
    return AtThePortal(in_process)


@pytest.fixture
def new_app(in_process, ada):
    """A registration just made; its client id."""
    form = ada.open("/portal/applications/new")
    page = ada.browser.submit(
        form, "displayName", displayName="oauth-backend-app", signInAudience="AzureADMyOrg", platform="web"
    )
    assert page.status == 200, page.text
    app = asyncio.run(
        in_process.platform.here.store.find_entity(type(app_of(in_process, REPSYS)), (COLORS, id_of(page)))
    )
    return app.app_id


def submit(ada, path, holding, expect=200, **values):
    page = ada.browser.submit(ada.open(path), holding, **values)
    assert page.status == expect, (page.status, shown(page)[:2000])
    return page


@pytest.mark.parametrize("app", [COLORS_API, REPSYS])
def test_every_page_of_an_application_shows(ada, app):
    for path in PAGES:
        page = ada.open(f"/portal/applications/{app}{path}")
        assert page.status == 200, (path, page.text)
        assert page.headers["cache-control"] == "no-store"
    for path in ["", "/owned", "/deleted", "/new", "?filter=oauth"]:
        page = ada.open(f"/portal/applications{path}")
        assert page.status == 200, (path, page.text)


def test_registering_makes_the_service_principal_too(in_process, ada, new_app):
    store = in_process.platform.here.store
    assert asyncio.run(store.find_service_principal(TenantId(COLORS), new_app))
    rows = asyncio.run(store.list_page(DirectoryAudit, TenantId(COLORS), Query()))
    told = {(row.activity, row.initiated_by.via, row.initiated_by.user_principal_name) for row in rows.items}
    assert ("Add application", "portal", "ada@colors.example") in told


def test_the_azure_lab_by_hand(in_process, ada, new_app):
    there = f"/portal/applications/{new_app}"
    submit(ada, f"{there}/expose", "identifierUris")
    submit(
        ada,
        f"{there}/expose/scopes/new",
        "adminConsentDisplayName",
        value="Colors.Read",
        type="User",
        adminConsentDisplayName="Read colors",
        adminConsentDescription="Reads the colors",
        isEnabled="true",
    )
    submit(ada, f"{there}/claims", "api.requestedAccessTokenVersion", **{"api.requestedAccessTokenVersion": "2"})
    api = app_of(in_process, new_app)
    assert api.identifier_uris == (f"api://{new_app}",)
    assert [scope.value for scope in api.scopes] == ["Colors.Read"]
    assert api.requested_access_token_version == 2

    client = submit(
        ada,
        "/portal/applications/new",
        "displayName",
        displayName="oauth-client-app",
        signInAudience="AzureADMyOrg",
        platform="web",
        redirectUri="http://localhost:5000/callback",
    )
    there = f"/portal/applications/{id_of(client)}"
    made = submit(ada, f"{there}/credentials", "secretName", secretName="lab", lifetime="180")
    secret = re.findall(r"<code data-copy>([^<]+)</code>", made.text)[0]
    again = ada.open(f"{there}/credentials")
    assert secret not in again.text
    submit(ada, f"{there}/permissions/add?api={new_app}", "api", scope=api.scopes[0].id)
    assert "Not granted yet" in ada.open(f"{there}/permissions").text
    page = ada.send(f"{there}/permissions/grant", "/permissions/grant")
    assert "Granted for Colors" in page.text


def test_a_secret_opens_until_it_is_removed(in_process, ada):
    there = f"/portal/applications/{REPSYS}/credentials"
    page = submit(ada, there, "secretName", secretName="second", lifetime="90")
    secret = re.findall(r"<code data-copy>([^<]+)</code>", page.text)[0]
    added = app_of(in_process, REPSYS).client_secrets[-1]
    assert added.digest == secret_digest(secret)
    assert added.expires_at == in_process.clock() + 90 * 86_400
    form = {"csrf": ada.csrf(page), "key": added.key_id}
    assert ada.browser.client.post(f"{there}/secret/remove", data=form).status_code == 303
    assert added not in app_of(in_process, REPSYS).client_secrets


def test_a_redirect_uri_is_added_and_removed_under_its_platform(in_process, ada):
    there = f"/portal/applications/{REPSYS}/authentication"
    before = app_of(in_process, REPSYS).redirect_uris
    submit(ada, there, "redirectUri", platform="spa", redirectUri="https://app.example/spa")
    after = app_of(in_process, REPSYS).redirect_uris
    assert {(one.uri, one.platform) for one in set(after) - set(before)} == {("https://app.example/spa", Platform.SPA)}
    page = ada.open(there)
    form = next(one for one in page.forms if one.fields.get("uri") == "https://app.example/spa")
    assert ada.browser.client.post(form.action, data=form.fields).status_code == 303
    assert app_of(in_process, REPSYS).redirect_uris == before


@pytest.mark.parametrize(
    "uri", ["http://app.example/x", "https://app.example/*", "javascript:alert(1)", "https://a.example/#x"]
)
def test_a_refused_redirect_uri_is_kept_beside_the_rule_it_breaks(in_process, ada, uri):
    before = app_of(in_process, REPSYS)
    page = submit(
        ada, f"/portal/applications/{REPSYS}/authentication", "redirectUri", 400, platform="web", redirectUri=uri
    )
    assert page.form_with("redirectUri").fields["redirectUri"] == uri
    assert 'id="f-redirectUri-error"' in page.text
    assert app_of(in_process, REPSYS) == before


def test_of_two_who_edit_one_is_told_what_changed(in_process, ada):
    there = f"/portal/applications/{REPSYS}/properties"
    first, second = ada.open(there), ada.open(there)
    assert ada.browser.submit(first, "displayName", displayName="repsys one").status == 200
    page = ada.browser.submit(second, "displayName", displayName="repsys two")
    assert page.status == 412
    assert "Name was changed by ada@colors.example" in shown(page)
    assert page.form_with("displayName").fields["displayName"] == "repsys two"
    assert app_of(in_process, REPSYS).display_name == "repsys one"
    assert ada.browser.submit(page, "displayName").status == 200
    assert app_of(in_process, REPSYS).display_name == "repsys two"


def test_a_scope_is_disabled_before_it_goes(in_process, ada):
    there = f"/portal/applications/{COLORS_API}/expose"
    scope = app_of(in_process, COLORS_API).scopes[0]
    page = ada.open(there)
    seen = {"csrf": ada.csrf(page), "scope": scope.id}
    refused = ada.browser.client.post(f"{there}/scopes/remove", data=seen)
    assert refused.status_code == 400
    assert ada.browser.client.post(f"{there}/scopes/switch", data={**seen, "isEnabled": "false"}).status_code == 303
    assert ada.browser.client.post(f"{there}/scopes/remove", data=seen).status_code == 303
    assert scope.id not in {one.id for one in app_of(in_process, COLORS_API).scopes}


def test_an_app_role_is_made_and_changed(in_process, ada):
    there = f"/portal/applications/{REPSYS}/roles"
    submit(
        ada,
        f"{there}/new",
        "displayName",
        displayName="Reader",
        value="Reader",
        description="Reads",
        allowedMemberTypes="User",
        isEnabled="true",
    )
    role = app_of(in_process, REPSYS).app_roles[-1]
    assert (role.value, role.allowed_member_types) == ("Reader", {"User"})
    submit(
        ada,
        f"{there}/{role.id}",
        "displayName",
        displayName="Writer",
        allowedMemberTypes="Application",
        isEnabled="true",
    )
    assert app_of(in_process, REPSYS).app_roles[-1].display_name == "Writer"


def test_the_manifest_is_reviewed_then_saved(in_process, ada):
    for wanted, name in (("graph", "displayName"), ("aad", "name")):
        page = ada.open(f"/portal/applications/{REPSYS}/manifest?format={wanted}")
        text = ada.area(page, "manifest")
        changed = json.dumps({**json.loads(text), name: f"repsys by {wanted}"})
        review = ada.browser.submit(page, "format", manifest=changed)
        assert review.status == 200
        assert f"repsys by {wanted}" in review.text
        assert app_of(in_process, REPSYS).display_name != f"repsys by {wanted}"
        assert ada.browser.submit(review, "confirmed").status == 200
        assert app_of(in_process, REPSYS).display_name == f"repsys by {wanted}"


# fmt: off
WRONG_MANIFESTS = [
    pytest.param('{\n  "displayName": }',                      "Line 2, column 18",        id="not JSON"),
    pytest.param('{"web": {}, "web": {}}',                     "given twice",              id="a member twice"),
    pytest.param("[]",                                         "A manifest is an object",  id="no object"),
    pytest.param('{"web": {}, "displayNam": "x"}',             "displayNam",               id="a member that is none"),
    pytest.param('{"web": {"redirectUris": ["http://a.example"]}}', "Plain http is for localhost", id="a redirect URI that may not be"),
    pytest.param("[" * 100_000,                                "cannot be read",           id="nested without end"),
]
# fmt: on


@pytest.mark.parametrize(("text", "said"), WRONG_MANIFESTS)
def test_a_wrong_manifest_says_where(in_process, ada, text, said):
    there, before = f"/portal/applications/{REPSYS}/manifest", app_of(in_process, REPSYS)
    page = submit(ada, there, "format", 400, manifest=text)
    assert said in shown(page)
    typed = ada.browser.client.post(
        f"{there}/check", data={"csrf": ada.csrf(page), "manifest": text}, headers={"HX-Request": "true"}
    )
    assert (typed.status_code, said in typed.text) == (200, True)
    assert app_of(in_process, REPSYS) == before


def test_an_owner_is_named_by_user_name(in_process, ada):
    there = f"/portal/applications/{REPSYS}/owners"
    submit(ada, there, "owner", owner=BEN)
    assert BEN in ada.open(there).text
    ben = AtThePortal(in_process, BEN)
    assert "repsys" in ben.open("/portal/applications/owned").text
    submit(ben, f"/portal/applications/{REPSYS}/properties", "displayName", displayName="ben's")
    assert app_of(in_process, REPSYS).display_name == "ben's"


def test_who_does_not_own_it_may_look_and_not_change(in_process):
    cai, before = AtThePortal(in_process, CAI), app_of(in_process, REPSYS)
    for path in PAGES:
        page = cai.open(f"/portal/applications/{REPSYS}{path}")
        assert page.status == (403 if path == "/permissions/grant" else 200), path
        assert ">Save<" not in page.text
    page = cai.open(f"/portal/applications/{REPSYS}/properties")
    assert cai.browser.submit(page, "displayName", displayName="mine").status == 403
    assert app_of(in_process, REPSYS) == before


def test_another_tenants_application_is_none(in_process):
    eva = AtThePortal(in_process, "eva@petals.example")
    for path in PAGES:
        assert eva.open(f"/portal/applications/{REPSYS}{path}").status == 404, path


def test_deleted_and_restored(in_process, ada):
    page = ada.send(f"/portal/applications/{REPSYS}/delete", "/delete")
    assert page.url.partition("?")[0].endswith("/portal/applications/deleted")
    assert app_of(in_process, REPSYS) is None
    assert ada.send(page.url, "/restore").status == 200
    assert app_of(in_process, REPSYS).display_name == "repsys"


def test_an_owner_finds_what_they_deleted_and_brings_it_back(in_process, ada):
    submit(ada, f"/portal/applications/{REPSYS}/owners", "owner", owner=CAI)
    ada.send(f"/portal/applications/{COLORS_API}/delete", "/delete")
    cai = AtThePortal(in_process, CAI)
    page = cai.send(f"/portal/applications/{REPSYS}/delete", "/delete")
    assert (page.status, said(page)) == (200, "repsys is deleted.")
    assert COLORS_API not in page.text
    assert cai.send(page.url, "/restore").status == 200
    assert app_of(in_process, REPSYS).display_name == "repsys"
    assert "No deleted application" in cai.open("/portal/applications/deleted").text


def test_deleting_for_good_is_asked_first(in_process, ada):
    asked = f"/portal/applications/deleted/{app_of(in_process, REPSYS).id}/purge"
    page = ada.send(f"/portal/applications/{REPSYS}/delete", "/delete")
    assert not any(form.action.endswith("/purge") for form in page.forms)
    assert asked in page.text
    assert "for good?" in ada.open(asked).text
    assert "repsys" in ada.open("/portal/applications/deleted").text
    page = ada.send(asked, "/purge")
    assert said(page) == "It is gone for good."
    assert ada.open(asked).status == 404


def test_programs_are_told_what_the_application_asks_for_and_where_it_is_answered(in_process, ada):
    page = shown(ada.open(f"/portal/applications/{REPSYS}/configuration"))
    text = html.unescape(page)
    (uri, *_) = [one.uri for one in app_of(in_process, REPSYS).redirect_uris if one.platform is Platform.WEB]
    assert '["Mail.Read", "User.Read"]' in text or '["User.Read", "Mail.Read"]' in text
    assert f'"CallbackPath": "{urlsplit(uri).path}"' in text
    assert f'redirect_uri="{uri}"' in text
    assert "acquireTokenByCode" in text
    assert "grant_type=authorization_code" in text
    assert "The redirect URI below is not registered yet" in text  # of the single-page application
    assert "offline_access, " not in text


def test_a_program_without_a_secret_asks_for_a_code_to_type(ada):
    there = f"/portal/applications/{REPSYS}"
    submit(ada, f"{there}/authentication", "signInAudience", isFallbackPublicClient="true")
    assert "device_code" in ada.open(f"{there}/configuration").text


def test_each_optional_claim_is_explained(ada):
    page = ada.open(f"/portal/applications/{REPSYS}/claims")
    assert CLAIM_WORDS.keys() == OPTIONAL_CLAIMS.keys()
    assert "The user principal name; it may change" in page.text
    assert page.text.count("1.0") == 1
    assert page.text.index(">Save<") < page.text.index("<table")


def test_an_api_that_says_version_1_goes_on_saying_it(in_process, ada):
    there = f"/portal/applications/{REPSYS}/claims"
    for chosen, said_so in (("2", 2), ("", None)):
        submit(ada, there, "api.requestedAccessTokenVersion", **{"api.requestedAccessTokenVersion": chosen})
        assert app_of(in_process, REPSYS).requested_access_token_version == said_so


def test_an_owner_is_found_by_name(in_process, ada):
    there = f"/portal/applications/{REPSYS}/owners"
    page = ada.open(f"{there}?find=Ben")
    form = next(one for one in page.forms if one.action.endswith("/owners/add") and "id" in one.fields)
    page = ada.browser._follow(ada.browser.client.post(form.action, data=form.fields))
    assert said(page) == "The owner is added."
    assert BEN in page.text


def test_a_disabled_scope_is_marked_where_it_is_asked_for_and_authorized(ada):
    ada.send(f"/portal/applications/{COLORS_API}/expose", "/scopes/switch")
    assert 'tag-warn">Disabled' in ada.open(f"/portal/applications/{REPSYS}/permissions").text
    assert "Disabled: no new token carries it." in ada.open(f"/portal/applications/{COLORS_API}/expose").text


def test_what_comes_along_with_consent_is_not_said_to_have_been_asked_for(ada):
    there = f"/portal/applications/{REPSYS}/permissions"
    assert f"{there}/grant" in ada.open(there).text
    ada.send(f"{there}/grant", "/grant")
    page = ada.open(there)
    assert "comes with signing in" in page.text
    assert "not among what it asks for" not in page.text
    assert f"{there}/grant" not in page.text
    asked = ada.open(f"{there}/grant")
    assert "nothing left to grant" in asked.text
    assert not any(form.action.endswith("/grant") for form in asked.forms)


HTML = "\"><img src=x onerror=alert(1)>'</script><script>alert(1)</script>{{7*7}} \u202eevil 🎨"


def test_html_is_text_wherever_it_is_entered(in_process, ada):
    there = f"/portal/applications/{REPSYS}"
    name = HTML[:100].replace("\u202e", "")
    submit(
        ada,
        f"{there}/properties",
        "displayName",
        displayName=name,
        description=HTML.replace("\u202e", ""),
        notes=HTML.replace("\u202e", ""),
    )
    assert app_of(in_process, REPSYS).display_name == name
    for path in PAGES:
        page = ada.open(there + path)
        assert page.status == 200
        assert "<img src=x" not in page.text, path
        assert "<script>alert" not in page.text, path
        assert "'unsafe" not in page.headers["content-security-policy"]

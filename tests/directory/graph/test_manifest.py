"""Manifests: there and back in both formats, and a note for each thing that an import leaves out.  Section 37."""

import json

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from entrada.core.directory.administration.problem import Problem
from entrada.core.directory.application import Application, Platform, RedirectUri
from entrada.core.directory.graph.application_patch import patched
from entrada.core.directory.graph.manifest import Format, Manifest, from_list, from_manifest, to_manifest
from tests.directory.graph.registrations import APP_ID, BARE, ID, NewIds, guid, written
from tests.usecases.test_directory_round_trip import TENANT

SCOPE = {
    "adminConsentDescription": "Reads colors.", "adminConsentDisplayName": "Read colors", "id": guid(1), "isEnabled": True,
    "lang": None, "origin": "Application", "type": "User", "userConsentDescription": None, "userConsentDisplayName": None,
    "value": "Colors.Read",
}  # fmt: skip
OLD = {  # as the portal downloaded it, section 37's first column
    "id": ID, "acceptMappedClaims": None, "accessTokenAcceptedVersion": 2, "addIns": [], "allowPublicClient": True,
    "appId": APP_ID, "appRoles": [], "oauth2AllowUrlPathMatching": False, "createdDateTime": "2024-01-01T00:00:00Z",
    "description": None, "errorUrl": None, "groupMembershipClaims": None, "identifierUris": [f"api://{APP_ID}"],
    "informationalUrls": {"termsOfService": None, "support": None, "privacy": "https://a.example/privacy", "marketing": None},
    "keyCredentials": [{"customKeyIdentifier": "AA==", "displayName": "CN=x", "endDate": "2027-01-01T00:00:00Z",
                        "keyId": guid(7), "startDate": "2026-01-01T00:00:00Z", "type": "AsymmetricX509Cert", "usage": "Verify", "value": None}],
    "knownClientApplications": [guid(3)], "logoUrl": None, "logoutUrl": "https://a.example/out", "name": "Old",
    "oauth2AllowIdTokenImplicitFlow": True, "oauth2AllowImplicitFlow": True, "oauth2Permissions": [SCOPE],
    "oauth2RequirePostResponse": False, "optionalClaims": None, "orgRestrictions": [],
    "parentalControlSettings": {"countriesBlockedForMinors": [], "legalAgeGroupRule": "Allow"},
    "passwordCredentials": [{"customKeyIdentifier": None, "endDate": "2027-01-01T00:00:00Z", "keyId": guid(8), "hint": "abc", "value": None}],
    "preAuthorizedApplications": [{"appId": guid(3), "permissionIds": [guid(1)]}], "publisherDomain": "contoso.com",
    "replyUrlsWithType": [{"url": "https://a.example/cb", "type": "Web"}, {"url": "https://s.example", "type": "Spa"}, {"url": "http://localhost", "type": "InstalledClient"}],
    "requiredResourceAccess": [], "samlMetadataUrl": None, "signInUrl": "https://a.example", "signInAudience": "AzureADMyOrg",
    "tags": [], "tokenEncryptionKeyId": None,
}  # fmt: skip


def written_into(base: Application, manifest) -> Application:
    assert isinstance(manifest, Manifest), manifest
    app = patched(base, manifest.members, TENANT, new_id=NewIds())
    assert isinstance(app, Application), app
    return app


@pytest.mark.parametrize("wanted", Format)
@given(app=written())
def test_an_application_survives_its_own_manifest(app, wanted):
    document = json.loads(json.dumps(to_manifest(app, wanted)))
    manifest = from_manifest(document, editing=True)
    assert isinstance(manifest, Manifest)
    assert (manifest.format, manifest.id, manifest.app_id, manifest.left_out) == (wanted, app.id, app.app_id, ())
    back = patched(app, manifest.members, TENANT, new_id=NewIds())
    assert back == app or _is_long(back)


@pytest.mark.parametrize("wanted", Format)
@given(app=written())
def test_an_import_takes_all_but_what_is_noted(app, wanted):
    manifest = from_manifest(json.loads(json.dumps(to_manifest(app, wanted))))
    assert isinstance(manifest, Manifest)
    bare = Application(id=app.id, app_id=app.app_id, tenant_id=app.tenant_id, display_name="")
    kept = evolve(
        app, client_secrets=(), certificates=(), federated_credentials=(), verified_publisher=None, publisher_domain=None,
        access_token_lifetime=None, enabled=True,
    )  # fmt: skip
    back = patched(bare, manifest.members, TENANT, new_id=NewIds())
    assert back == kept or _is_long(back)
    noted = [note.split(":")[1].strip() for note in manifest.left_out]
    expected = ["verifiedPublisher"] * bool(app.verified_publisher) + ["passwordCredentials"] * bool(app.client_secrets)
    assert sorted(noted) == sorted([*expected, *["keyCredentials"] * len(app.certificates)])


def test_the_older_format_member_by_member():
    manifest = from_manifest(OLD)
    app = written_into(BARE, manifest)
    assert [(one.uri, one.platform) for one in app.redirect_uris] == [
        ("https://a.example/cb", Platform.WEB),
        ("https://s.example", Platform.SPA),
        ("http://localhost", Platform.PUBLIC_CLIENT),
    ]
    assert (app.display_name, app.requested_access_token_version, app.logout_url) == ("Old", 2, "https://a.example/out")
    assert (app.home_page_url, app.privacy_url) == ("https://a.example", "https://a.example/privacy")
    assert (app.is_fallback_public_client, app.enable_id_token_issuance) == (True, True)
    assert (app.known_client_applications, app.scopes[0].value) == ({guid(3)}, "Colors.Read")
    assert app.pre_authorized[0].permission_ids == {guid(1)}
    assert [note.split(":")[1].strip() for note in manifest.left_out] == [
        "keyCredentials",
        "web.implicitGrantSettings.enableAccessTokenIssuance",
        "passwordCredentials",
    ]


def test_a_platform_nobody_knows_is_not_taken_for_another():
    edited = from_manifest({**OLD, "replyUrlsWithType": [{"url": "https://a.example", "type": "Watch"}]}, editing=True)
    assert isinstance(edited, Manifest)
    problem = patched(BARE, edited.members, TENANT, new_id=NewIds())
    assert isinstance(problem, Problem)


def test_the_output_of_az_with_its_nulls():
    shown = {
        **json.loads(json.dumps(to_manifest(evolve(BARE, redirect_uris=(RedirectUri("https://a.example", Platform.WEB),))))),
        "@odata.type": "#microsoft.graph.application", "certification": None, "requestSignatureVerification": None,
        "servicePrincipalLockConfiguration": {"isEnabled": True}, "somethingNew": {"a": 1}, "uniqueName": None,
    }  # fmt: skip
    shown["web"]["redirectUriSettings"] = [{"index": None, "uri": "https://a.example"}]
    found = from_list([shown, shown])
    assert isinstance(found, tuple)
    assert written_into(BARE, found[1]).redirect_uris[0].uri == "https://a.example"
    assert [note.split(":")[1].strip() for note in found[0].left_out] == [
        "servicePrincipalLockConfiguration",
        "somethingNew",
    ]
    assert from_list({"value": [shown, shown]}) == found


def test_directory_extensions_and_roles_without_value_are_left_out_one_by_one():
    manifest = from_manifest(
        {
            "web": {},
            "appRoles": [{"displayName": "Plain", "value": None}],
            "optionalClaims": {
                "idToken": [{"name": "extension_x", "source": "user"}, {"name": "email", "source": None}]
            },
        }
    )
    assert isinstance(manifest, Manifest)
    assert manifest.members["appRoles"] == []
    assert manifest.members["optionalClaims"] == {"idToken": [{"name": "email"}]}
    assert len(manifest.left_out) == 2


@pytest.mark.parametrize("document", [None, [], "x", 3, {}, {"web": None}, {"displayName": "x"}])
def test_what_is_no_manifest(document):
    assert isinstance(from_manifest(document), Problem)


def test_the_entry_of_a_list_that_is_no_manifest_is_named():
    problem = from_list([OLD, {}])
    assert isinstance(problem, Problem)
    assert problem.target == "[1]"


JSON = st.recursive(
    st.none() | st.booleans() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from([*sorted(OLD), "web", "api"]), inner, max_size=4),
    max_leaves=8,
)  # fmt: skip


@given(st.dictionaries(st.sampled_from([*sorted(OLD), "web", "api", "optionalClaims"]), JSON), st.booleans())
def test_whatever_a_file_holds_there_is_an_answer(document, editing):
    manifest = from_manifest(document, editing=editing)
    if isinstance(manifest, Manifest):
        assert patched(BARE, manifest.members, TENANT, new_id=NewIds()) is not None


def _is_long(answer):
    return isinstance(answer, Problem) and "characters" in answer.message

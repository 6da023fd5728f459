"""Writing Graph's members into an application: what is named changes, the rest stays, and what is wrong is named."""

from typing import Any

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from entrada.core.directory.administration.problem import Problem
from entrada.core.directory.application import Platform, RedirectUri, SignInAudience
from entrada.core.directory.graph.application import application_json
from entrada.core.directory.graph.application_patch import patched
from entrada.core.directory.optional_claims import OptionalClaim, OptionalClaims
from entrada.core.directory.permission import AppRole, PermissionScope, RequiredResourceAccess
from tests.directory.graph.registrations import APP_ID, BARE, NewIds, guid, written
from tests.usecases.client_certificates import base64_der, der, pem, private_pem
from tests.usecases.test_directory_round_trip import TENANT

SCOPE = {"value": "Colors.Read", "adminConsentDisplayName": "Read", "adminConsentDescription": "Reads colors."}
ROLE = {"value": "Painter", "displayName": "Painter", "description": "Paints.", "allowedMemberTypes": ["User"]}
KEY = {"type": "AsymmetricX509Cert", "usage": "Verify", "key": base64_der()}
OFFERED = PermissionScope(
    id=guid(1), value="Colors.Read", admin_consent_display_name="Read", admin_consent_description="Reads colors."
)
PAINTER = AppRole(
    id=guid(2), value="Painter", display_name="P", description="P", allowed_member_types=frozenset({"User"})
)
FULL = evolve(
    BARE,
    scopes=(OFFERED,),
    app_roles=(PAINTER,),
    redirect_uris=(RedirectUri("https://a.example/cb", Platform.WEB), RedirectUri("https://s.example", Platform.SPA)),
    logout_url="https://a.example/out",
    description="Words",
    identifier_uris=(f"api://{APP_ID}",),
)


def scope(**more):
    return {"api": {"oauth2PermissionScopes": [{**SCOPE, **more}]}}


def web(**more):
    return {"web": more}


def write(members, app=FULL):
    return patched(app, members, TENANT, new_id=NewIds())


# fmt: off
CHANGES = [  # what is sent, what changes
    pytest.param({}, {}, id="nothing"),
    pytest.param({"displayName": "Ŧ 👩‍👩‍👧 עִבְרִית"}, {"display_name": "Ŧ 👩‍👩‍👧 עִבְרִית"}, id="emoji and right to left"),
    pytest.param({"displayName": "<script>"}, {"display_name": "<script>"}, id="HTML is text"),
    pytest.param({"description": None}, {"description": None}, id="null empties"),
    pytest.param({"description": ""}, {"description": None}, id="so does an empty text"),
    pytest.param(web(redirectUris=["https://b.example"]), {"redirect_uris": (RedirectUri("https://b.example", Platform.WEB), FULL.redirect_uris[1])}, id="a list replaces its platform's alone"),
    pytest.param(web(homePageUrl="https://a.example"), {"home_page_url": "https://a.example"}, id="what web does not name stays"),
    pytest.param({"spa": {"redirectUris": []}}, {"redirect_uris": FULL.redirect_uris[:1]}, id="an empty list empties"),
    pytest.param({"web": {"redirectUris": []}, "spa": {"redirectUris": ["https://a.example/cb"]}}, {"redirect_uris": (RedirectUri("https://a.example/cb", Platform.SPA),)}, id="from one platform to another"),
    pytest.param({"publicClient": {"redirectUris": ["http://localhost"]}}, {"redirect_uris": (*FULL.redirect_uris, RedirectUri("http://localhost", Platform.PUBLIC_CLIENT))}, id="public client"),
    pytest.param(web(implicitGrantSettings={"enableIdTokenIssuance": True}), {"enable_id_token_issuance": True}, id="ID tokens"),
    pytest.param({"api": {"requestedAccessTokenVersion": 2}}, {"requested_access_token_version": 2}, id="the scopes stay"),
    pytest.param(scope(adminConsentDisplayName="More"), {"scopes": (evolve(OFFERED, admin_consent_display_name="More"),)}, id="a scope without id keeps that of its value"),
    pytest.param({"api": {"oauth2PermissionScopes": [{**SCOPE, "id": guid(1)}, {**SCOPE, "value": "New", "type": "Admin"}]}}, {"scopes": (OFFERED, evolve(OFFERED, id=guid(901), value="New", admin_only=True))}, id="a new scope gets an id"),
    pytest.param({"appRoles": [{**ROLE, "id": guid(2).upper(), "isEnabled": False}]}, {"app_roles": (AppRole(id=guid(2), value="Painter", display_name="Painter", description="Paints.", allowed_member_types=frozenset({"User"}), is_enabled=False),)}, id="ids in any case"),
    pytest.param({"requiredResourceAccess": [{"resourceAppId": guid(3), "resourceAccess": [{"id": guid(4), "type": "Scope"}, {"id": guid(5), "type": "Role"}]}]}, {"required_resource_access": (RequiredResourceAccess(resource_app_id=guid(3), scopes=(guid(4),), roles=(guid(5),)),)}, id="required permissions"),
    pytest.param({"optionalClaims": {"idToken": [{"name": "email", "source": None, "essential": False, "additionalProperties": []}], "saml2Token": []}}, {"optional_claims": OptionalClaims(id_token=(OptionalClaim(name="email"),))}, id="optional claims"),
    pytest.param({"groupMembershipClaims": "SecurityGroup, DirectoryRole"}, {"group_membership_claims": frozenset({"SecurityGroup", "DirectoryRole"})}, id="groups"),
    pytest.param({"groupMembershipClaims": "None"}, {}, id="no groups"),
    pytest.param({"addIns": [], "tokenEncryptionKeyId": None, "isDeviceOnlyAuthSupported": False}, {}, id="what is not here may say nothing"),
    pytest.param({"@odata.context": "…", "id": FULL.id, "createdDateTime": None}, {}, id="read-only members as they are"),
    pytest.param({"isFallbackPublicClient": True}, {"is_fallback_public_client": True}, id="public"),
    pytest.param({"signInAudience": "AzureADMultipleOrgs"}, {"sign_in_audience": SignInAudience.MULTIPLE_ORGS}, id="multi-tenant"),
]
BAD = [  # what is sent, the path at fault, a word of the sentence
    pytest.param({"displayname": "x"}, "displayname", "Did you mean displayName", id="unknown member"),
    pytest.param({"web": {"redirectUri": "x"}}, "web.redirectUri", "redirectUris", id="unknown member within"),
    pytest.param({"displayName": None}, "displayName", "null", id="null where it is not allowed"),
    pytest.param({"displayName": ""}, "displayName", "empty", id="no name"),
    pytest.param({"displayName": "x" * 121}, "displayName", "120", id="a long name"),
    pytest.param({"displayName": "x" * 10_000}, "displayName", "10000", id="a very long name"),
    pytest.param({"displayName": "a\u202eb"}, "displayName", "control", id="what turns the page's direction"),
    pytest.param({"displayName": "a\ud800"}, "displayName", "half", id="half a character"),
    pytest.param({"displayName": "a\x00"}, "displayName", "NUL", id="a NUL"),
    pytest.param({"displayName": 7}, "displayName", "number", id="another type"),
    pytest.param({"web": []}, "web", "list", id="a list for an object"),
    pytest.param({"api": None}, "api", "null", id="null for an object"),
    pytest.param({"tags": "x"}, "tags", "text", id="a text for a list"),
    pytest.param({"tags": ["x" * 257]}, "tags", "256", id="a long tag"),
    pytest.param(web(redirectUris=["http://a.example"]), "web.redirectUris", "https", id="plain http"),
    pytest.param({"spa": {"redirectUris": ["app://x"]}}, "spa.redirectUris", "publicClient", id="a scheme under spa"),
    pytest.param({"spa": {"redirectUris": ["https://a.example/cb"]}}, "web.redirectUris", "twice", id="a URI under two platforms"),
    pytest.param(web(redirectUris=[f"https://a.example/{n}" for n in range(257)]), "web.redirectUris", "256", id="257 redirect URIs"),
    # Looked at once each: compared with one another, they would keep a server busy for minutes.
    pytest.param(web(redirectUris=[f"https://a.example/{n}" for n in range(50_000)]), "web.redirectUris", "256", id="50,000 redirect URIs"),
    pytest.param(web(logoutUrl="http://a.example"), "web.logoutUrl", "https", id="logout over http"),
    pytest.param(web(homePageUrl="javascript:alert(1)"), "web.homePageUrl", "https", id="a page that is a script"),
    pytest.param(web(implicitGrantSettings={"enableAccessTokenIssuance": True}), "web.implicitGrantSettings.enableAccessTokenIssuance", "PKCE", id="implicit access tokens"),
    pytest.param({"identifierUris": ["api://elsewhere/"]}, "identifierUris", "slash", id="identifier URI"),
    pytest.param({"identifierUris": ["api://a\x00"]}, "identifierUris", "NUL", id="identifier URI with a NUL"),
    pytest.param({"identifierUris": ["api://a\u200bb"]}, "identifierUris", "identifier URI", id="identifier URI with what nobody sees"),
    pytest.param({"identifierUris": [f"api://{guid(8)}"]}, "identifierUris", "own", id="another application's URI"),
    pytest.param({"identifierUris": [f"api://{APP_ID}", f"api://{APP_ID}"]}, "identifierUris", "twice", id="one URI twice"),
    pytest.param({"identifierUris": ["api://colors"], "signInAudience": "AzureADMultipleOrgs"}, "identifierUris", "every tenant", id="a free name for every tenant"),
    pytest.param(scope(value="a b"), "api.oauth2PermissionScopes[0].value", "blanks", id="a scope with a blank"),
    pytest.param(scope(value="x" * 121), "api.oauth2PermissionScopes[0].value", "120", id="a long scope"),
    pytest.param(scope(type="Both"), "api.oauth2PermissionScopes[0].type", "User, Admin", id="a type of scope"),
    pytest.param(scope(adminConsentDisplayName=""), "api.oauth2PermissionScopes[0].adminConsentDisplayName", "empty", id="a scope without words"),
    pytest.param({"api": {"oauth2PermissionScopes": []}}, "api.oauth2PermissionScopes", "isEnabled", id="removing an enabled scope"),
    pytest.param({"appRoles": []}, "appRoles", "isEnabled", id="removing an enabled role"),
    pytest.param({"appRoles": [{**ROLE, "id": guid(1)}]}, "appRoles", "twice", id="a scope's id for a role"),
    pytest.param({"appRoles": [ROLE, {**ROLE, "value": "painter"}]}, "appRoles", "twice", id="one value twice"),
    pytest.param({"appRoles": [{**ROLE, "allowedMemberTypes": []}]}, "appRoles[0].allowedMemberTypes", "hold", id="a role for nobody"),
    pytest.param({"appRoles": [{**ROLE, "value": None}]}, "appRoles[0].value", "null", id="a role without value"),
    pytest.param({"appRoles": ["x"]}, "appRoles[0]", "object", id="a text for a role"),
    pytest.param({"api": {"preAuthorizedApplications": [{"appId": guid(3), "delegatedPermissionIds": [guid(4)]}]}}, "api.preAuthorizedApplications", "no scope", id="pre-authorized for nothing"),
    pytest.param({"api": {"knownClientApplications": ["x"]}}, "api.knownClientApplications", "GUID", id="not a GUID"),
    pytest.param({"api": {"requestedAccessTokenVersion": 3}}, "api.requestedAccessTokenVersion", "1 to 2", id="version 3"),
    pytest.param({"api": {"requestedAccessTokenVersion": True}}, "api.requestedAccessTokenVersion", "whole number", id="true is no number"),
    pytest.param({"signInAudience": "AzureADandPersonalMicrosoftAccount"}, "api.requestedAccessTokenVersion", "2", id="personal accounts take v2 tokens"),
    pytest.param({"signInAudience": "Everybody"}, "signInAudience", "AzureADMyOrg", id="an audience"),
    pytest.param({"requiredResourceAccess": [{"resourceAppId": guid(n), "resourceAccess": []} for n in range(51)]}, "requiredResourceAccess", "50", id="51 APIs"),
    pytest.param({"requiredResourceAccess": [{"resourceAppId": guid(0), "resourceAccess": [{"id": guid(n), "type": "Scope"} for n in range(401)]}]}, "requiredResourceAccess", "400", id="401 permissions"),
    pytest.param({"tags": [str(n) for n in range(1200)]}, None, "1200", id="1200 entries and what there is"),
    pytest.param({"optionalClaims": {"idToken": [{"name": "x", "source": "user"}]}}, "optionalClaims.idToken[0].source", "extensions", id="directory extensions"),
    pytest.param({"optionalClaims": {"accessToken": [{"name": "x"}, {"name": "x"}]}}, "optionalClaims.accessToken", "twice", id="one claim twice"),
    pytest.param({"groupMembershipClaims": "Everybody"}, "groupMembershipClaims", "SecurityGroup", id="a kind of group"),
    pytest.param({"addIns": [{"id": guid(1)}]}, "addIns", "add-ins", id="add-ins"),
    pytest.param({"tokenEncryptionKeyId": guid(1)}, "tokenEncryptionKeyId", "encrypted", id="encrypted tokens"),
    pytest.param({"parentalControlSettings": {"legalAgeGroupRule": "BlockMinors"}}, "parentalControlSettings", "age", id="ages"),
    pytest.param({"appId": guid(1)}, "appId", "read-only", id="another appId"),
    pytest.param({"publisherDomain": "x.example"}, "publisherDomain", "read-only", id="another publisher"),
    pytest.param({"passwordCredentials": [{"displayName": "x"}]}, "passwordCredentials[0]", "addPassword", id="a chosen secret"),
    pytest.param({"keyCredentials": [{**KEY, "key": "AAAA"}]}, "keyCredentials[0].key", "X.509", id="no certificate"),
    pytest.param({"keyCredentials": [{**KEY, "key": base64_der("EC")}]}, "keyCredentials[0].key", "RSA", id="a certificate of another kind"),
    pytest.param({"keyCredentials": [{**KEY, "key": private_pem()}]}, "keyCredentials[0].key", "private", id="a private key"),
    pytest.param({"keyCredentials": [{**KEY, "type": "Symmetric"}]}, "keyCredentials[0].type", "AsymmetricX509Cert", id="a kind of key"),
    pytest.param({"keyCredentials": [{**KEY, "endDateTime": "2030-01-01T00:00:00Z"}]}, "keyCredentials[0]", "valid from", id="longer than the certificate"),
    pytest.param({"keyCredentials": [{**KEY, "startDateTime": "0001-01-01T00:00:00+14:00"}]}, "keyCredentials[0].startDateTime", "date", id="before the calendar"),
    pytest.param({"keyCredentials": [{"keyId": guid(1)}]}, "keyCredentials[0].key", "missing", id="a certificate that is not there"),
    pytest.param({"keyCredentials": [{**KEY, "keyId": guid(1)}, {**KEY, "keyId": guid(1)}]}, "keyCredentials", "twice", id="one keyId twice"),
]
# fmt: on


@pytest.mark.parametrize(("members", "changed"), CHANGES)
def test_what_changes(members, changed):
    assert write(members) == evolve(FULL, **changed)


@pytest.mark.parametrize(("members", "path", "word"), BAD)
def test_what_is_refused(members, path, word):
    problem = write(members)
    assert isinstance(problem, Problem), problem
    assert (problem.status, problem.target) == (400, path)
    assert word in problem.message
    assert len(problem.message) < 400


def test_a_disabled_scope_may_go():
    disabled = evolve(FULL, scopes=(evolve(OFFERED, is_enabled=False),))
    assert write({"api": {"oauth2PermissionScopes": []}}, disabled) == evolve(FULL, scopes=())


def test_what_was_wrong_already_does_not_stand_in_the_way():
    odd = evolve(FULL, identifier_uris=("api://old/",))
    assert write({"notes": "x"}, odd) == evolve(odd, notes="x")


@pytest.mark.parametrize("key", [base64_der(), pem()])
def test_a_certificate_comes_with_its_own_dates_and_stays_by_its_id(key):
    added = write({"keyCredentials": [{**KEY, "key": key}]})
    (certificate,) = added.certificates
    assert (certificate.der, certificate.display_name) == (der(), "CN=client 2048")
    assert write({"keyCredentials": [{"keyId": certificate.key_id, "key": None}]}, added) == added
    assert write({"keyCredentials": []}, added) == FULL


@given(written())
def test_what_is_read_may_be_written_back(app):
    back = patched(app, application_json(app), TENANT, new_id=NewIds())
    assert back == app or _is_long(back)


_WRITTEN: dict[str, Any] = application_json(FULL)
_NAMES = {*_WRITTEN, *_WRITTEN["api"], *_WRITTEN["web"], *SCOPE, *KEY, "name"}
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(sorted(_NAMES)), inner, max_size=4),
    max_leaves=8,
)


@given(st.dictionaries(st.sampled_from(sorted(application_json(FULL))) | st.text(max_size=5), JSON, max_size=4))
def test_whatever_is_sent_there_is_an_answer(members):
    assert patched(FULL, members, TENANT, new_id=NewIds()) is not None


def _is_long(answer):
    """Files may hold longer texts than Graph takes."""
    return isinstance(answer, Problem) and "characters" in answer.message

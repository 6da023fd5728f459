"""An application as Graph writes it: every member with its default, in the documented order, and no secret."""

import json
from base64 import b64decode

from attrs import evolve
from hypothesis import given

from entrada.core.directory.application import ClientSecret, SignInAudience
from entrada.core.directory.client_credential import ClientCertificate
from entrada.core.directory.graph.application import application_json
from entrada.core.directory.graph.password_credential import password_json
from entrada.core.jose.numeric_date import NumericDate
from tests.directory.graph.registrations import APP_ID, BARE, ID, written
from tests.usecases.client_certificates import FROM, UNTIL, der

# Reference section 38, "POST /applications 201", with our ids in place of <guid>.
DOCUMENTED = """{"id":"<id>","deletedDateTime":null,"isFallbackPublicClient":null,"appId":"<appId>",
"applicationTemplateId":null,"identifierUris":[],"createdDateTime":"2025-01-01T00:00:00Z","description":null,
"disabledByMicrosoftStatus":null,"displayName":"Demo","isDeviceOnlyAuthSupported":null,"groupMembershipClaims":null,
"notes":null,"optionalClaims":null,"publisherDomain":"contoso.onmicrosoft.com",
"signInAudience":"AzureADandPersonalMicrosoftAccount","tags":[],"tokenEncryptionKeyId":null,"verifiedPublisher":
{"displayName":null,"verifiedPublisherId":null,"addedDateTime":null},"addIns":[],"api":{"acceptMappedClaims":null,
"knownClientApplications":[],"requestedAccessTokenVersion":2,"oauth2PermissionScopes":[],"preAuthorizedApplications":
[]},"appRoles":[],"publicClient":{"redirectUris":[]},"info":{"termsOfServiceUrl":null,"supportUrl":null,
"privacyStatementUrl":null,"marketingUrl":null,"logoUrl":null},"keyCredentials":[],"parentalControlSettings":
{"countriesBlockedForMinors":[],"legalAgeGroupRule":"Allow"},"passwordCredentials":[],"requiredResourceAccess":[],"web":
{"redirectUris":[],"homePageUrl":null,"logoutUrl":null,"implicitGrantSettings":{"enableIdTokenIssuance":false,
"enableAccessTokenIssuance":false}},"spa":{"redirectUris":[]}}"""
CERTIFICATE = ClientCertificate(key_id=ID, display_name="CN=x", der=der(), not_before=FROM, expires_at=UNTIL)
SECRET = ClientSecret(
    key_id=ID, display_name="s", digest="0f" * 32, hint="abc", not_before=NumericDate(0), expires_at=NumericDate(1)
)


def test_the_documented_answer_to_the_letter():
    demo = evolve(
        BARE,
        created_at=NumericDate(1_735_689_600),
        publisher_domain="contoso.onmicrosoft.com",
        sign_in_audience=SignInAudience.ORGS_AND_PERSONAL,
        requested_access_token_version=2,
    )
    expected = json.loads(DOCUMENTED.replace("<id>", ID).replace("<appId>", APP_ID))
    assert json.dumps(application_json(demo)) == json.dumps(expected)  # in this order


def test_certificates_are_told_only_where_they_are_asked_for():
    app = evolve(BARE, certificates=(CERTIFICATE,))
    assert application_json(app)["keyCredentials"][0]["key"] is None
    assert b64decode(application_json(app, with_keys=True)["keyCredentials"][0]["key"]) == der()


def test_a_secret_is_in_the_one_answer_that_makes_it():
    assert password_json(SECRET)["secretText"] is None
    assert password_json(SECRET, secret_text="abcdef")["secretText"] == "abcdef"


@given(written())
def test_no_application_tells_a_digest(app):
    told = json.dumps(application_json(app, with_keys=True))
    assert not any(one.digest in told for one in app.client_secrets)

"""Every reason to say no, in AADSTS order.  The numbers and errors: Entra's, `reference-error-codes`; the words are ours.

Where several have one number, the commonest stands first, for `/error?code=` shows them in this order.
A test proves that each row is documented and reached.
"""

from typing import Final

from entrada.core.errors.reason import Reason

SELECT_USER_ACCOUNT: Final = Reason(
    code=16000,
    name="SelectUserAccount",
    error="interaction_required",
    text="Several accounts are signed in and prompt=none forbids asking which one to use.",
    advice="Repeat the request without prompt=none, or name the account with login_hint.",
)
SESSION_UNSUITABLE: Final = Reason(
    code=16002,
    name="AppSessionSelectionInvalid",
    error="interaction_required",
    text="The session that sid names is of an account that the tenant '{tenant}' does not know.",
    advice="Ask at the tenant that the account is of, or leave sid out and let the person choose.",
)
ACCOUNTS_OF_OTHER_TENANTS: Final = Reason(
    code=16003,
    name="SsoUserAccountNotFoundInResourceTenant",
    error="interaction_required",
    text="Nobody who is signed in has an account in the tenant '{tenant}', and prompt=none forbids asking.",
    advice="Repeat the request without prompt=none so that the person can sign in with an account of the tenant.",
)
SESSION_NOT_FOUND: Final = Reason(
    code=160021,
    name="AppSessionSelectionInvalidSessionNotExist",
    error="interaction_required",
    text="No signed-in session fits the account that the request names.",
    advice="Repeat the request without prompt=none so that the person can sign in.",
)
SEVERAL_RESOURCES: Final = Reason(
    code=28000,
    name="InvalidScopeMultipleResources",
    error="invalid_request",
    text="The scope '{scope}' names more than one resource; a token is for one.",
    advice="Ask for one API's scopes per token request; the refresh token serves the others.",
)
EMPTY_SCOPE: Final = Reason(
    code=28003,
    name="EmptyScope",
    error="invalid_request",
    text="The scope parameter is present but empty.",
    advice="Leave scope out to get what was authorized, or name at least one scope.",
)
REPLY_ADDRESS_MISMATCH: Final = Reason(
    code=50011,
    name="InvalidReplyTo",
    error="invalid_request",
    text="The redirect URI '{redirect_uri}' does not match the redirect URIs registered for the application '{client_id}'.",
    advice="Register exactly this URI for the application, or send one that is registered; every character counts.",
)
RESOURCE_NOT_FOUND: Final = Reason(
    code=500011,
    name="InvalidResourceServicePrincipalNotFound",
    error="invalid_resource",
    text="The resource '{resource}' was not found in the tenant '{tenant}'.",
    advice="Check the part of the scope before the last slash against the API's Application ID URI.",
)
RESOURCE_DISABLED: Final = Reason(
    code=500014,
    name="InvalidResourceServicePrincipalDisabled",
    error="invalid_resource",
    text="The resource '{resource}' is disabled in the tenant '{tenant}'.",
    advice="Ask an administrator of the tenant to enable the API's service principal.",
)
NO_REPLY_ADDRESS: Final = Reason(
    code=500113,
    name="NoReplyAddress",
    error="invalid_request",
    text="No redirect URI is registered for the application '{client_id}'.",
    advice="Register a redirect URI for the application.",
)
CERTIFICATE_NOT_YET_VALID: Final = Reason(
    code=50012,
    name="AuthenticationFailed",
    error="invalid_client",
    status=401,
    text="The certificate that signed the client assertion is not valid yet.",
    advice="Sign with a certificate that is valid now, or correct the clock of whoever made it.",
)
ACCOUNT_NOT_IN_TENANT: Final = Reason(
    code=50020,
    name="UserUnauthorized",
    error="access_denied",
    text="The account '{user}' is not in the tenant '{tenant}' and cannot use the application '{client_id}' there.",
    advice="Sign in with an account of that tenant, or send people of other tenants to /organizations.",
)
MALFORMED_ASSERTION: Final = Reason(
    code=50027,
    name="InvalidJwtToken",
    error="invalid_client",
    status=401,
    text="The client assertion is malformed: {fault}.",
    advice="Send a signed JWT (RS256 or PS256) of at most 16 kB as client_assertion, with its client_assertion_type.",
)
SUBJECT_IS_NOT_ISSUER: Final = Reason(
    code=50048,
    name="SubjectMismatchesIssuer",
    error="invalid_client",
    status=401,
    text="The subject and the issuer of the client assertion differ.",
    advice="Set both sub and iss to the application (client) ID.",
)
NO_SUCH_INSTANCE: Final = Reason(
    code=50049,
    name="NoSuchInstanceForDiscovery",
    error="invalid_instance",
    text="The authority host of '{authorization_endpoint}' is not known here.",
    advice="Ask with an authorization_endpoint on this server, or switch instance discovery off in the client.",
)
INVALID_ASSERTION: Final = Reason(
    code=50013,
    name="InvalidAssertion",
    error="invalid_grant",
    text="The assertion is not an access token that was issued here, or it was changed on the way.",
    advice="Send the access token that the middle tier received, exactly as received.",
)
ASSERTION_FOR_ANOTHER: Final = Reason(
    code=500131,
    name="AssertionAudienceMismatch",
    error="invalid_grant",
    text="The assertion's audience is not the application '{client_id}' that presents it.",
    advice="Have the caller ask for a token of this API, and present that one.",
)
ASSERTION_EXPIRED: Final = Reason(
    code=500133,
    name="AssertionOutsideItsTime",
    error="invalid_grant",
    text="The assertion has expired or is not valid yet.",
    advice="Ask the caller for a fresh access token.",
)
MALFORMED_DISCOVERY: Final = Reason(
    code=50050,
    name="MalformedDiscoveryRequest",
    error="invalid_request",
    text="The discovery request is malformed.",
    advice="Send api-version and an authorization_endpoint that is an https URL.",
)
ACCOUNT_OF_ANOTHER_TENANT: Final = Reason(
    code=50034,
    name="UserAccountNotFound",
    error="invalid_grant",
    text="The tenant '{tenant}' has no accounts of its own under '{domain}'.",
    advice="Ask at the account's own tenant; guests sign in with a browser.",
)
PASSWORD_TOO_LONG: Final = Reason(
    code=50052,
    name="InvalidPasswordExceedsMaxLength",
    error="invalid_grant",
    text="The password is longer than 256 characters.",
    advice="Enter the password again.",
)
ACCOUNT_LOCKED: Final = Reason(
    code=50053,
    name="IdsLocked",
    error="invalid_grant",
    text="There were too many attempts to sign in to this account.",
    advice="Wait a while, then try again. If it was not you, tell an administrator of your organization.",
)
PASSWORD_EXPIRED: Final = Reason(
    code=50055,
    name="InvalidPasswordExpiredPassword",
    error="invalid_grant",
    text="The password must be changed before it can be used here.",
    advice="Sign in to My account in a browser and choose a new password, then try again.",
    suberror="user_password_expired",
)
PASSWORD_CHANGE_FORBIDDEN: Final = Reason(
    code=50055,
    name="InvalidPasswordExpiredPassword",
    error="interaction_required",
    text="The account '{user}' has to choose a new password, and prompt=none forbids asking.",
    advice="Repeat the request without prompt=none.",
)
NO_PASSWORD_HERE: Final = Reason(
    code=50056,
    name="PasswordDoesNotExistInDirectory",
    error="invalid_grant",
    text="The account '{user}' is a guest and has no password in this directory.",
    advice="Change the password where the account is at home.",
)
USER_DISABLED: Final = Reason(
    code=50057,
    name="UserDisabled",
    error="invalid_grant",
    text="The user account is disabled.",
    advice="Ask an administrator of your organization to enable the account.",
)
NO_SESSION: Final = Reason(
    code=50058,
    name="UserInformationNotProvided",
    error="login_required",
    text="Nobody is signed in, and prompt=none forbids asking.",
    advice="Repeat the request without prompt=none.",
)
TENANT_NOT_NAMED: Final = Reason(
    code=50059,
    name="MissingTenantRealmAndNoUserInformationProvided",
    error="invalid_request",
    text="Neither the request nor its credentials name a tenant, and an application acts in one.",
    advice="Ask at the tenant's own endpoint, by its id or domain, instead of /common or /organizations.",
)
WRONG_CODE: Final = Reason(
    code=50074,
    name="UserStrongAuthClientAuthNRequiredInterrupt",
    error="interaction_required",
    text="This is not the code, or it was used before.",
    advice="Wait for the next code in your authenticator application, and see that the phone's clock is right.",
)
WRONG_RECOVERY_CODE: Final = Reason(
    code=50074,
    name="UserStrongAuthClientAuthNRequiredInterrupt",
    error="interaction_required",
    text="This is not one of the recovery codes, or it was used before.",
    advice="Compare it with those you saved, or take another of them. With none left, ask an administrator for help.",
)
SECOND_FACTOR_NEEDED: Final = Reason(
    code=50076,
    name="UserStrongAuthClientAuthNRequired",
    error="invalid_grant",
    text="A second factor is needed here, and the account '{user}' signed in without one.",
    advice="Send the person through an interactive authorization request, with the claims of this answer.",
    suberror="basic_action",
)
SECOND_FACTOR_FORBIDDEN: Final = Reason(
    code=50076,
    name="UserStrongAuthClientAuthNRequired",
    error="interaction_required",
    text="A second factor is needed here, and prompt=none forbids asking '{user}' for it.",
    advice="Repeat the request without prompt=none, with the claims of this answer.",
    suberror="basic_action",
)
AUTHENTICATOR_NEEDED: Final = Reason(
    code=50079,
    name="UserStrongAuthEnrollmentRequired",
    error="invalid_grant",
    text="A second factor is needed here, and the account '{user}' has not set one up.",
    advice="Send the person through an interactive authorization request: the sign-in sets it up.",
    suberror="basic_action",
)
AUTHENTICATOR_FORBIDDEN: Final = Reason(
    code=50079,
    name="UserStrongAuthEnrollmentRequired",
    error="interaction_required",
    text="A second factor has to be set up, and prompt=none forbids asking '{user}' for it.",
    advice="Repeat the request without prompt=none, with the claims of this answer.",
    suberror="basic_action",
)
ROLE_ASSIGNMENT_MISSING: Final = Reason(
    code=501051,
    name="ApplicationNotAssignedToRole",
    error="invalid_grant",
    text="The application '{client_id}' is not assigned to a role of the application '{resource}', which asks for one.",
    advice="Ask an administrator to assign one of the API's app roles to the application.",
)
ASSIGNMENT_REQUIRED: Final = Reason(
    code=50105,
    name="EntitlementGrantsNotFound",
    error="interaction_required",
    text="The application '{client_id}' may be used by assigned users only, and '{user}' is not assigned.",
    advice="Ask an administrator to assign you to the application.",
)
WRONG_PASSWORD: Final = Reason(
    code=50126,
    name="InvalidUserNameOrPassword",
    error="invalid_grant",
    text="The user name or the password is wrong.",
    advice="Check the spelling of both. Passwords distinguish upper and lower case.",
)
SESSION_ENDED: Final = Reason(
    code=50133,
    name="SsoArtifactRevoked",
    error="invalid_grant",
    text="The browser session that this code came from has been signed out.",
    advice="Start a new sign-in.",
)
MISSING_CODE_CHALLENGE: Final = Reason(
    code=50147,
    name="MissingCodeChallenge",
    error="invalid_request",
    text="The size of code_challenge is not valid.",
    advice="Send 43 to 128 characters of A-Z a-z 0-9 - . _ ~ (RFC 7636 section 4.2).",
)
CODE_VERIFIER_MISMATCH: Final = Reason(
    code=501481,
    name="CodeVerifierMismatch",
    error="invalid_grant",
    text="The code_verifier does not match the code_challenge of the authorization request.",
    advice="Send the verifier whose SHA-256 was sent as code_challenge, and only when one was sent.",
)
BAD_CODE_CHALLENGE_METHOD: Final = Reason(
    code=501491,
    name="InvalidCodeChallengeMethodInvalidSize",
    error="invalid_request",
    text="The code_challenge does not fit its code_challenge_method.",
    advice="Use S256 with the unpadded base64url SHA-256 of the verifier (43 characters).",
)
INTERACTION_STALE: Final = Reason(
    code=50089,
    name="FlowTokenExpired",
    error="invalid_request",
    text="This sign-in page is too old, was opened in another browser, or was changed on the way.",
    advice="Go back to the application and start the sign-in again.",
)
PROOF_STALE: Final = Reason(
    code=50089,
    name="FlowTokenExpired",
    error="invalid_request",
    text="The password was entered too long ago, or the account has changed since.",
    advice="Enter the password again.",
)
LINK_SPENT: Final = Reason(
    code=50089,
    name="FlowTokenExpired",
    error="invalid_request",
    text="This link was used already, has expired, or was changed on the way.",
    advice="If you have not chosen a password yet, ask whoever sent the link for another one.",
)
ISSUER_UNREACHABLE: Final = Reason(
    code=50166,
    name="ExternalOidcEndpointFailed",
    error="temporarily_unavailable",
    status=503,
    text="The keys of the issuer '{issuer}' could not be fetched.",
    advice="Try again shortly; if it stays, see that {{issuer}}/.well-known/openid-configuration and its jwks_uri answer over public https, or name their host in ENTRADA_EGRESS_ALLOW.",
)
FRESH_TOKEN_NEEDED: Final = Reason(
    code=50173,
    name="FreshTokenNeeded",
    error="invalid_grant",
    text="The grant was issued at {issued_at} and the account's tokens are valid only from {valid_from} on.",
    advice="Send the person through sign-in again.",
    suberror="bad_token",
)
NOT_MULTI_TENANT: Final = Reason(
    code=50194,
    name="ApplicationNotMultiTenant",
    error="invalid_request",
    text="The application '{client_id}' is not multi-tenant; it cannot be used at /common or /organizations.",
    advice="Use the tenant's own endpoint, or make the application multi-tenant.",
)
LOOP_DETECTED: Final = Reason(
    code=50196,
    name="LoopDetected",
    error="invalid_grant",
    text="The same request was refused again and again within a few minutes.",
    advice="Have the application stop and sign the person in, instead of asking the same again.",
)
# Entra has no number for it: there, tenants block the password grant by a conditional access policy.
PASSWORD_GRANT_OFF: Final = Reason(
    code=53003,
    name="BlockedByConditionalAccess",
    error="invalid_grant",
    text="The tenant of '{domain}' does not let applications ask for passwords.",
    advice="Send the person through a browser or a device code; only the tenant's passwordGrant policy allows it otherwise.",
)
CODE_ALREADY_REDEEMED: Final = Reason(
    code=54005,
    name="CodeAlreadyRedeemed",
    error="invalid_grant",
    text="The authorization code was already redeemed.",
    advice="Redeem a code once. Its tokens have been revoked, since a code seen twice may have leaked; sign in again.",
)
CONSENT_MISSING: Final = Reason(
    code=65001,
    name="DelegationDoesNotExist",
    error="invalid_grant",
    text="Nobody has consented to '{scope}' for the application '{client_id}' named '{name}'.",
    advice="Send the person through an interactive authorization request that names this scope. '.default' asks for nothing of an API once anything of it was granted; prompt=consent shows everything.",
    suberror="consent_required",
)
CONSENT_REQUIRED: Final = Reason(
    code=65001,
    name="DelegationDoesNotExist",
    error="consent_required",
    text="Consent to '{scope}' for the application '{client_id}' is missing, and prompt=none forbids asking.",
    advice="Repeat the request without prompt=none.",
)
CONSENT_DECLINED: Final = Reason(
    code=65004,
    name="UserDeclinedConsent",
    error="access_denied",
    text="The person declined to consent to the application.",
    advice="The application cannot go on without consent; sign in again to be asked again.",
)
MISCONFIGURED_APPLICATION: Final = Reason(
    code=65005,
    name="MisconfiguredApplication",
    error="invalid_resource",
    text="The application '{client_id}' lists permissions of the API '{resource}', but the API offers none of them.",
    advice="Correct the permissions that the application's registration lists for this API.",
)
# Entra publishes no number for it; the nearest is that of declining a consent.
AUTHORIZATION_DECLINED: Final = Reason(
    code=65004,
    name="UserDeclinedConsent",
    error="authorization_declined",
    text="The person declined to let the device in.",
    advice="Ask for another device code if the person wants to try again.",
)
SCOPE_NOT_FOUND: Final = Reason(
    code=650053,
    name="InvalidScopeNotOnResource",
    error="invalid_client",
    text="The application asked for the scope '{scope}', which does not exist on the resource '{resource}'.",
    advice="Check the scope's spelling, or add it to the API under Expose an API. A short name is one of Microsoft "
    "Graph: write the scope of another API in full, api://…/Colors.Read for instance.",
)
PERMISSIONS_NOT_LISTED: Final = Reason(
    code=650056,
    name="MisconfiguredApplicationNoPermissions",
    error="invalid_client",
    text="The registration of the application '{client_id}' lists no permissions to consent to for '{resource}'.",
    advice="Add the API's permissions to the application's registration, or name them in scope instead of .default.",
)
RESOURCE_NOT_LISTED: Final = Reason(
    code=650057,
    name="InvalidResourceNotListed",
    error="invalid_resource",
    text="The registration of the application '{client_id}' does not list the API '{resource}'.",
    advice="Add the API to the required permissions of the application's registration.",
)
BAD_GRANT: Final = Reason(
    code=70000,
    name="InvalidGrant",
    error="invalid_grant",
    text="The code or refresh token is not valid for this client.",
    advice="Redeem codes and refresh tokens with the client they were issued to; otherwise sign in again.",
)
OTHER_TENANTS_GRANT: Final = Reason(
    code=700005,
    name="GrantOfOtherTenant",
    error="invalid_grant",
    text="The code or refresh token belongs to another tenant than '{tenant}'.",
    advice="Redeem it at the tenant that issued it, or at /common or /organizations.",
)
REFRESH_TOKEN_REUSED: Final = Reason(
    code=70000,
    name="InvalidGrant",
    error="invalid_grant",
    text="The refresh token was already used, and so was its successor; all tokens of this sign-in have been revoked.",
    advice="Keep only the newest refresh token, and send the person through sign-in again.",
    suberror="bad_token",
)
AUTHORIZATION_PENDING: Final = Reason(
    code=70016,
    name="AuthorizationPending",
    error="authorization_pending",
    text="The person has not finished signing in on the other screen yet.",
    advice="Ask again after the interval that came with the device code.",
)
# Entra publishes no number for it: a client that goes by the number, and not by the error, waits as it should.
POLLING_TOO_OFTEN: Final = Reason(
    code=70016,
    name="AuthorizationPending",
    error="slow_down",
    text="The device asks far more often than it was told to.",
    advice="Wait five seconds longer between two requests than before.",
)
BAD_DEVICE_CODE: Final = Reason(
    code=70018,
    name="BadVerificationCode",
    error="bad_verification_code",
    text="The device code is unknown, or is not this application's.",
    advice="Send the device_code exactly as received, with the client_id it was asked with; otherwise ask for another.",
)
DEVICE_CODE_REDEEMED: Final = Reason(
    code=70018,
    name="BadVerificationCode",
    error="bad_verification_code",
    text="The device code was already redeemed.",
    advice="Redeem a code once. Its tokens have been revoked, since a code seen twice may have leaked; start again.",
)
BAD_USER_CODE: Final = Reason(
    code=70018,
    name="BadVerificationCode",
    error="bad_verification_code",
    text="No device waits for this code.",
    advice="Check it against what the device shows; after a quarter of an hour, start again on the device.",
)
TOO_MANY_USER_CODES: Final = Reason(
    code=70018,
    name="BadVerificationCode",
    error="bad_verification_code",
    status=429,
    text="Too many codes that no device waits for were entered here.",
    advice="Wait ten minutes, then enter the code that the device shows.",
)
USER_CODE_EXPIRED: Final = Reason(
    code=70019,
    name="CodeExpired",
    error="expired_token",
    text="The code of the device has expired.",
    advice="Start again on the device, and enter the new code.",
)
DEVICE_CODE_EXPIRED: Final = Reason(
    code=70020,
    name="DeviceCodeExpired",
    error="expired_token",
    text="The device code has expired before anybody signed in.",
    advice="Ask for another device code.",
)
CLIENT_NOT_FOUND: Final = Reason(
    code=700016,
    name="UnauthorizedClient_DoesNotMatchRequest",
    error="unauthorized_client",
    text="The application '{client_id}' was not found in the directory '{tenant}'.",
    advice="Check the client_id, and that the request goes to the application's own tenant or that the application is multi-tenant.",
)
IDENTITY_NOT_FOUND: Final = Reason(
    code=700016,
    name="UnauthorizedClient_DoesNotMatchRequest",
    error="invalid_request",  # as the instance metadata service says it
    text="No managed identity of this machine has the {selector} '{value}'.",
    advice="Name an application that entrada up --managed-identity was given, or leave it out for the first.",
)
ASSERTION_OF_ANOTHER_CLIENT: Final = Reason(
    code=700021,
    name="ClientAssertionIdentifierMismatch",
    error="invalid_client",
    status=401,
    text="The client assertion is not about the application '{client_id}'.",
    advice="Set client_id, and sub and iss of the assertion, to the same application (client) ID.",
)
ASSERTION_FOR_ANOTHER_AUDIENCE: Final = Reason(
    code=700023,
    name="ClientAssertionAudienceMismatch",
    error="invalid_client",
    status=401,
    text="The client assertion is for another audience than this tenant's token endpoint.",
    advice="Set aud to the URL of the token endpoint that the assertion is sent to.",
)
ASSERTION_OUT_OF_TIME: Final = Reason(
    code=700024,
    name="ClientAssertionOutsideTimeRange",
    error="invalid_client",
    status=401,
    text="The client assertion is used outside of its time.",
    advice="Make a new assertion, check the clock of the machine that makes it, and let exp be some minutes ahead.",
)
PUBLIC_CLIENT_WITH_CREDENTIAL: Final = Reason(
    code=700025,
    name="InvalidClientPublicClientWithCredential",
    error="invalid_client",
    status=401,
    text="The client is public, so neither client_assertion nor client_secret may be sent.",
    advice="Leave the credential out, or register the redirect URI under the Web platform.",
)
ASSERTION_UNVERIFIED: Final = Reason(
    code=700027,
    name="ClientAssertionSignatureInvalid",
    error="invalid_client",
    status=401,
    text="The signature of the client assertion could not be verified: {fault}.",
    advice="Register the certificate that signs, and name it in the header by x5t#S256 or x5t; an external issuer must publish its key.",
)
UNSUPPORTED_GRANT_TYPE: Final = Reason(
    code=70003,
    name="UnsupportedGrantType",
    error="unsupported_grant_type",
    text="The grant_type '{grant_type}' is not supported.",
    advice="Use authorization_code, refresh_token, client_credentials, device_code, password or the jwt-bearer grant, spelled so.",
)
ZERO_CLIENT_ID: Final = Reason(
    code=700038,
    name="InvalidApplicationIdentifier",
    error="unauthorized_client",
    text="'{client_id}' is not a valid application identifier.",
    advice="Send the application (client) ID from the app registration.",
)
UNSUPPORTED_RESPONSE_TYPE: Final = Reason(
    code=70005,
    name="UnsupportedResponseType",
    error="unsupported_response_type",
    text="The response_type '{response_type}' is not supported for this application.",
    advice="Use response_type=code with PKCE.",
)
ACCESS_TOKEN_NOT_ENABLED: Final = Reason(
    code=700051,
    name="AccessTokenNotEnabled",
    error="unsupported_response_type",
    text="The response_type '{response_type}' is not enabled: no access token is issued by the authorization endpoint.",
    advice="Use response_type=code with PKCE; an access token in a URL leaks (RFC 9700 section 2.1.2).",
)
ID_TOKEN_NOT_ENABLED: Final = Reason(
    code=700054,
    name="IdTokenNotEnabled",
    error="unsupported_response_type",
    text="The response_type '{response_type}' is not enabled for the application.",
    advice="Use response_type=code with PKCE, or enable ID tokens for the application under implicit and hybrid flows.",
)
UNSUPPORTED_RESPONSE_MODE: Final = Reason(
    code=70007,
    name="UnsupportedResponseMode",
    error="invalid_request",
    text="The response_mode '{response_mode}' is not supported for this response_type.",
    advice="Use query, fragment or form_post.",
)
GRANT_EXPIRED: Final = Reason(
    code=70008,
    name="ExpiredOrRevokedGrant",
    error="invalid_grant",
    text="The code or refresh token has expired or was revoked.",
    advice="Redeem codes within ten minutes; otherwise start a new sign-in.",
    suberror="bad_token",
)
TOKEN_INACTIVE: Final = Reason(
    code=700082,
    name="ExpiredOrRevokedGrantInactiveToken",
    error="invalid_grant",
    text="The refresh token, last renewed at {sealed_at}, has not been used for the 90 days that it lives.",
    advice="Send the person through sign-in again.",
    suberror="bad_token",
)
SPA_TOKEN_ENDED: Final = Reason(
    code=700084,
    name="SpaRefreshTokenEnded",
    error="invalid_grant",
    text="The refresh token was issued to a single-page application and its fixed life of 24 hours has ended.",
    advice="Send the person through an authorization request again; without a password while the session lasts.",
    suberror="bad_token",
)
INVALID_SCOPE: Final = Reason(
    code=70011,
    name="InvalidScope",
    error="invalid_scope",
    text="The scope '{scope}' is not valid.",
    advice="Send space-separated scopes; .default stands alone among one resource's scopes.",
)
CLIENT_DISABLED: Final = Reason(
    code=7000112,
    name="UnauthorizedClientApplicationDisabled",
    error="unauthorized_client",
    text="The application '{client_id}' is disabled.",
    advice="Ask an administrator to enable the application.",
)
NO_FEDERATED_CREDENTIAL: Final = Reason(
    code=70021,
    name="NoFederatedIdentityRecord",
    error="invalid_client",
    status=401,
    text="The application trusts no external issuer, and the client assertion is of the issuer '{issuer}'.",
    advice="Add a federated credential to the application, or sign with a registered certificate and the client id as iss.",
)
FEDERATED_ISSUER_UNKNOWN: Final = Reason(
    code=700211,
    name="NoFederatedRecordForIssuer",
    error="invalid_client",
    status=401,
    text="No federated credential of the application names the issuer '{issuer}'.",
    advice="Write the credential's issuer exactly as iss in the token, slash at the end included.",
)
FEDERATED_AUDIENCE_UNKNOWN: Final = Reason(
    code=700212,
    name="NoFederatedRecordForAudience",
    error="invalid_client",
    status=401,
    text="No federated credential of the application for this subject has the token's audience.",
    advice="Ask the issuer for a token whose only audience is the credential's, usually api://AzureADTokenExchange.",
)
FEDERATED_SUBJECT_UNKNOWN: Final = Reason(
    code=700213,
    name="NoFederatedRecordForSubject",
    error="invalid_client",
    status=401,
    text="No federated credential of the application for this issuer names the subject '{subject}'.",
    advice="Write the credential's subject exactly as sub in the token; upper and lower case differ.",
)
WRONG_SECRET: Final = Reason(
    code=7000215,
    name="InvalidClientSecret",
    error="invalid_client",
    status=401,
    text="The client secret is wrong.",
    advice="Send the secret's value, not its ID, percent-encoded in the form body.",
)
IDENTITY_HEADER_WRONG: Final = Reason(
    code=7000215,
    name="InvalidClientSecret",
    error="invalid_client",
    status=401,
    text="The header X-IDENTITY-HEADER is missing, or is not what this start of the machine made.",
    advice="Send what the variable IDENTITY_HEADER holds; entrada up prints it anew at each start.",
)
APP_ONLY_ASSERTION: Final = Reason(
    code=7000114,
    name="AppOnlyTokenOnBehalfOf",
    error="invalid_grant",
    text="The assertion is an application's own token; nobody's behalf stands behind it.",
    advice="Use client credentials between applications, and on-behalf-of with a user's token.",
)
CREDENTIAL_MISSING: Final = Reason(
    code=7000218,
    name="ClientCredentialMissing",
    error="invalid_client",
    status=401,
    text="The request must contain client_assertion or client_secret.",
    advice="Send the client's secret, or register the redirect URI under Mobile and desktop applications.",
)
SECRET_EXPIRED: Final = Reason(
    code=7000222,
    name="InvalidClientSecretExpiredKeysProvided",
    error="invalid_client",
    status=401,
    text="The client secret has expired.",
    advice="Add a new secret to the application and use its value.",
)
CERTIFICATE_EXPIRED: Final = Reason(
    code=7000222,
    name="InvalidClientSecretExpiredKeysProvided",
    error="invalid_client",
    status=401,
    text="The certificate that signed the client assertion has expired.",
    advice="Register a new certificate for the application and sign with its key.",
)
FORBIDDEN_TOKEN_TYPE: Final = Reason(
    code=700229,
    name="ForbiddenTokenType",
    error="invalid_client",
    status=401,
    text="Of this installation's own tokens only an application's may stand for a client.",
    advice="Present an access token that an application got for itself.",
)
TENANT_NOT_FOUND: Final = Reason(
    code=90002,
    name="InvalidTenantName",
    error="invalid_request",
    text="The tenant '{tenant}' was not found.",
    advice="Check the tenant's id or domain in the URL.",
)
TENANT_NOT_FOUND_IN_DISCOVERY: Final = Reason(
    code=90002,
    name="InvalidTenantName",
    error="invalid_tenant",
    text="The tenant '{tenant}' was not found.",
    advice="Check the tenant's id or domain in the URL.",
)
HINT_WITH_SELECT: Final = Reason(
    code=90005,
    name="InvalidRequestWithMultipleRequirements",
    error="invalid_request",
    text="login_hint cannot be combined with prompt=select_account.",
    advice="Send one of the two.",
)
MALFORMED_GRANT: Final = Reason(
    code=9002313,
    name="InvalidRequest",
    error="invalid_grant",
    text="The code or refresh token is malformed or unreadable.",
    advice="Send it exactly as received, percent-encoded in the form body.",
)
MALFORMED_REQUEST: Final = Reason(
    code=9002313,
    name="InvalidRequest",
    error="invalid_request",
    text="The request is malformed: {fault}.",
    advice="Send parameters as application/x-www-form-urlencoded UTF-8.",
)
SPA_NEEDS_PKCE: Final = Reason(
    code=9002325,
    name="PkceRequiredForSpa",
    error="invalid_request",
    text="Proof Key for Code Exchange is required for cross-origin authorization code redemption.",
    advice="Send code_challenge with S256 in the authorization request.",
)
ORIGIN_NEEDS_SPA: Final = Reason(
    code=9002326,
    name="CrossOriginNeedsSpa",
    error="invalid_request",
    text="Cross-origin token redemption is permitted only for the single-page application client type. Origin: '{origin}'.",
    advice="Register the redirect URI under the Single-page application platform, or redeem from the server.",
)
SPA_NEEDS_ORIGIN: Final = Reason(
    code=9002327,
    name="SpaNeedsCrossOrigin",
    error="invalid_request",
    text="Tokens issued for the single-page application client type may be redeemed only by cross-origin requests.",
    advice="Redeem from the browser, or register the redirect URI under the platform Web, for a client with a secret.",
)
GRANT_NOT_AT_COMMON: Final = Reason(
    code=9001023,
    name="InvalidGrantTypeOnCommonEndpoint",
    error="invalid_request",
    text="The grant type '{grant_type}' is not supported at /common.",
    advice="Ask at the tenant's own endpoint, by its id or domain, or at /organizations.",
)
INVALID_SESSION_ID: Final = Reason(
    code=90007,
    name="InvalidSessionId",
    error="invalid_request",
    text="The sid is not the id of a session.",
    advice="Send the value of the sid claim, or leave sid out.",
)
MISSING_PARAMETER: Final = Reason(
    code=900144,
    name="MissingRequiredParameter",
    error="invalid_request",
    text="The request must contain the parameter '{parameter}'.",
    advice="Add the parameter.",
)
TOO_LONG: Final = Reason(
    code=90015,
    name="QueryStringTooLong",
    error="invalid_request",
    text="The request is too long: {fault}.",
    advice="Shorten state, nonce, claims or scope, or send the request by POST.",
)
BAD_REQUEST: Final = Reason(
    code=90023,
    name="InvalidRequest",
    error="invalid_request",
    text="The request is not valid: {fault}.",
    advice="Send each parameter once, with a value that the documentation names.",
)
BODY_TOO_LARGE: Final = Reason(
    code=90004,
    name="InvalidRequestFormat",
    error="invalid_request",
    status=413,
    text="The request body is larger than {limit} bytes.",
    advice="Send the form parameters of the grant and nothing else.",
)
THROTTLED: Final = Reason(
    code=90055,
    name="TenantThrottlingError",
    error="temporarily_unavailable",  # the reference names the status only
    status=429,
    text="There are too many requests from this address or client.",
    advice="Wait {seconds} seconds, as Retry-After says, before the next request.",
)
WRONG_ENDPOINT_METHOD: Final = Reason(
    code=900561,
    name="BadResourceRequestInvalidRequest",
    error="invalid_request",
    status=405,
    text="The endpoint only accepts {allowed} requests. Received a {method} request.",
    advice="Use the method that the endpoint accepts.",
)
MAY_NOT_CONSENT_FOR_ALL: Final = Reason(
    code=90093,
    name="GraphUserUnauthorized",
    error="access_denied",
    text="'{user}' may not consent to this application for the organization.",
    advice="Sign in as an administrator. App roles of Microsoft Graph need a Global or Privileged Role Administrator.",
)
ADMIN_CONSENT_REQUIRED: Final = Reason(
    code=90094,
    name="AdminConsentRequired",
    error="access_denied",
    text="The permission '{scope}' can be granted only by an administrator.",
    advice="Ask an administrator of your organization to grant the application the permission.",
)
INVALID_PARAMETER: Final = Reason(
    code=90100,
    name="InvalidRequestParameter",
    error="invalid_request",
    text="The parameter '{parameter}' is empty or not valid.",
    advice="Send a value, or leave the parameter out.",
)
NO_USER_CODE: Final = Reason(
    code=90119,
    name="InvalidUserCode",
    error="invalid_request",
    text="No code was entered.",
    advice="Enter the code that the device shows.",
)
DEVICE_FLOW_DECIDED: Final = Reason(
    code=90120,
    name="InvalidDeviceFlowRequest",
    error="invalid_request",
    text="The device was let in, or turned away, already.",
    advice="Look at the device; if it still waits, start again there.",
)
ID_TOKEN_AS_ASSERTION: Final = Reason(
    code=240002,
    name="RequestIdTokenInOnBehalfOf",
    error="invalid_grant",
    text="The assertion is an ID token; on-behalf-of takes the access token of the middle tier's API.",
    advice="Have the caller ask for a scope of the middle tier, and send that access token.",
)
RESOURCE_ON_V2: Final = Reason(
    code=901002,
    name="ResourceParameterOnV2",
    error="invalid_request",
    text="The 'resource' parameter is not supported on the v2.0 endpoints.",
    advice="Name the API in scope, as in api://…/Scope.",
)
BAD_URI_PARAMETER: Final = Reason(
    code=90102,
    name="InvalidUriParameter",
    error="invalid_request",
    text="The parameter '{parameter}' is not a valid absolute URI.",
    advice="Send the registered redirect URI, percent-encoded once.",
)
SCOPE_NOT_DEFAULT: Final = Reason(
    code=1002012,
    name="InvalidScopeForClientCredentials",
    error="invalid_scope",
    text="The scope '{scope}' is not valid: an application that acts for itself asks for one resource and .default.",
    advice="Send scope={{resource}}/.default, as in api://…/.default.",
)
ACCOUNT_PAGE_STALE: Final = Reason(
    code=50089,
    name="FlowTokenExpired",
    error="invalid_request",
    text="This page of your account is too old, was opened in another browser, or was changed on the way.",
    advice="Open your account again, and repeat what you were about to do.",
)
SERVER_FAULT: Final = Reason(
    code=50000,
    name="TokenIssuanceError",
    error="server_error",
    status=500,
    text="Something went wrong here.",
    advice="Try again; if it stays, give the operator the trace id.",
)
TEMPORARILY_UNAVAILABLE: Final = Reason(
    code=90033,
    name="MsodsServiceUnavailable",
    error="temporarily_unavailable",
    status=503,
    text="The service cannot answer for the moment.",
    advice="Try again in a few seconds.",
)
CURRENT_PASSWORD_WRONG: Final = Reason(
    code=120000,
    name="PasswordChangeIncorrectCurrentPassword",
    error="invalid_grant",  # Entra shows it on a page only
    text="The current password is wrong.",
    advice="Enter the password that you sign in with now.",
)

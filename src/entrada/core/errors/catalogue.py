"""Every reason to say no, in AADSTS order.  The numbers and errors: Entra's, `reference-error-codes`; the words are ours.

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
NO_REPLY_ADDRESS: Final = Reason(
    code=500113,
    name="NoReplyAddress",
    error="invalid_request",
    text="No redirect URI is registered for the application '{client_id}'.",
    advice="Register a redirect URI for the application.",
)
ACCOUNT_NOT_IN_TENANT: Final = Reason(
    code=50020,
    name="UserUnauthorized",
    error="access_denied",
    text="The account '{user}' is not in the tenant '{tenant}' and cannot use the application '{client_id}' there.",
    advice="Sign in with an account of that tenant, or send people of other tenants to /organizations.",
)
NO_SUCH_INSTANCE: Final = Reason(
    code=50049,
    name="NoSuchInstanceForDiscovery",
    error="invalid_instance",
    text="The authority host of '{authorization_endpoint}' is not known here.",
    advice="Ask with an authorization_endpoint on this server, or switch instance discovery off in the client.",
)
MALFORMED_DISCOVERY: Final = Reason(
    code=50050,
    name="MalformedDiscoveryRequest",
    error="invalid_request",
    text="The discovery request is malformed.",
    advice="Send api-version and an authorization_endpoint that is an https URL.",
)
PASSWORD_TOO_LONG: Final = Reason(
    code=50052,
    name="InvalidPasswordExceedsMaxLength",
    error="invalid_grant",
    text="The password is longer than 256 characters.",
    advice="Enter the password again.",
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
LINK_SPENT: Final = Reason(
    code=50089,
    name="FlowTokenExpired",
    error="invalid_request",
    text="This link was used already, has expired, or was changed on the way.",
    advice="If you have not chosen a password yet, ask whoever sent the link for another one.",
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
    advice="Send the person through an interactive authorization request for this scope.",
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
SCOPE_NOT_FOUND: Final = Reason(
    code=650053,
    name="InvalidScopeNotOnResource",
    error="invalid_client",
    text="The application asked for the scope '{scope}', which does not exist on the resource '{resource}'.",
    advice="Check the scope's spelling, or add it to the API under Expose an API.",
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
CLIENT_NOT_FOUND: Final = Reason(
    code=700016,
    name="UnauthorizedClient_DoesNotMatchRequest",
    error="unauthorized_client",
    text="The application '{client_id}' was not found in the directory '{tenant}'.",
    advice="Check the client_id, and that the request goes to the application's own tenant or that the application is multi-tenant.",
)
PUBLIC_CLIENT_WITH_CREDENTIAL: Final = Reason(
    code=700025,
    name="InvalidClientPublicClientWithCredential",
    error="invalid_client",
    status=401,
    text="The client is public, so client_secret must not be sent.",
    advice="Leave the secret out, or register the redirect URI under the Web platform.",
)
UNSUPPORTED_GRANT_TYPE: Final = Reason(
    code=70003,
    name="UnsupportedGrantType",
    error="unsupported_grant_type",
    text="The grant_type '{grant_type}' is not supported.",
    advice="Use authorization_code or refresh_token.",
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
ID_TOKEN_NOT_ENABLED: Final = Reason(
    code=700054,
    name="IdTokenNotEnabled",
    error="unsupported_response_type",
    text="The response_type '{response_type}' is not enabled for the application.",
    advice="Use response_type=code with PKCE; the ID token comes with the token response.",
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
WRONG_SECRET: Final = Reason(
    code=7000215,
    name="InvalidClientSecret",
    error="invalid_client",
    status=401,
    text="The client secret is wrong.",
    advice="Send the secret's value, not its ID, percent-encoded in the form body.",
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
    advice="Redeem from the browser, or register the redirect URI under another platform.",
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
WRONG_ENDPOINT_METHOD: Final = Reason(
    code=900561,
    name="BadResourceRequestInvalidRequest",
    error="invalid_request",
    status=405,
    text="The endpoint only accepts {allowed} requests. Received a {method} request.",
    advice="Use the method that the endpoint accepts.",
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
INTERACTION_STALE: Final = Reason(
    code=50089,
    name="FlowTokenExpired",
    error="invalid_request",
    text="This sign-in page is too old, was opened in another browser, or was changed on the way.",
    advice="Go back to the application and start the sign-in again.",
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

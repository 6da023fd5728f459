"""Graph's name of each member of our nouns: for diffs and for the audit log."""

from typing import Final

_NAMES: Final = {
    "logout_url": "web.logoutUrl",
    "redirect_uris": "redirectUris",
    "requested_access_token_version": "api.requestedAccessTokenVersion",
    "scopes": "api.oauth2PermissionScopes",
    "pre_authorized": "api.preAuthorizedApplications",
    "client_secrets": "passwordCredentials",
    "certificates": "keyCredentials",
    "federated_credentials": "federatedIdentityCredentials",
    "known_client_applications": "api.knownClientApplications",
    "enable_id_token_issuance": "web.implicitGrantSettings.enableIdTokenIssuance",
    "country": "countryLetterCode",
    "terms_url": "info.termsOfServiceUrl",
    "privacy_url": "info.privacyStatementUrl",
    "support_url": "info.supportUrl",
    "marketing_url": "info.marketingUrl",
    "home_page_url": "web.homePageUrl",
    "created_at": "createdDateTime",
    "sign_in_sessions_valid_from": "signInSessionsValidFromDateTime (signs out everywhere)",
    "received_at": "receivedDateTime",
    "sender_name": "from.name",
    "sender_address": "from.address",
}


def graph_name(member: str) -> str:
    first, *rest = member.split("_")
    return _NAMES.get(member) or first + "".join(word.title() for word in rest)

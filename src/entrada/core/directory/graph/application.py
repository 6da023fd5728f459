"""An application as Graph writes it.  Graph: application; reference sections 37 and 38.

Every member of the documented answer, in its order, defaults spelled out.  No secret is in it.
"""

from collections.abc import Sequence

from entrada.core.directory.application import Application, Platform, PreAuthorizedApplication
from entrada.core.directory.graph.application_not_here import NO_AGES
from entrada.core.directory.graph.json_members import written_moment
from entrada.core.directory.graph.key_credential import key_json
from entrada.core.directory.graph.password_credential import password_json
from entrada.core.directory.graph.permission import required_json, role_json, scope_json
from entrada.core.directory.optional_claims import OptionalClaim, OptionalClaims


def application_json(application: Application, *, with_keys: bool = False) -> dict[str, object]:
    """*with_keys*: with the certificates themselves, as $select=keyCredentials of one object asks."""
    app = application
    members: dict[str, object] = {
        "id": app.id,
        "deletedDateTime": None,
        "isFallbackPublicClient": app.is_fallback_public_client or None,
        "appId": app.app_id,
        "applicationTemplateId": None,
        "identifierUris": list(app.identifier_uris),
        "createdDateTime": written_moment(app.created_at) if app.created_at else None,
        "description": app.description,
        "disabledByMicrosoftStatus": None,
        "displayName": app.display_name,
        "isDeviceOnlyAuthSupported": None,
        "groupMembershipClaims": ",".join(sorted(app.group_membership_claims)) or None,
        "notes": app.notes,
        "optionalClaims": _optional_claims(app.optional_claims),
        "publisherDomain": app.publisher_domain,
        "signInAudience": app.sign_in_audience.value,
        "tags": list(app.tags),
        "tokenEncryptionKeyId": None,
        "verifiedPublisher": {
            "displayName": app.verified_publisher,
            "verifiedPublisherId": None,
            "addedDateTime": None,
        },
        "addIns": [],
        "api": _api(app),
        "appRoles": [role_json(one) for one in app.app_roles],
        "publicClient": {"redirectUris": redirect_uris(app, Platform.PUBLIC_CLIENT)},
        "info": _info(app),
        "keyCredentials": [key_json(one, with_key=with_keys) for one in app.certificates],
        "parentalControlSettings": dict(NO_AGES),
        "passwordCredentials": [password_json(one) for one in app.client_secrets],
        "requiredResourceAccess": [required_json(one) for one in app.required_resource_access],
        "web": _web(app),
        "spa": {"redirectUris": redirect_uris(app, Platform.SPA)},
    }
    if app.service_management_reference is not None:
        # Graph writes it too; the documented answer to POST does not, so neither do we while there is nothing to say.
        members["serviceManagementReference"] = app.service_management_reference
    return members


def redirect_uris(app: Application, platform: Platform) -> list[str]:
    return [one.uri for one in app.redirect_uris if one.platform is platform]


def _api(app: Application) -> dict[str, object]:
    return {
        "acceptMappedClaims": None,
        "knownClientApplications": sorted(app.known_client_applications),
        "requestedAccessTokenVersion": app.requested_access_token_version,
        "oauth2PermissionScopes": [scope_json(one) for one in app.scopes],
        "preAuthorizedApplications": [_pre_authorized(one) for one in app.pre_authorized],
    }


def _pre_authorized(entry: PreAuthorizedApplication) -> dict[str, object]:
    return {"appId": entry.app_id, "delegatedPermissionIds": sorted(entry.permission_ids)}


def _info(app: Application) -> dict[str, object]:
    return {
        "termsOfServiceUrl": app.terms_url,
        "supportUrl": app.support_url,
        "privacyStatementUrl": app.privacy_url,
        "marketingUrl": app.marketing_url,
        "logoUrl": None,
    }


def _web(app: Application) -> dict[str, object]:
    return {
        "redirectUris": redirect_uris(app, Platform.WEB),
        "homePageUrl": app.home_page_url,
        "logoutUrl": app.logout_url,
        "implicitGrantSettings": {
            "enableIdTokenIssuance": app.enable_id_token_issuance,
            "enableAccessTokenIssuance": False,
        },
    }


def _optional_claims(asked: OptionalClaims) -> dict[str, object] | None:
    if asked == OptionalClaims():
        return None
    return {"idToken": _claims(asked.id_token), "accessToken": _claims(asked.access_token), "saml2Token": []}


def _claims(claims: Sequence[OptionalClaim]) -> list[dict[str, object]]:
    return [
        {
            "name": one.name,
            "source": None,
            "essential": one.essential,
            "additionalProperties": list(one.additional_properties),
        }
        for one in claims
    ]

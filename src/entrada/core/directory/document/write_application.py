"""An application registration as the file says it.  Graph: application."""

from entrada.core.directory.application import (
    Application,
    ClientSecret,
    Platform,
    PreAuthorizedApplication,
    SignInAudience,
)
from entrada.core.directory.derived_id import application_id
from entrada.core.directory.document.certificate import write_certificate
from entrada.core.directory.document.claims import write_optional_claims, written_group_membership_claims
from entrada.core.directory.document.federated import write_federated
from entrada.core.directory.document.index import Index, role_named, scope_named
from entrada.core.directory.document.plain_tree import Plain, members, texts, unless_true
from entrada.core.directory.document.scalars import written_lifetime
from entrada.core.directory.graph.json_members import written_moment
from entrada.core.directory.ids import parse_guid
from entrada.core.directory.permission import AppRole, PermissionScope, RequiredResourceAccess


def write_application(app: Application, index: Index, owners: list[Plain], *, with_hashes: bool) -> Plain:
    """*index* holds the service principals of the application's own tenant."""
    audience = app.sign_in_audience
    return members(
        id=None if app.id == application_id(app.app_id) else app.id,
        appId=app.app_id,
        displayName=app.display_name,
        enabled=unless_true(app.enabled),
        servicePrincipal=unless_true(index.principal(app.tenant_id, app.app_id) is not None),
        signInAudience=None if audience is SignInAudience.MY_ORG else str(audience),
        isFallbackPublicClient=app.is_fallback_public_client or None,
        publisherDomain=app.publisher_domain,
        verifiedPublisher=members(displayName=app.verified_publisher),
        description=app.description,
        notes=app.notes,
        tags=texts(app.tags),
        serviceManagementReference=app.service_management_reference,
        info=members(
            termsOfServiceUrl=app.terms_url,
            privacyStatementUrl=app.privacy_url,
            supportUrl=app.support_url,
            marketingUrl=app.marketing_url,
        ),
        identifierUris=texts(app.identifier_uris),
        web=members(
            redirectUris=_redirect_uris(app, Platform.WEB),
            logoutUrl=app.logout_url,
            homePageUrl=app.home_page_url,
            implicitGrantSettings=members(enableIdTokenIssuance=app.enable_id_token_issuance or None),
        ),
        spa=members(redirectUris=_redirect_uris(app, Platform.SPA)),
        publicClient=members(redirectUris=_redirect_uris(app, Platform.PUBLIC_CLIENT)),
        passwordCredentials=[_secret(secret, with_hashes=with_hashes) for secret in app.client_secrets],
        keyCredentials=[write_certificate(certificate) for certificate in app.certificates],
        federatedIdentityCredentials=[write_federated(app.app_id, trusted) for trusted in app.federated_credentials],
        api=_api(app),
        optionalClaims=write_optional_claims(app.optional_claims),
        groupMembershipClaims=written_group_membership_claims(app.group_membership_claims),
        accessTokenLifetime=written_lifetime(app.access_token_lifetime),
        appRoles=[_role(role) for role in app.app_roles],
        owners=owners,
        requiredResourceAccess=[_required(access, index) for access in app.required_resource_access],
    )


def _redirect_uris(app: Application, platform: Platform) -> Plain:
    return texts([uri.uri for uri in app.redirect_uris if uri.platform is platform])


def _secret(secret: ClientSecret, *, with_hashes: bool) -> Plain:
    value: dict[str, Plain] = (
        members(digest=secret.digest, seed=secret.seed or None) if with_hashes else {"stored": True}
    )
    return {
        "keyId": secret.key_id,
        **members(displayName=secret.display_name or None),
        "hint": secret.hint,
        "startDateTime": written_moment(secret.not_before),
        "endDateTime": written_moment(secret.expires_at),
        **value,
    }


def _api(app: Application) -> dict[str, Plain]:
    return members(
        requestedAccessTokenVersion=app.requested_access_token_version,
        oauth2PermissionScopes=[_scope(scope) for scope in app.scopes],
        knownClientApplications=texts(sorted(app.known_client_applications)),
        preAuthorizedApplications=[_pre_authorized(app, entry) for entry in app.pre_authorized],
    )


def _scope(scope: PermissionScope) -> Plain:
    return members(
        id=scope.id,
        value=scope.value,
        type="Admin" if scope.admin_only else "User",
        isEnabled=unless_true(scope.is_enabled),
        adminConsentDisplayName=scope.admin_consent_display_name,
        adminConsentDescription=scope.admin_consent_description,
        userConsentDisplayName=scope.user_consent_display_name,
        userConsentDescription=scope.user_consent_description,
    )


def _role(role: AppRole) -> Plain:
    return {
        "id": role.id,
        "value": role.value,
        "displayName": role.display_name,
        "description": role.description,
        "allowedMemberTypes": texts(sorted(role.allowed_member_types)),
        **members(isEnabled=unless_true(role.is_enabled)),
    }


def _pre_authorized(app: Application, entry: PreAuthorizedApplication) -> Plain:
    named = {guid: scope_named(app, guid) for guid in entry.permission_ids}
    scopes = sorted(said_as(scope, guid) for guid, scope in named.items())
    return {"appId": entry.app_id, "scopes": texts(scopes)}


def _required(access: RequiredResourceAccess, index: Index) -> Plain:
    resource = index.application(access.resource_app_id)
    scopes = ((guid, scope_named(resource, guid) if resource else None) for guid in access.scopes)
    roles = ((guid, role_named(resource, guid) if resource else None) for guid in access.roles)
    return members(
        resourceAppId=access.resource_app_id,
        scopes=texts([said_as(scope, guid) for guid, scope in scopes]),
        roles=texts([said_as(role, guid) for guid, role in roles]),
    )


def said_as(permission: PermissionScope | AppRole | None, guid: str) -> str:
    """Its value, unless that would be read as an id."""
    return guid if permission is None or parse_guid(permission.value) else permission.value

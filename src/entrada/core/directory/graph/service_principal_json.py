"""A service principal as Graph v1.0 writes it: the little that is its own, the rest its application's.  Section 37."""

from typing import Final

from attrs import frozen

from entrada.core.directory.application import Application
from entrada.core.directory.graph.json_members import written_moment
from entrada.core.directory.graph.permission import role_json, scope_json
from entrada.core.directory.service_principal import ServicePrincipal


@frozen
class Installed:
    """A service principal with the registration it stands for; None where that was deleted in its own tenant."""

    principal: ServicePrincipal
    application: Application | None

    @property
    def display_name(self) -> str:
        return self.application.display_name if self.application else self.principal.app_id


_ABSENT: Final[dict[str, object]] = {
    "deletedDateTime": None,
    "alternativeNames": [],
    "applicationTemplateId": None,
    "disabledByMicrosoftStatus": None,
    "loginUrl": None,
    "notificationEmailAddresses": [],
    "preferredSingleSignOnMode": None,
    "preferredTokenSigningKeyThumbprint": None,
    "samlSingleSignOnSettings": None,
    "tokenEncryptionKeyId": None,
    "addIns": [],
    "keyCredentials": [],
    "passwordCredentials": [],
    "resourceSpecificApplicationPermissions": [],
}
"""What no service principal here has; credentials belong to the application."""


def service_principal_json(installed: Installed) -> dict[str, object]:
    principal, application = installed.principal, installed.application
    return {
        "id": principal.id,
        **_ABSENT,
        "accountEnabled": principal.account_enabled,
        "appId": principal.app_id,
        "appDisplayName": application.display_name if application else None,
        "appOwnerOrganizationId": application.tenant_id if application else None,
        "appRoleAssignmentRequired": principal.app_role_assignment_required,
        "createdDateTime": written_moment(principal.created_at) if principal.created_at else None,
        "displayName": installed.display_name,
        "notes": principal.notes,
        "servicePrincipalType": "Application",
        "tags": list(principal.tags),
        **_of_application(application),
    }


def _of_application(application: Application | None) -> dict[str, object]:
    names = [application.app_id, *application.identifier_uris] if application else []
    return {
        "appDescription": application.description if application else None,
        "description": application.description if application else None,
        "homepage": application.home_page_url if application else None,
        "logoutUrl": application.logout_url if application else None,
        "replyUrls": [one.uri for one in application.redirect_uris] if application else [],
        "servicePrincipalNames": names,
        "signInAudience": application.sign_in_audience.value if application else None,
        "appRoles": [role_json(one) for one in application.app_roles] if application else [],
        "oauth2PermissionScopes": [scope_json(one) for one in application.scopes] if application else [],
        "info": _info(application),
        "verifiedPublisher": {
            "displayName": application.verified_publisher if application else None,
            "verifiedPublisherId": None,
            "addedDateTime": None,
        },
    }


def _info(application: Application | None) -> dict[str, object]:
    return {
        "logoUrl": None,
        "marketingUrl": application.marketing_url if application else None,
        "privacyStatementUrl": application.privacy_url if application else None,
        "supportUrl": application.support_url if application else None,
        "termsOfServiceUrl": application.terms_url if application else None,
    }

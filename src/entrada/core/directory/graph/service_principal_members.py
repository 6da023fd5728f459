"""Read what a request writes into a service principal.  Reference sections 37 and 38.

What is its application's is read-only here, and may be sent back as it was read.
"""

from collections.abc import Mapping
from typing import Final

from attrs import evolve

from entrada.core.directory.administration.problem import Problem
from entrada.core.directory.graph.json_members import Members, boolean, each, guid, line, paragraphs, reading
from entrada.core.directory.ids import ClientId
from entrada.core.directory.service_principal import ServicePrincipal

_WHAT: Final = "service principal"
_READ_ONLY: Final = (
    *("id", "deletedDateTime", "createdDateTime", "appDisplayName", "appOwnerOrganizationId", "appDescription"),
    *("description", "displayName", "homepage", "logoutUrl", "replyUrls", "servicePrincipalNames", "signInAudience"),
    *("appRoles", "oauth2PermissionScopes", "info", "verifiedPublisher", "disabledByMicrosoftStatus", "addIns"),
    *("applicationTemplateId", "resourceSpecificApplicationPermissions", "servicePrincipalType"),
)
_OF_SAML: Final = (
    *("loginUrl", "preferredSingleSignOnMode", "preferredTokenSigningKeyThumbprint", "samlSingleSignOnSettings"),
    "tokenEncryptionKeyId",
)
_NO_SAML: Final = "Applications sign people in with OpenID Connect here: there is no SAML to set up."
_CREDENTIALS: Final = ("keyCredentials", "passwordCredentials")
_NO_CREDENTIALS: Final = "Credentials belong to the application: add them there."
_LISTS: Final = ("alternativeNames", "notificationEmailAddresses")
_NO_LISTS: Final = "This list stays empty here."


def app_id_of(members: Mapping[str, object]) -> ClientId | Problem:
    """Of the service principal that is to be made."""
    return reading(lambda: ClientId(Members(members, _WHAT).required("appId", guid)))


def patched(principal: ServicePrincipal, members: Mapping[str, object]) -> ServicePrincipal | Problem:
    return reading(lambda: _patched(principal, Members(members, _WHAT)))


def _patched(principal: ServicePrincipal, members: Members) -> ServicePrincipal:
    changed = evolve(
        principal,
        account_enabled=members.given("accountEnabled", boolean, principal.account_enabled),
        app_role_assignment_required=members.given(
            "appRoleAssignmentRequired", boolean, principal.app_role_assignment_required
        ),
        notes=members.nullable("notes", paragraphs(1024), principal.notes),
        tags=members.given("tags", each(line(256), most=1200), principal.tags),
    )
    members.only("appId", principal.app_id, why="A service principal stays with its application: appId never changes.")
    members.ignore(*_READ_ONLY)
    for name in _OF_SAML:
        members.only(name, why=_NO_SAML)
    for name in _CREDENTIALS:
        members.only(name, [], why=_NO_CREDENTIALS)
    for name in _LISTS:
        members.only(name, [], why=_NO_LISTS)
    members.finish()
    return changed

"""By which of Graph's properties each collection is asked.  Reference section 38.

A property that is not here is none to filter, search or order by: `fields.py` says what the stores can.
"""

from typing import Any, Final

from entrada.core.directory.application import Application
from entrada.core.directory.deleted_item import DeletedItem
from entrada.core.directory.directory_audit import DirectoryAudit
from entrada.core.directory.group import Group
from entrada.core.directory.query.fields import FIELDS, Type
from entrada.core.directory.query.odata_property import Properties, Property, Shape
from entrada.core.directory.service_principal import AppRoleAssignment, PermissionGrant, ServicePrincipal
from entrada.core.directory.story import Story
from entrada.core.directory.user import User

_SHAPES: Final = {
    Type.TEXT: Shape.TEXT,
    Type.NUMBER: Shape.NUMBER,
    Type.FLAG: Shape.BOOLEAN,
    Type.COLLECTION: Shape.TEXT,
}


def _asked(kind: type[Any], names: dict[str, str]) -> Properties:
    return {path: _property(kind, path, name) for path, name in names.items()}


def _property(kind: type[Any], path: str, name: str) -> Property:
    field = FIELDS[kind][name]
    return Property(
        path=path,
        field=name,
        shape=Shape.MOMENT if path.endswith("DateTime") else _SHAPES[field.type],
        collection=field.type is Type.COLLECTION,
        searched=field.may_search,
        ordered=field.may_order,
    )


APPLICATION: Final = _asked(
    Application,
    {
        "id": "id",
        "appId": "app_id",
        "displayName": "display_name",
        "description": "description",
        "signInAudience": "sign_in_audience",
        "publisherDomain": "publisher_domain",
        "createdDateTime": "created_at",
        "identifierUris": "identifier_uris",
        "tags": "tags",
        "web/redirectUris": "redirect_uris",
        "spa/redirectUris": "redirect_uris",
        "publicClient/redirectUris": "redirect_uris",
        "passwordCredentials/keyId": "part_ids",
        "keyCredentials/keyId": "part_ids",
        "appRoles/id": "part_ids",
        "api/oauth2PermissionScopes/id": "part_ids",
    },
)
SERVICE_PRINCIPAL: Final = _asked(
    ServicePrincipal,
    {
        "id": "id",
        "appId": "app_id",
        "displayName": "display_name",
        "accountEnabled": "account_enabled",
        "appRoleAssignmentRequired": "app_role_assignment_required",
        "appOwnerOrganizationId": "app_owner_tenant",
        "servicePrincipalNames": "service_principal_names",
        "signInAudience": "sign_in_audience",
        "createdDateTime": "created_at",
        "tags": "tags",
    },
)
USER: Final = _asked(
    User,
    {
        "id": "id",
        "displayName": "display_name",
        "userPrincipalName": "user_principal_name",
        "mail": "mail",
        "givenName": "given_name",
        "surname": "surname",
        "jobTitle": "job_title",
        "department": "department",
        "companyName": "company_name",
        "officeLocation": "office_location",
        "employeeId": "employee_id",
        "mobilePhone": "mobile_phone",
        "mailNickname": "mail_nickname",
        "usageLocation": "usage_location",
        "preferredLanguage": "preferred_language",
        "userType": "user_type",
        "accountEnabled": "account_enabled",
        "createdDateTime": "created_at",
        "businessPhones": "business_phones",
        "otherMails": "other_mails",
    },
)
GROUP: Final = _asked(
    Group,
    {
        "id": "id",
        "displayName": "display_name",
        "description": "description",
        "mailNickname": "mail_nickname",
        "securityEnabled": "security_enabled",
        "createdDateTime": "created_at",
    },
)
PERMISSION_GRANT: Final = _asked(
    PermissionGrant, {"clientId": "client_id", "principalId": "principal_id", "resourceId": "resource_id"}
)
APP_ROLE_ASSIGNMENT: Final = _asked(
    AppRoleAssignment, {"principalId": "principal_id", "resourceId": "resource_id", "appRoleId": "app_role_id"}
)
DELETED_ITEM: Final = _asked(
    DeletedItem,
    {"id": "id", "displayName": "display_name", "appId": "app_id", "deletedDateTime": "deleted_at"},
)
DIRECTORY_AUDIT: Final = _asked(
    DirectoryAudit,
    {
        "id": "id",
        "activityDateTime": "at",
        "activityDisplayName": "activity",
        "category": "category",
        "operationType": "operation",
        "correlationId": "correlation_id",
        "initiatedBy/user/id": "actor_id",
        "initiatedBy/user/userPrincipalName": "actor_user_principal_name",
        "initiatedBy/app/appId": "actor_app_id",
        "targetResources/id": "target_id",
        "targetResources/displayName": "target_name",
        "targetResources/type": "target_type",
    },
)
SIGN_IN: Final[Properties] = {
    **_asked(
        Story,
        {
            "id": "trace_id",
            "createdDateTime": "at",
            "correlationId": "correlation_id",
            "userId": "user_id",
            "userPrincipalName": "user_principal_name",
            "appId": "client_id",
            "resourceId": "resource_id",
            "ipAddress": "address",
            "status/errorCode": "aadsts",
        },
    ),
    "signInEventTypes": Property("signInEventTypes", "kind", collection=True),  # Graph's is a list; ours holds one
}

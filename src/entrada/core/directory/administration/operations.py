"""Everything that may be done to a directory, and who may do it.  Reference section 38 (permissions).

An application by itself needs one of the app roles.  A user needs one of the scopes, through the application, and must
be somebody who may by themselves: hold one of the directory roles, own the object, be the object, or be a member.
Where Graph documents several permissions for a request, all of them stand here.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from attrs import frozen

from entrada.core.directory import directory_role as role

# fmt: off
_APPLICATION_ADMINS: Final = frozenset({
    role.GLOBAL_ADMINISTRATOR, role.APPLICATION_ADMINISTRATOR, role.CLOUD_APPLICATION_ADMINISTRATOR,
})
_USER_ADMINS: Final = frozenset({role.GLOBAL_ADMINISTRATOR, role.USER_ADMINISTRATOR})
_PASSWORD_ADMINS: Final = _USER_ADMINS | {role.AUTHENTICATION_ADMINISTRATOR, role.PASSWORD_ADMINISTRATOR}
_GROUP_ADMINS: Final = _USER_ADMINS | {role.GROUPS_ADMINISTRATOR}
_ROLE_ADMINS: Final = frozenset({role.GLOBAL_ADMINISTRATOR, role.PRIVILEGED_ROLE_ADMINISTRATOR})
_TENANT_ADMINS: Final = frozenset({role.GLOBAL_ADMINISTRATOR})
_LOG_READERS: Final = frozenset({
    role.GLOBAL_ADMINISTRATOR, role.GLOBAL_READER, role.SECURITY_READER, role.REPORTS_READER,
})
_FACTOR_ADMINS: Final = frozenset({role.GLOBAL_ADMINISTRATOR, role.AUTHENTICATION_ADMINISTRATOR})
_FACTOR_READERS: Final = _FACTOR_ADMINS | {role.GLOBAL_READER}
_POLICY_READERS: Final = _TENANT_ADMINS | _APPLICATION_ADMINS | {
    role.GLOBAL_READER, role.SECURITY_READER, role.PRIVILEGED_ROLE_ADMINISTRATOR,
}
# fmt: on


class Operation(StrEnum):
    """By the resource and what is done to it."""

    READ_APPLICATIONS = "read applications"
    CREATE_APPLICATION = "create an application"
    CHANGE_APPLICATION = "change an application"
    DELETE_APPLICATION = "delete an application"
    RESTORE_APPLICATION = "restore an application"
    READ_SERVICE_PRINCIPALS = "read service principals"
    CREATE_SERVICE_PRINCIPAL = "create a service principal"
    CHANGE_SERVICE_PRINCIPAL = "change a service principal"
    DELETE_SERVICE_PRINCIPAL = "delete a service principal"
    READ_GRANTS = "read permission grants"
    CHANGE_GRANTS = "grant and revoke delegated permissions"
    READ_ASSIGNMENTS = "read app role assignments"
    CHANGE_ASSIGNMENTS = "assign and unassign app roles"
    READ_USERS = "read users"
    READ_OWN_PROFILE = "read the own profile"
    CREATE_USER = "create a user"
    CHANGE_USER = "change a user"
    CHANGE_OWN_PROFILE = "change the own profile"
    CHANGE_OWN_PASSWORD = "change the own password"
    DELETE_USER = "delete a user"
    RESTORE_USER = "restore a user"
    RESET_PASSWORD = "reset a password"
    REVOKE_SESSIONS = "revoke sign-in sessions"
    REVOKE_OWN_SESSIONS = "revoke the own sign-in sessions"
    READ_METHODS = "read authentication methods"
    READ_OWN_METHODS = "read the own authentication methods"
    CHANGE_METHODS = "remove authentication methods"
    READ_GROUPS = "read groups"
    READ_OWN_GROUPS = "read the own memberships"
    CREATE_GROUP = "create a group"
    CHANGE_GROUP = "change a group"
    CHANGE_MEMBERS = "add and remove members"
    DELETE_GROUP = "delete a group"
    RESTORE_GROUP = "restore a group"
    READ_ROLES = "read directory roles"
    ASSIGN_ROLES = "assign directory roles"
    READ_DELETED_APPLICATIONS = "read deleted applications"
    READ_DELETED_USERS = "read deleted users"
    READ_DELETED_GROUPS = "read deleted groups"
    READ_SIGN_INS = "read the sign-in log"
    READ_AUDITS = "read the audit log"
    READ_ORGANIZATION = "read the organization"
    CHANGE_ORGANIZATION = "change the organization"
    READ_POLICIES = "read policies"
    CHANGE_POLICIES = "change policies"
    READ_KEYS = "read signing keys"
    ROTATE_KEYS = "rotate signing keys"
    READ_GATEWAY = "read the configuration of the gateway"
    CHANGE_GATEWAY = "change the gateway"
    USE_OWN_SUBSCRIPTIONS = "use the own subscriptions"


@frozen(kw_only=True)
class Rule:
    scopes: frozenset[str] = frozenset()  # of a user's token
    app_roles: frozenset[str] = frozenset()  # of an application's own token
    owned_app_roles: frozenset[str] = frozenset()  # enough where the application owns the object
    roles: frozenset[str] = frozenset()  # directory roles, by template id
    owner: bool = False  # whoever owns the object may, without a role
    itself: bool = False  # whoever the object is
    member: bool = False  # everybody of the tenant but guests without a directory role


def _rule(
    permissions: str,
    *,
    only_scopes: str = "",
    only_roles: str = "",
    owned: str = "",
    roles: frozenset[str] = frozenset(),
    owner: bool = False,
    itself: bool = False,
    member: bool = False,
) -> Rule:
    """*permissions* serve as scopes and as app roles; each a list separated by blanks."""
    both = set(permissions.split())
    return Rule(
        scopes=frozenset(both | set(only_scopes.split())),
        app_roles=frozenset(both | set(only_roles.split())),
        owned_app_roles=frozenset(owned.split()),
        roles=roles,
        owner=owner,
        itself=itself,
        member=member,
    )


_READ_DIRECTORY: Final = "Directory.Read.All Directory.ReadWrite.All"
_WRITE_DIRECTORY: Final = "Directory.ReadWrite.All"
_READ_APPLICATIONS: Final = f"Application.Read.All Application.ReadWrite.All {_READ_DIRECTORY}"
_WRITE_APPLICATIONS: Final = f"Application.ReadWrite.All {_WRITE_DIRECTORY}"
_OWNED: Final = "Application.ReadWrite.OwnedBy"
_READ_USERS: Final = f"User.Read.All User.ReadWrite.All {_READ_DIRECTORY}"
_READ_OWN: Final = f"User.Read User.ReadWrite User.ReadBasic.All {_READ_USERS}"
_WRITE_OWN: Final = "User.ReadWrite User.ReadWrite.All Directory.ReadWrite.All"
_READ_GROUPS: Final = (
    f"GroupMember.Read.All GroupMember.ReadWrite.All Group.Read.All Group.ReadWrite.All {_READ_DIRECTORY}"
)
_WRITE_GROUPS: Final = f"Group.ReadWrite.All {_WRITE_DIRECTORY}"
_READ_GRANTS: Final = f"DelegatedPermissionGrant.ReadWrite.All {_READ_DIRECTORY}"
_READ_ROLES: Final = f"RoleManagement.Read.Directory RoleManagement.ReadWrite.Directory {_READ_DIRECTORY}"
_READ_FACTORS: Final = "UserAuthenticationMethod.Read.All UserAuthenticationMethod.ReadWrite.All"

# fmt: off
RULES: Final[Mapping[Operation, Rule]] = {
    Operation.READ_APPLICATIONS:        _rule(_READ_APPLICATIONS, owned=_OWNED, member=True),
    Operation.CREATE_APPLICATION:       _rule(_WRITE_APPLICATIONS, only_roles=_OWNED,
                                              roles=_APPLICATION_ADMINS | {role.APPLICATION_DEVELOPER}),
    Operation.CHANGE_APPLICATION:       _rule(_WRITE_APPLICATIONS, owned=_OWNED, roles=_APPLICATION_ADMINS, owner=True),
    Operation.DELETE_APPLICATION:       _rule(_WRITE_APPLICATIONS, owned=_OWNED, roles=_APPLICATION_ADMINS, owner=True),
    Operation.RESTORE_APPLICATION:      _rule(_WRITE_APPLICATIONS, owned=_OWNED, roles=_APPLICATION_ADMINS, owner=True),
    Operation.READ_SERVICE_PRINCIPALS:  _rule(_READ_APPLICATIONS, owned=_OWNED, member=True),
    Operation.CREATE_SERVICE_PRINCIPAL: _rule(_WRITE_APPLICATIONS, owned=_OWNED, roles=_APPLICATION_ADMINS, owner=True),
    Operation.CHANGE_SERVICE_PRINCIPAL: _rule(_WRITE_APPLICATIONS, owned=_OWNED, roles=_APPLICATION_ADMINS, owner=True),
    Operation.DELETE_SERVICE_PRINCIPAL: _rule(_WRITE_APPLICATIONS, owned=_OWNED, roles=_APPLICATION_ADMINS, owner=True),
    Operation.READ_GRANTS:              _rule(_READ_GRANTS, member=True),
    Operation.CHANGE_GRANTS:            _rule("DelegatedPermissionGrant.ReadWrite.All", only_scopes=_WRITE_DIRECTORY,
                                              roles=role.CONSENTING, itself=True),
    Operation.READ_ASSIGNMENTS:         _rule(f"AppRoleAssignment.ReadWrite.All {_READ_APPLICATIONS}", member=True),
    Operation.CHANGE_ASSIGNMENTS:       _rule("AppRoleAssignment.ReadWrite.All", roles=role.CONSENTING, owner=True),
    Operation.READ_USERS:               _rule(_READ_USERS, only_scopes="User.ReadBasic.All",
                                              only_roles="User.ReadBasic.All", member=True, itself=True),
    Operation.READ_OWN_PROFILE:         _rule("", itself=True, only_scopes=_READ_OWN),
    Operation.CREATE_USER:              _rule("User.ReadWrite.All Directory.ReadWrite.All", roles=_USER_ADMINS),
    Operation.CHANGE_USER:              _rule("User.ReadWrite.All Directory.ReadWrite.All", roles=_USER_ADMINS),
    Operation.CHANGE_OWN_PROFILE:       _rule("", itself=True,
                                              only_scopes=_WRITE_OWN),
    # Graph takes what only Directory.AccessAsUser.All covers, which whoever may write users has besides.
    Operation.CHANGE_OWN_PASSWORD:      _rule("", itself=True, only_scopes=_WRITE_OWN),
    Operation.DELETE_USER:              _rule("User.ReadWrite.All", only_scopes=_WRITE_DIRECTORY, roles=_USER_ADMINS),
    Operation.RESTORE_USER:             _rule("User.ReadWrite.All", only_scopes=_WRITE_DIRECTORY, roles=_USER_ADMINS),
    Operation.RESET_PASSWORD:           _rule("User.ReadWrite.All", only_scopes=_WRITE_DIRECTORY,
                                              roles=_PASSWORD_ADMINS),
    Operation.REVOKE_SESSIONS:          _rule("User.ReadWrite.All Directory.ReadWrite.All", roles=_PASSWORD_ADMINS),
    Operation.REVOKE_OWN_SESSIONS:      _rule("", itself=True, only_scopes=_WRITE_OWN),
    Operation.READ_METHODS:             _rule(_READ_FACTORS, roles=_FACTOR_READERS),
    Operation.READ_OWN_METHODS:         _rule("", itself=True,
                                              only_scopes=f"UserAuthenticationMethod.Read {_READ_FACTORS}"),
    Operation.CHANGE_METHODS:           _rule("UserAuthenticationMethod.ReadWrite.All", roles=_FACTOR_ADMINS),
    Operation.READ_GROUPS:              _rule(_READ_GROUPS, member=True),
    Operation.READ_OWN_GROUPS:          _rule("", itself=True, only_scopes=f"User.Read User.ReadWrite {_READ_GROUPS}"),
    Operation.CREATE_GROUP:             _rule(_WRITE_GROUPS, roles=_GROUP_ADMINS),
    Operation.CHANGE_GROUP:             _rule(_WRITE_GROUPS, roles=_GROUP_ADMINS, owner=True),
    Operation.CHANGE_MEMBERS:           _rule(f"GroupMember.ReadWrite.All {_WRITE_GROUPS}", roles=_GROUP_ADMINS,
                                              owner=True),
    Operation.DELETE_GROUP:             _rule(_WRITE_GROUPS, roles=_GROUP_ADMINS, owner=True),
    Operation.RESTORE_GROUP:            _rule(_WRITE_GROUPS, roles=_GROUP_ADMINS, owner=True),
    Operation.READ_ROLES:               _rule(_READ_ROLES, member=True),
    Operation.ASSIGN_ROLES:             _rule("RoleManagement.ReadWrite.Directory", only_scopes=_WRITE_DIRECTORY,
                                              roles=_ROLE_ADMINS),
    Operation.READ_DELETED_APPLICATIONS: _rule(_READ_APPLICATIONS, owned=_OWNED, owner=True,
                                               roles=_APPLICATION_ADMINS | {role.GLOBAL_READER}),
    Operation.READ_DELETED_USERS:       _rule(_READ_USERS, roles=_USER_ADMINS | {role.GLOBAL_READER}),
    Operation.READ_DELETED_GROUPS:      _rule(_READ_GROUPS, owner=True, roles=_GROUP_ADMINS | {role.GLOBAL_READER}),
    Operation.READ_SIGN_INS:            _rule("AuditLog.Read.All", roles=_LOG_READERS),
    Operation.READ_AUDITS:              _rule("AuditLog.Read.All", roles=_LOG_READERS),
    Operation.READ_ORGANIZATION:        _rule(f"Organization.Read.All Organization.ReadWrite.All {_READ_DIRECTORY}",
                                              only_scopes="User.Read", member=True),
    Operation.CHANGE_ORGANIZATION:      _rule("Organization.ReadWrite.All", roles=_TENANT_ADMINS),
    Operation.READ_POLICIES:            _rule("Policy.Read.All Policy.ReadWrite.Authorization", roles=_POLICY_READERS),
    Operation.CHANGE_POLICIES:          _rule("Policy.ReadWrite.Authorization", roles=_TENANT_ADMINS),
    # Not of Graph: the portal and the operator alone.
    Operation.READ_KEYS:                Rule(roles=_TENANT_ADMINS | {role.GLOBAL_READER}),
    Operation.ROTATE_KEYS:              Rule(roles=_TENANT_ADMINS),
    Operation.READ_GATEWAY:             _rule("Gateway.Read.All Gateway.ReadWrite.All",
                                              roles=_TENANT_ADMINS | {role.GLOBAL_READER}),
    Operation.CHANGE_GATEWAY:           _rule("Gateway.ReadWrite.All", roles=_TENANT_ADMINS),
    Operation.USE_OWN_SUBSCRIPTIONS:    Rule(itself=True),
}
# fmt: on

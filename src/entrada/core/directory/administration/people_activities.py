"""What administrators do to users, groups, roles and the organization, as Entra's audit log words it."""

from typing import Final

from entrada.core.directory.administration.change import Activity
from entrada.core.directory.directory_audit import OperationType as Op

_USERS: Final = "UserManagement"
_GROUPS: Final = "GroupManagement"
_ROLES: Final = "RoleManagement"
_DIRECTORY: Final = "DirectoryManagement"
_POLICY: Final = "Policy"

ADD_USER: Final = Activity(name="Add user", category=_USERS, operation=Op.ADD)
UPDATE_USER: Final = Activity(name="Update user", category=_USERS, operation=Op.UPDATE)
DELETE_USER: Final = Activity(name="Delete user", category=_USERS, operation=Op.DELETE)
RESTORE_USER: Final = Activity(name="Restore user", category=_USERS, operation=Op.ADD)
PURGE_USER: Final = Activity(name="Hard Delete user", category=_USERS, operation=Op.DELETE)
ENABLE_ACCOUNT: Final = Activity(name="Enable account", category=_USERS, operation=Op.UPDATE)
DISABLE_ACCOUNT: Final = Activity(name="Disable account", category=_USERS, operation=Op.UPDATE)
RESET_PASSWORD: Final = Activity(name="Reset user password", category=_USERS, operation=Op.UPDATE)
CHANGE_PASSWORD: Final = Activity(name="Change user password", category=_USERS, operation=Op.UPDATE)
OFFER_LINK: Final = Activity(name="Offer link to choose a password", category=_USERS, operation=Op.UPDATE)  # our own
UNLOCK: Final = Activity(name="Unlock user account", category=_USERS, operation=Op.UPDATE)  # our own
REVOKE_SESSIONS: Final = Activity(
    name="Update StsRefreshTokenValidFrom Timestamp", category=_USERS, operation=Op.UPDATE
)
DELETE_METHOD: Final = Activity(name="Admin deleted security info", category=_USERS, operation=Op.DELETE)

ADD_GROUP: Final = Activity(name="Add group", category=_GROUPS, operation=Op.ADD)
UPDATE_GROUP: Final = Activity(name="Update group", category=_GROUPS, operation=Op.UPDATE)
DELETE_GROUP: Final = Activity(name="Delete group", category=_GROUPS, operation=Op.DELETE)
RESTORE_GROUP: Final = Activity(name="Restore group", category=_GROUPS, operation=Op.ADD)
PURGE_GROUP: Final = Activity(name="Hard Delete group", category=_GROUPS, operation=Op.DELETE)
ADD_MEMBER: Final = Activity(name="Add member to group", category=_GROUPS, operation=Op.ASSIGN)
REMOVE_MEMBER: Final = Activity(name="Remove member from group", category=_GROUPS, operation=Op.UNASSIGN)
ADD_OWNER: Final = Activity(name="Add owner to group", category=_GROUPS, operation=Op.ASSIGN)
REMOVE_OWNER: Final = Activity(name="Remove owner from group", category=_GROUPS, operation=Op.UNASSIGN)

ADD_ROLE_MEMBER: Final = Activity(name="Add member to role", category=_ROLES, operation=Op.ASSIGN)
REMOVE_ROLE_MEMBER: Final = Activity(name="Remove member from role", category=_ROLES, operation=Op.UNASSIGN)

UPDATE_COMPANY: Final = Activity(name="Set Company Information", category=_DIRECTORY, operation=Op.UPDATE)
UPDATE_BRANDING: Final = Activity(name="Update company branding", category=_DIRECTORY, operation=Op.UPDATE)
UPDATE_DOMAIN: Final = Activity(name="Update domain", category=_DIRECTORY, operation=Op.UPDATE)
ADD_DOMAIN: Final = Activity(name="Add verified domain", category=_DIRECTORY, operation=Op.ADD)
REMOVE_DOMAIN: Final = Activity(name="Remove verified domain", category=_DIRECTORY, operation=Op.DELETE)
UPDATE_AUTHORIZATION_POLICY: Final = Activity(
    name="Update authorization policy", category="AuthorizationPolicy", operation=Op.UPDATE
)
ADD_POLICY: Final = Activity(name="Add policy", category=_POLICY, operation=Op.ADD)
DELETE_POLICY: Final = Activity(name="Delete policy", category=_POLICY, operation=Op.DELETE)
UPDATE_POLICY: Final = Activity(name="Update policy", category=_POLICY, operation=Op.UPDATE)

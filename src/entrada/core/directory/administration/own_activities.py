"""What changes a directory without an administrator's hand, as the audit log words it: at the sign-in pages, at the
pages of the own account, at the machine.  As Entra words it where Entra has it.
"""

from typing import Final

from entrada.core.directory.administration.change import Activity
from entrada.core.directory.directory_audit import OperationType as Op

_APPLICATIONS: Final = "ApplicationManagement"
_USERS: Final = "UserManagement"
_DIRECTORY: Final = "DirectoryManagement"

CONSENT: Final = Activity(name="Consent to application", category=_APPLICATIONS, operation=Op.ASSIGN)
TAKE_BACK_CONSENT: Final = Activity(
    name="Remove delegated permission grant", category=_APPLICATIONS, operation=Op.UNASSIGN
)
CHANGE_PASSWORD: Final = Activity(name="Change password (self-service)", category=_USERS, operation=Op.UPDATE)
CHOOSE_PASSWORD: Final = Activity(name="Choose password by link", category=_USERS, operation=Op.UPDATE)  # our own
REGISTER_FACTOR: Final = Activity(name="User registered security info", category=_USERS, operation=Op.ADD)
RENEW_CODES: Final = Activity(name="User changed security info", category=_USERS, operation=Op.UPDATE)
REMOVE_FACTOR: Final = Activity(name="User deleted security info", category=_USERS, operation=Op.DELETE)
REVOKE_SESSIONS: Final = Activity(
    name="Update StsRefreshTokenValidFrom Timestamp", category=_USERS, operation=Op.UPDATE
)
CREATE_TENANT: Final = Activity(name="Create company", category=_DIRECTORY, operation=Op.ADD)
RENEW_SECRET: Final = Activity(
    name="Update application - Certificates and secrets management", category=_APPLICATIONS, operation=Op.UPDATE
)

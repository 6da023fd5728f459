"""What somebody consents to: scopes of an API, and the app roles of an application itself.  Reference section 27.1."""

from attrs import frozen

from entrada.core.directory.application import Application
from entrada.core.directory.ids import ClientId, PermissionId
from entrada.core.directory.permission import AppRole, PermissionScope

Key = tuple[ClientId, PermissionId, ClientId | None]


@frozen
class Permission:
    """One delegated permission: a scope of a resource."""

    resource: Application
    scope: PermissionScope
    through: Application | None = None  # the API that gets it instead of the client that asks; reference section 27.5

    @property
    def key(self) -> Key:
        """Comparing whole applications would cost more than everything else about a permission."""
        return self.resource.app_id, self.scope.id, self.through.app_id if self.through else None

    @property
    def value(self) -> str:
        return self.scope.value

    @property
    def told(self) -> str:
        """In one word, what somebody was shown: another once the API calls it otherwise."""
        return _word(self)


@frozen
class ApplicationPermission:
    """One app role of a resource, for an application that acts for itself."""

    resource: Application
    role: AppRole
    through: Application | None = None

    @property
    def key(self) -> Key:
        return self.resource.app_id, self.role.id, self.through.app_id if self.through else None

    @property
    def value(self) -> str:
        return self.role.value

    @property
    def told(self) -> str:
        """In one word, what somebody was shown: another once the API calls it otherwise."""
        return _word(self)


Grantable = Permission | ApplicationPermission


def _word(one: Grantable) -> str:
    return ":".join((*(part or "" for part in one.key), one.value))

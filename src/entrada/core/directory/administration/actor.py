"""Who asks for something to be done to a directory, through which door, with which permissions."""

from enum import StrEnum

from attrs import field, frozen

from entrada.core.directory.directory_audit import Initiator
from entrada.core.directory.ids import ClientId, ServicePrincipalId, TenantId
from entrada.core.directory.user import User

AS_THE_USER = frozenset({"Directory.AccessAsUser.All"})
"""The permission to do whatever the signed-in user may: the portal's."""


class Via(StrEnum):
    GRAPH = "graph"
    PORTAL = "portal"
    COMMAND_LINE = "command line"
    FILE = "file"
    SIGN_IN = "sign-in page"
    ACCOUNT = "my account"
    CLOCK = "clock"  # nobody: what time asks for


@frozen(kw_only=True)
class Actor:
    """A user through an application (*user* and *permissions*: scopes), an application by itself (*principal_id* and
    *permissions*: app roles), or the operator at the machine, who may everything.
    """

    tenant_id: TenantId
    via: Via
    correlation_id: str
    user: User | None = None
    client_id: ClientId | None = None
    client_name: str | None = None
    principal_id: ServicePrincipalId | None = None  # of an application that acts by itself
    permissions: frozenset[str] = field(factory=frozenset[str])
    operator: bool = False
    address: str = ""

    @property
    def id(self) -> str | None:
        """By which owners are named."""
        return self.user.id if self.user else self.principal_id

    @property
    def initiator(self) -> Initiator:
        return Initiator(
            via=self.via.value,
            user_id=self.user.id if self.user else None,
            user_principal_name=self.user.user_principal_name if self.user else None,
            app_id=self.client_id,
            app_display_name=self.client_name,
            address=self.address,
        )

"""Who is signed in, as an application sees them: typed, and verified to the last claim."""

from collections.abc import Collection, Mapping

from attrs import field, frozen

from entrada.client.errors import EntradaError
from entrada.core.jose.numeric_date import NumericDate


class GroupsUnknown(EntradaError):
    """The person is in more groups than a token holds, and Graph was not asked or did not say: never an empty set."""


@frozen(kw_only=True)
class User:
    """Key them by (*issuer*, *tenant_id*, *user_id*): never by a name or an address, which others may get."""

    issuer: str
    tenant_id: str  # `tid`; empty where there are no tenants
    user_id: str  # `oid`, or `sub` where there is none
    subject: str
    name: str = ""
    username: str = ""
    roles: frozenset[str] = frozenset()  # of the application
    scopes: frozenset[str] = frozenset()  # granted at sign-in
    known_groups: frozenset[str] | None = frozenset()  # ids; None: too many for the token, and not resolved
    acr: str = ""
    authenticated_at: NumericDate | None = None  # `auth_time`
    claims: Mapping[str, object] = field(factory=dict[str, object], repr=False)  # of the ID token, verified

    @property
    def groups(self) -> frozenset[str]:
        """Raises GroupsUnknown where the token was too small for them."""
        if self.known_groups is None:
            raise GroupsUnknown(
                "The person is in more groups than the token holds",
                advice="Set groups_from_graph, or have only groups assigned to the application put into tokens.",
            )
        return self.known_groups

    def has_role(self, *roles: str) -> bool:
        """One of them."""
        return not self.roles.isdisjoint(roles)

    def has_group(self, *groups: str) -> bool:
        return not self.groups.isdisjoint(groups)

    def to_members(self) -> dict[str, object]:
        """What the person may see of themselves, as JSON."""
        return {
            "name": self.name,
            "username": self.username,
            "tenant_id": self.tenant_id,
            "user_id": self.user_id,
            "roles": _sorted(self.roles),
            "scopes": _sorted(self.scopes),
            "groups": None if self.known_groups is None else _sorted(self.known_groups),
        }


def _sorted(values: Collection[str]) -> list[str]:
    return sorted(values)

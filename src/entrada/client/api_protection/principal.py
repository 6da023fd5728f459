"""Who calls an API, as a verified access token says: a person by an application, or an application.  Reference 31."""

from collections.abc import Mapping
from enum import StrEnum

from attrs import field, frozen


class Kind(StrEnum):
    USER = "user"  # a person; the application acts for them, within its scopes
    APPLICATION = "application"  # for itself, within its roles
    UNKNOWN = "unknown"  # the issuer does not say which; never taken for a person, nor are its scopes for roles


@frozen(kw_only=True)
class Principal:
    """Know people by `tenant_id` and `object_id` together; `name` is to show, and may be anybody's."""

    kind: Kind
    issuer: str
    tenant_id: str  # `tid`; empty where there are no tenants
    object_id: str  # `oid`, of the person or of the application's service principal; `sub` where there is none
    client_id: str  # the application that the token was issued to
    scopes: frozenset[str] = frozenset()
    roles: frozenset[str] = frozenset()
    contexts: frozenset[str] = frozenset()  # `acrs`: authentication contexts that the sign-in satisfied
    name: str = ""
    claims: Mapping[str, object] = field(factory=dict[str, object], repr=False)
    token: str = field(default="", repr=False)  # as it came, for calling another API on behalf of this person

    @property
    def is_user(self) -> bool:
        return self.kind is Kind.USER

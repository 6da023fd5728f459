"""What somebody may grant: for oneself, as the tenant's settings say, or for everybody.

Reference sections 27.3 (steps 5 to 7) and 27.4.
"""

from collections.abc import Mapping
from typing import Final

from attrs import field, frozen

from entrada.core.directory.application import Application
from entrada.core.directory.directory_role import CONSENTING
from entrada.core.directory.ids import ClientId, TenantId
from entrada.core.directory.microsoft_graph import APP_ID
from entrada.core.directory.policies import UserConsent
from entrada.core.directory.user import User
from entrada.core.protocol.consent.permission import Permission

LOW_IMPACT_ON_GRAPH: Final = frozenset({"openid", "profile", "email", "offline_access", "User.Read"})
"""Low impact wherever users may grant low-impact permissions: Entra suggests these five, and a sign-in needs them."""


@frozen(kw_only=True)
class Rules:
    """What a tenant lets its people grant to one client, and to the APIs behind it."""

    tenant_id: TenantId
    client: Application
    user_consent: UserConsent = UserConsent.ALL
    low_impact: Mapping[ClientId, frozenset[str]] = field(factory=dict[ClientId, frozenset[str]])  # by resource
    assigned_only: frozenset[ClientId] = frozenset()  # clients that the tenant wants assigned


def may_consent_for_all(user: User) -> bool:
    return bool(user.directory_roles & CONSENTING)


def may_grant(permission: Permission, user: User, rules: Rules) -> bool:
    """For oneself, where an administrator is not asked instead."""
    if may_consent_for_all(user):
        return True
    holder = permission.through or rules.client
    if permission.scope.admin_only or holder.app_id in rules.assigned_only:
        return False
    match rules.user_consent:
        case UserConsent.ALL:
            return True
        case UserConsent.LOW_IMPACT:
            return _is_trusted(holder, rules) and _is_low_impact(permission, rules)
        case UserConsent.NONE:
            return False


def _is_trusted(holder: Application, rules: Rules) -> bool:
    return holder.verified_publisher is not None or holder.tenant_id == rules.tenant_id


def _is_low_impact(permission: Permission, rules: Rules) -> bool:
    resource, value = permission.resource.app_id, permission.scope.value
    always = LOW_IMPACT_ON_GRAPH if resource == APP_ID else frozenset[str]()
    return value in always or value in rules.low_impact.get(resource, frozenset())

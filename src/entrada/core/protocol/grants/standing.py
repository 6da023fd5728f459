"""Is everybody a grant concerns still welcome?  Asked at every redemption, since a code or token outlives changes."""

from datetime import UTC, datetime

from attrs import field, frozen

from entrada.core.directory.application import Application
from entrada.core.directory.ids import ClientId
from entrada.core.directory.service_principal import ServicePrincipal
from entrada.core.directory.tenant import Tenant
from entrada.core.directory.user import User
from entrada.core.errors import catalogue as why
from entrada.core.errors.reason import Refusal
from entrada.core.jose.numeric_date import NumericDate
from entrada.core.protocol.claims_request import ClaimsRequest
from entrada.core.protocol.sign_in import second_factor


@frozen(kw_only=True)
class Standing:
    """The directory as it is now."""

    tenant: Tenant | None  # the account's own
    user: User | None  # the account at home
    issued_in: Tenant | None  # whose tokens are asked for: the same tenant, or one the account is a guest of
    member: User | None  # the account as that tenant knows it
    client: Application
    service_principal: ServicePrincipal | None  # of the client in the tenant of issue
    switched_off: ClientId | None = None  # one that stands between the person and the client, and may not any more
    assigned: bool = True  # the user, or a group the user is in, has an assignment on the client
    claims: ClaimsRequest = field(factory=ClaimsRequest)  # of the token request: what it must meet

    @property
    def second_factor_required(self) -> bool:
        if second_factor.is_asked_by(self.claims):
            return True
        return self.user is not None and second_factor.is_required(
            self.user, self.member, (self.tenant, self.issued_in)
        )


def refuse(standing: Standing, authenticated_at: NumericDate, methods: tuple[str, ...]) -> Refusal | None:
    """*authenticated_at*, *methods*: when and by what the account signed in."""
    user, member, client = standing.user, standing.member, standing.client
    for tenant in (standing.tenant, standing.issued_in):
        if tenant is None or not tenant.enabled:
            return Refusal(why.TENANT_NOT_FOUND, {"tenant": tenant.id if tenant else ""})
    if not client.enabled or (standing.service_principal and not standing.service_principal.account_enabled):
        return Refusal(why.CLIENT_DISABLED, {"client_id": client.app_id})
    if standing.switched_off is not None:
        return Refusal(why.CLIENT_DISABLED, {"client_id": standing.switched_off})
    if user is None or member is None or not (user.account_enabled and member.account_enabled):
        # A deleted account and a disabled one answer alike.
        return Refusal(why.USER_DISABLED)
    # At home only: what a tenant revokes of its guests has no effect on their sign-ins (reference section 19).
    # Strictly later: signing in again within the second of a password change must not be undone by it.
    if user.sign_in_sessions_valid_from > authenticated_at:
        times = {"issued_at": _text(authenticated_at), "valid_from": _text(user.sign_in_sessions_valid_from)}
        return Refusal(why.FRESH_TOKEN_NEEDED, times)
    if user.password is not None and user.password.must_change:
        return Refusal(why.PASSWORD_EXPIRED)
    if standing.second_factor_required and not second_factor.has_one(methods):
        return second_factor.refuse(user, standing.claims)
    return refuse_unassigned(standing.service_principal, member, client, assigned=standing.assigned)


def refuse_unassigned(
    principal: ServicePrincipal | None, user: User, client: Application, *, assigned: bool
) -> Refusal | None:
    """Where the tenant wants it, an application is for those it was assigned to."""
    if principal is None or not principal.app_role_assignment_required or assigned:
        return None
    return Refusal(why.ASSIGNMENT_REQUIRED, {"user": user.user_principal_name, "client_id": client.app_id})


def _text(moment: NumericDate) -> str:
    return datetime.fromtimestamp(moment, UTC).isoformat().replace("+00:00", "Z")

"""A device's request, until a person decides it on another screen.  RFC 8628; reference section 22."""

from attrs import frozen

from entrada.core.directory.ids import ClientId, FamilyId, SessionId, TenantId, UserId
from entrada.core.jose.numeric_date import NumericDate


@frozen(kw_only=True)
class DeviceFlowKey:
    tenant_id: TenantId  # of the request's path; ANY_TENANT at /common and /organizations
    id: FamilyId  # of the family that redeeming it opens: time-ordered


@frozen(kw_only=True)
class Approval:
    """Who let the device in: the account at home, and the tenant whose tokens it gets."""

    tenant_id: TenantId
    user_id: UserId
    issued_in: TenantId
    session_id: SessionId
    authenticated_at: NumericDate
    methods: tuple[str, ...]


@frozen(kw_only=True)
class DeviceFlow:
    key: DeviceFlowKey
    user_code: str  # what the person types: upper case, no spaces or dashes
    client_id: ClientId
    scope: str
    asked_at: NumericDate
    ends_at: NumericDate
    address: str = ""  # the device's, shown to the person
    user_agent: str = ""
    claims: str = ""  # of the request, as sent: what the sign-in must meet
    decided_at: NumericDate | None = None
    approval: Approval | None = None  # None although decided: declined

"""The one durable row of a code's life: that it was redeemed, and the refresh tokens that descend from it.

RFC 6749 §4.1.2 (a code is used once), RFC 9700 §4.14 (refresh token rotation).  Rows are found by tenant, id and the
day the family ends, all three sealed into each artefact, so that PostgreSQL may partition by the day and still keep
one unique constraint.
"""

from attrs import frozen

from entrada.core.directory.ids import ClientId, FamilyId, SessionId, TenantId, UserId
from entrada.core.jose.numeric_date import NumericDate


@frozen(kw_only=True)
class FamilyKey:
    tenant_id: TenantId
    id: FamilyId  # the code's id: time-ordered
    end_day: int  # days since the epoch, UTC, of the moment the family ends


@frozen(kw_only=True)
class TokenFamily:
    key: FamilyKey
    client_id: ClientId
    user_id: UserId
    session_id: SessionId | None  # None: no browser was in it (ROPC)
    issued_at: NumericDate
    generation: int = 0
    rotated_at: NumericDate | None = None
    revoked_at: NumericDate | None = None

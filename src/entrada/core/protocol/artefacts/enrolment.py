"""A one-time link by which a person sets a first password.

It is spent by use: it names the credential it replaces, and once that has changed it opens nothing.
"""

from attrs import frozen

from entrada.core.directory.ids import TenantId, UserId
from entrada.core.directory.user import User
from entrada.core.jose.numeric_date import NumericDate
from entrada.core.protocol.artefacts.guid import to_bytes, to_text
from entrada.core.sealing.payload import Payload, pack, unpack

LIFETIME = 72 * 60 * 60


@frozen(kw_only=True)
class Enrolment:
    tenant_id: TenantId
    user_id: UserId
    issued_at: NumericDate
    credential_changed_at: NumericDate  # of the password it replaces; 0: there was none

    def still_good(self, user: User, now: NumericDate) -> bool:
        changed_at = user.password.changed_at if user.password else 0
        in_time = now < self.issued_at + LIFETIME
        # Or a reset, which takes the password away, would make the links from before it good again.
        not_revoked = self.issued_at >= user.sign_in_sessions_valid_from
        unchanged = changed_at == self.credential_changed_at
        # Nor is a password for a guest, who signs in at home: it would go on when the home account has ended.
        return in_time and not_revoked and unchanged and user.account_enabled and user.home is None


class PackedEnrolment(Payload, frozen=True):
    user: bytes
    issued_at: int
    credential_changed_at: int


def pack_enrolment(enrolment: Enrolment) -> bytes:
    return pack(
        PackedEnrolment(to_bytes(enrolment.user_id), enrolment.issued_at, enrolment.credential_changed_at),
    )


def unpack_enrolment(tenant: str, data: bytes) -> Enrolment:
    """Raises NotSealed for another shape."""
    packed = unpack(data, PackedEnrolment)
    return Enrolment(
        tenant_id=TenantId(tenant),
        user_id=UserId(to_text(packed.user)),
        issued_at=NumericDate(packed.issued_at),
        credential_changed_at=NumericDate(packed.credential_changed_at),
    )

"""What is remembered of failed proofs: the counters of smart lockout.  Reference section 35."""

from enum import StrEnum

from attrs import field, frozen

from entrada.core.directory.ids import TenantId, UserId
from entrada.core.jose.numeric_date import NumericDate


class Counter(StrEnum):
    """Each counts for itself: a stranger's guesses must not lock the owner out of a familiar place."""

    FAMILIAR = "familiar"  # an address that the account has signed in from before
    UNFAMILIAR = "unfamiliar"
    SECOND_FACTOR = "secondFactor"  # codes: whoever gets here knows the password


@frozen(kw_only=True)
class Attempts:
    """The failures of one account at one kind of place since its last success there."""

    tenant_id: TenantId
    user_id: UserId
    counter: Counter
    failures: int = 0  # since the last lock
    locks: int = 0  # one after another: each is longer
    locked_until: NumericDate = NumericDate(0)
    failed_at: NumericDate = NumericDate(0)
    recent: tuple[bytes, ...] = field(
        default=(), repr=False
    )  # digests of the last wrong passwords: repeats do not count
    version: int = field(default=0, eq=False)  # what the store last gave it; 0: not stored yet

"""Which applications have a secret or a certificate that has expired, or will within a month."""

from typing import Final

from entrada.core.directory.query.condition import Both, Compare, Condition, Op
from entrada.core.jose.numeric_date import NumericDate

SOON: Final = 30 * 86_400
_FIELD: Final = "credential_expires_at"  # the first end among them all


def expired(now: NumericDate) -> Condition:
    return Compare(_FIELD, Op.LE, now)


def expires_soon(now: NumericDate) -> Condition:
    return Both((Compare(_FIELD, Op.GT, now), Compare(_FIELD, Op.LE, now + SOON)))

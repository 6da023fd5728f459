"""How long what has ended is kept: what `sweep` may delete."""

from typing import Final

from entrada.core.jose.numeric_date import NumericDate, Seconds

SIGN_INS_KEPT: Final = Seconds(30 * 86_400)
"""Entra shows thirty days of sign-ins; whoever needs more exports them."""


def day_of(moment: NumericDate) -> int:
    """Days since the epoch, UTC.  A family whose end day is less than today's has ended."""
    return moment // 86_400


def oldest_sign_in(now: NumericDate) -> NumericDate:
    """Sign-ins from before this moment have been kept long enough."""
    return NumericDate(now - SIGN_INS_KEPT)

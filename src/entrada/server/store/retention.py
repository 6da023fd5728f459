"""How long what has ended is kept: what `sweep` may delete."""

from typing import Final

from entrada.core.directory.deleted_item import KEPT
from entrada.core.jose.numeric_date import NumericDate, Seconds

SIGN_INS_KEPT: Final = Seconds(30 * 86_400)
"""Entra shows thirty days of sign-ins; whoever needs more exports them."""

STORIES_KEPT: Final = Seconds(30 * 86_400)
"""As long as the sign-ins they explain."""

MOST_STORIES: Final = 1_000_000
"""Of the newest; some gigabytes.  Whoever floods the server with refusals does not fill its disk."""

AUDITS_KEPT: Final = Seconds(400 * 86_400)
"""A year and the month in which somebody asks about it; Entra keeps thirty days, and exports the rest."""


def day_of(moment: NumericDate) -> int:
    """Days since the epoch, UTC.  A family whose end day is less than today's has ended."""
    return moment // 86_400


def oldest_sign_in(now: NumericDate) -> NumericDate:
    """Sign-ins from before this moment have been kept long enough."""
    return NumericDate(now - SIGN_INS_KEPT)


def oldest_story(now: NumericDate) -> NumericDate:
    return NumericDate(now - STORIES_KEPT)


def oldest_audit(now: NumericDate) -> NumericDate:
    return NumericDate(now - AUDITS_KEPT)


def oldest_deleted_item(now: NumericDate) -> NumericDate:
    """What was deleted before this moment cannot be brought back any more."""
    return NumericDate(now - KEPT)

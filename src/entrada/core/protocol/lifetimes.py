"""How long things live.  Reference section 33; design section 4."""

from entrada.core.directory.application import Platform
from entrada.core.jose.numeric_date import NumericDate, Seconds

DAY = 24 * 60 * 60
CODE = Seconds(10 * 60)
INTERACTION = Seconds(60 * 60)  # how long a page may stand open
FACTOR = Seconds(10 * 60)  # how long a password just entered counts as entered for this request
SPA_FAMILY = Seconds(DAY)
FAMILY = Seconds(90 * DAY)
RENEWAL = Seconds(30 * DAY)  # in its last 30 days a family hands over to a successor
EXPLAINED = Seconds(FAMILY + 30 * DAY)  # how long a refresh token that has ended can still be told from garbage
GRACE = Seconds(10)  # a lost answer may be asked for again
SESSION_IDLE = Seconds(DAY)
SESSION = Seconds(90 * DAY)


def end_day(ends_at: NumericDate) -> int:
    return ends_at // DAY


def family_end(now: NumericDate, platform: Platform, *, offline: bool, access_token: Seconds) -> NumericDate:
    """When a family that starts now must end: fixed when the code is made, and sealed into it."""
    if not offline:
        return NumericDate(now + CODE + access_token)
    return NumericDate(now + (SPA_FAMILY if platform is Platform.SPA else FAMILY))

"""Points in time and spans of it, in whole seconds: `NumericDate` (RFC 7519, section 2) and `Seconds`."""

import math
from datetime import UTC, datetime
from typing import NewType

NumericDate = NewType("NumericDate", int)  # seconds since 1970-01-01T00:00:00Z, leap seconds not counted
Seconds = NewType("Seconds", int)


def as_date(value: object) -> NumericDate | None:
    """A number of JSON, which may have a fraction; None for anything else."""
    if not isinstance(value, int | float) or isinstance(value, bool) or not math.isfinite(value):
        return None
    return NumericDate(math.floor(value))


def as_datetime(date: NumericDate) -> datetime:
    return datetime.fromtimestamp(date, UTC)

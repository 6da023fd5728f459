"""Times as pages write them: in UTC, to the minute."""

from entrada.core.jose.numeric_date import NumericDate, as_datetime


def moment(at: NumericDate | None) -> str:
    return as_datetime(at).strftime("%Y-%m-%d %H:%M:%S UTC") if at else "–"


def day(at: NumericDate | None) -> str:
    return as_datetime(at).strftime("%Y-%m-%d") if at else "–"

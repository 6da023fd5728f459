"""What times, lengths of time and numbers can be asked."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from operator import attrgetter
from typing import Final

from entrada.core.gateway.expressions.frame import Failing
from entrada.core.gateway.expressions.members.member import Method, Methods, Properties, Property
from entrada.core.gateway.expressions.spelled import spelled
from entrada.core.gateway.expressions.type import DATE_TIME, DOUBLE, INT, STRING, TIME_SPAN

_OUT_OF_RANGE: Final = "The time is beyond what a DateTime holds (ArgumentOutOfRangeException)."


def later(it: datetime, by: timedelta) -> datetime:
    try:
        return it + by
    except OverflowError:
        raise Failing(_OUT_OF_RANGE) from None


def span(amount: float, **unit: float) -> timedelta:
    try:
        return timedelta(**{name: amount * factor for name, factor in unit.items()})
    except (OverflowError, ValueError):
        raise Failing("The length of time is beyond what a TimeSpan holds (OverflowException).") from None


def _adds(unit: str) -> tuple[Method, ...]:
    def add(it: datetime, amount: float) -> datetime:
        return later(it, span(amount, **{unit: 1}))

    return (Method((DOUBLE,), DATE_TIME, add),)


def _total(unit: timedelta) -> Property:
    def read(it: object) -> float:
        return it / unit if isinstance(it, timedelta) else 0.0

    return Property(DOUBLE, read)


def _of_span(read: Callable[[timedelta], int]) -> Property:
    """A part of a length of time, negative where the whole is."""

    def part(it: object) -> int:
        whole = it if isinstance(it, timedelta) else timedelta()
        return -read(-whole) if whole < timedelta() else read(whole)

    return Property(INT, part)


def _utc(it: datetime) -> datetime:
    return it.astimezone(UTC)


def _day_of_year(it: object) -> int:
    return it.timetuple().tm_yday if isinstance(it, datetime) else 0


def _midnight(it: object) -> object:
    return it.replace(hour=0, minute=0, second=0, microsecond=0) if isinstance(it, datetime) else it


def _millisecond(it: object) -> int:
    return it.microsecond // 1000 if isinstance(it, datetime) else 0


# fmt: off
DATE_PROPERTIES: Final[Properties] = {
    "Date":        Property(DATE_TIME, _midnight),
    "Day":         Property(INT, attrgetter("day")),
    "DayOfYear":   Property(INT, _day_of_year),
    "Hour":        Property(INT, attrgetter("hour")),
    "Millisecond": Property(INT, _millisecond),
    "Minute":      Property(INT, attrgetter("minute")),
    "Month":       Property(INT, attrgetter("month")),
    "Second":      Property(INT, attrgetter("second")),
    "Year":        Property(INT, attrgetter("year")),
}
DATE_METHODS: Final[Methods] = {
    "Add":             (Method((TIME_SPAN,), DATE_TIME, later),),
    "AddDays":         _adds("days"),
    "AddHours":        _adds("hours"),
    "AddMilliseconds": _adds("milliseconds"),
    "AddMinutes":      _adds("minutes"),
    "AddSeconds":      _adds("seconds"),
    "ToUniversalTime": (Method((), DATE_TIME, _utc),),
}
SPAN_PROPERTIES: Final[Properties] = {
    "Days":              _of_span(lambda it: it.days),
    "Hours":             _of_span(lambda it: it.seconds // 3600),
    "Milliseconds":      _of_span(lambda it: it.microseconds // 1000),
    "Minutes":           _of_span(lambda it: it.seconds // 60 % 60),
    "Seconds":           _of_span(lambda it: it.seconds % 60),
    "TotalDays":         _total(timedelta(days=1)),
    "TotalHours":        _total(timedelta(hours=1)),
    "TotalMilliseconds": _total(timedelta(milliseconds=1)),
    "TotalMinutes":      _total(timedelta(minutes=1)),
    "TotalSeconds":      _total(timedelta(seconds=1)),
}
TO_STRING: Final = (Method((), STRING, spelled),)  # of every value
TO_STRING_IN_SHAPE: Final = (*TO_STRING, Method((STRING,), STRING, spelled))
# fmt: on

"""What `rate-limit` and `rate-limit-by-key` share: the check, and the headers and variables that tell of it."""

from typing import Final

from attrs import frozen

from entrada.core.gateway.elements import conversion
from entrada.core.gateway.elements.reading import Reading
from entrada.core.gateway.elements.shape import Attribute
from entrada.core.gateway.elements.value import Constant, Value
from entrada.core.gateway.failure import Failure
from entrada.core.gateway.passage import Passage
from entrada.core.jose.numeric_date import Seconds

MOST_CALLS: Final = 1_000_000
LONGEST_PERIOD: Final = 300


@frozen(kw_only=True)
class Told:
    """How callers and later policies learn of the limit."""

    retry_after_header: str
    retry_after_variable: str | None
    remaining_header: str | None
    remaining_variable: str | None
    total_header: str | None


@frozen(kw_only=True)
class Limit:
    key: str
    calls: int
    period: Seconds
    times: int  # this call counts for; 0: that is decided after the response


def check(source: str, limit: Limit, told: Told, passage: Passage) -> Failure | None:
    """Refuse what would be too much; of the rest note how much is left."""
    window, now = passage.window(limit.key), passage.facts.now
    used = window.used(limit.period, now)
    if used + max(limit.times, 1) > limit.calls:
        wait = max(window.wait(limit.calls - max(limit.times, 1), limit.period, now), 1)
        _tell_wait(told, wait, passage)
        return _exceeded(source, limit, told, used, wait)
    _tell_rest(told, limit, limit.calls - used - limit.times, passage)
    passage.note(f"{used} of {limit.calls} calls in {limit.period} s", "let in")
    return None


def count(key: str, times: int, passage: Passage) -> None:
    """A key is counted once for a request, however many limits share it."""
    passage.counted.setdefault(key, times)


def _exceeded(source: str, limit: Limit, told: Told, used: int, wait: int) -> Failure:
    return Failure(
        source=source,
        reason="RateLimitExceeded",
        message="Rate limit is exceeded",
        status=429,
        headers=((told.retry_after_header, str(wait)),),
        said=f"Rate limit is exceeded. Try again in {wait} seconds.",  # [unverified for Azure]
        saw=f"{used} of {limit.calls} calls in {limit.period} s",
        would_pass=f"The same request in {wait} s.",
    )


def _tell_wait(told: Told, wait: int, passage: Passage) -> None:
    if told.retry_after_variable is not None:
        passage.variables[told.retry_after_variable] = wait


def _tell_rest(told: Told, limit: Limit, rest: int, passage: Passage) -> None:
    if told.remaining_variable is not None:
        passage.variables[told.remaining_variable] = rest
    if told.remaining_header is not None:
        passage.added = (*passage.added, (told.remaining_header, str(rest)))
    if told.total_header is not None:
        passage.added = (*passage.added, (told.total_header, str(limit.calls)))


CALLS: Final = Attribute(name="calls", what="how many calls are let in", required=True)
PERIOD: Final = Attribute(
    name="renewal-period",
    what=f"within so many seconds, {LONGEST_PERIOD} at most",
    required=True,
    suggested=("10", "60", "300"),
)
TELLING: Final = (
    Attribute(
        name="retry-after-header-name",
        what="the header that says when to come again",
        default="Retry-After",
        is_literal=True,
    ),
    Attribute(name="retry-after-variable-name", what="a variable that holds the same", is_literal=True),
    Attribute(
        name="remaining-calls-header-name",
        what="a header that says how many calls are left",
        suggested=("X-RateLimit-Remaining",),
        is_literal=True,
    ),
    Attribute(name="remaining-calls-variable-name", what="a variable that holds the same", is_literal=True),
    Attribute(
        name="total-calls-header-name",
        what="a header that says how many calls there are",
        suggested=("X-RateLimit-Limit",),
        is_literal=True,
    ),
)


def read_told(reading: Reading) -> Told:
    return Told(
        retry_after_header=_header(reading, "retry-after-header-name") or "Retry-After",
        retry_after_variable=reading.literal("retry-after-variable-name"),
        remaining_header=_header(reading, "remaining-calls-header-name"),
        remaining_variable=reading.literal("remaining-calls-variable-name"),
        total_header=_header(reading, "total-calls-header-name"),
    )


def read_calls(reading: Reading) -> tuple[Value[int], Value[int]]:
    """calls, renewal-period."""
    for name in ("calls", "renewal-period"):
        if not reading.has(name):
            reading.missing(name, 'write calls="…" and renewal-period="…" (seconds).')
    calls = reading.number("calls", 1, MOST_CALLS) or Constant(1)
    return calls, reading.number("renewal-period", 1, LONGEST_PERIOD) or Constant(1)


def _header(reading: Reading, name: str) -> str | None:
    found = reading.literal(name)
    if found is None:
        return None
    try:
        return conversion.header_name(found)
    except ValueError as problem:
        reading.fault(reading.place_of(name), "This is no name of a header.", str(problem))
        return None

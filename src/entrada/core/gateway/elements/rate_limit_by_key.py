"""`rate-limit-by-key`: so many calls with the same key in so many seconds.  Gateway reference section 7."""

from hashlib import sha256
from typing import Final

from attrs import frozen

from entrada.core.gateway.elements import conversion, limiting
from entrada.core.gateway.elements.kind import INBOUND, Kind
from entrada.core.gateway.elements.limiting import (
    CALLS,
    MOST_CALLS,
    PERIOD,
    TELLING,
    Limit,
    Told,
    read_calls,
    read_told,
)
from entrada.core.gateway.elements.outcome import Outcome
from entrada.core.gateway.elements.reading import Reading
from entrada.core.gateway.elements.shape import Attribute, Shape, flag
from entrada.core.gateway.elements.value import Constant, Value
from entrada.core.gateway.expressions.type import BOOL
from entrada.core.gateway.passage import Count, Passage
from entrada.core.jose.numeric_date import Seconds

NAME: Final = "rate-limit-by-key"


@frozen(kw_only=True)
class RateLimitByKey:
    key: Value[str]
    calls: Value[int]
    period: Value[int]
    times: Value[int]
    condition: Value[bool] | None
    after_response: Value[bool]
    told: Told

    def perform(self, passage: Passage) -> Outcome:
        # One counter for a key, in whatever scopes and policies it is used.
        # Its digest is kept: published policies count by subscription keys.
        key = f"{NAME}/{sha256(self.key.of(passage).encode('utf-8', 'replace')).hexdigest()}"
        is_later = self.condition is not None or self.after_response.of(passage)
        limit = Limit(
            key=key,
            calls=self.calls.of(passage),
            period=Seconds(self.period.of(passage)),
            times=0 if is_later else self.times.of(passage),
        )
        refused = limiting.check(NAME, limit, self.told, passage)
        if refused is not None:
            return refused
        if is_later:  # a condition may look at the response
            passage.to_count = (*passage.to_count, Count(key=key, times=self.times, condition=self.condition))
        else:
            limiting.count(key, limit.times, passage)
        return None


def read(reading: Reading) -> RateLimitByKey:
    calls, period = read_calls(reading)
    return RateLimitByKey(
        key=reading.required("counter-key", 'write counter-key="@(context.Request.IpAddress)", for one.'),
        calls=calls,
        period=period,
        times=reading.number("increment-count", 1, MOST_CALLS) or Constant(1),
        condition=reading.named("increment-condition", conversion.flag, BOOL),
        after_response=reading.flag("increment-after-response", default=False),
        told=read_told(reading),
    )


SHAPE: Final = Shape(
    name=NAME,
    what="let so many calls with the same key in, in so many seconds",
    attributes=(
        CALLS,
        PERIOD,
        Attribute(
            name="counter-key",
            what="what calls are counted by",
            required=True,
            suggested=("@(context.Request.IpAddress)", "@(context.Subscription?.Id ?? context.Request.IpAddress)"),
        ),
        Attribute(name="increment-condition", what="whether this call counts; it may look at the response"),
        Attribute(name="increment-count", what="for how many this call counts", default="1"),
        flag("increment-after-response", "whether it is counted only when it is answered", default=False),
        *TELLING,
    ),
)
KIND: Final = Kind(name=NAME, read=read, shape=SHAPE, sections=(INBOUND,))

"""`rate-limit`: so many calls of a subscription in so many seconds.  Gateway reference section 7."""

from collections.abc import Iterator
from typing import Final

from attrs import evolve, frozen

from entrada.core.gateway.elements import limiting
from entrada.core.gateway.elements.kind import API, INBOUND, OPERATION, PRODUCT, Kind
from entrada.core.gateway.elements.limiting import CALLS, PERIOD, TELLING, Limit, Told, read_calls, read_told
from entrada.core.gateway.elements.outcome import Outcome
from entrada.core.gateway.elements.reading import Reading
from entrada.core.gateway.elements.shape import Attribute, Shape
from entrada.core.gateway.elements.value import Constant, Value
from entrada.core.gateway.passage import Passage
from entrada.core.jose.numeric_date import Seconds

NAME: Final = "rate-limit"


@frozen(kw_only=True)
class Part:
    """A limit of its own for one API or operation, by id or by name; the id wins."""

    kind: str
    id: str | None
    name: str | None
    calls: int
    period: Seconds
    parts: tuple["Part", ...] = ()

    def is_about(self, passage: Passage) -> bool:
        one = passage.api if self.kind == "api" else passage.operation
        return self.id == one.id if self.id is not None else self.name == one.display_name


@frozen(kw_only=True)
class RateLimit:
    calls: int
    period: Seconds
    parts: tuple[Part, ...]
    told: Told

    def perform(self, passage: Passage) -> Outcome:
        subscription = passage.subscription
        if subscription is None:
            passage.note("no subscription key", "lets every call in: it counts by subscription")
            return None
        limits = [
            Limit(key=f"{NAME}/{place}/{subscription.id}", calls=calls, period=period, times=1)
            for place, calls, period in self._places(passage)
        ]
        for limit in limits:
            refused = limiting.check(NAME, limit, self.told, passage)
            if refused is not None:
                return refused
        for limit in limits:
            limiting.count(limit.key, 1, passage)
        return None

    def _places(self, passage: Passage) -> Iterator[tuple[str, int, Seconds]]:
        yield _owner(passage), self.calls, self.period
        for part in self.parts:
            if part.is_about(passage):
                yield f"{_owner(passage)}/{part.kind}={passage.api.id}", part.calls, part.period
                for inner in part.parts:
                    if inner.is_about(passage):
                        place = f"{_owner(passage)}/operation={passage.api.id};{passage.operation.id}"
                        yield place, inner.calls, inner.period


def _owner(passage: Passage) -> str:
    """Whose policy it stands in: each has counters of its own."""
    scope = passage.statement.scope if passage.statement else ""
    if scope == PRODUCT and passage.product is not None:
        return f"product={passage.product.id}"
    return f"api={passage.api.id}" if scope == API else f"operation={passage.api.id};{passage.operation.id}"


def read(reading: Reading) -> RateLimit:
    calls, period = _fixed(reading)
    return RateLimit(
        calls=calls,
        period=period,
        parts=tuple(_part(one, "api") for one in reading.children("api")),
        told=read_told(reading),
    )


def _part(reading: Reading, kind: str) -> Part:
    calls, period = _fixed(reading)
    found = Part(
        kind=kind,
        id=reading.literal("id") if reading.has("id") else None,
        name=reading.literal("name"),
        calls=calls,
        period=period,
        parts=tuple(_part(one, "operation") for one in reading.children("operation")) if kind == "api" else (),
    )
    if found.id is None and found.name is None:
        reading.missing("id", f"write the id, or the name, of the {kind}.")
    reading.done()
    return found


def _fixed(reading: Reading) -> tuple[int, Seconds]:
    calls, period = read_calls(reading)
    return _literal(reading, "calls", calls), Seconds(_literal(reading, "renewal-period", period))


def _literal(reading: Reading, name: str, value: Value[int]) -> int:
    if isinstance(value, Constant):
        return value.value
    what = f"The attribute `{name}` of <rate-limit> takes no expression."
    reading.fault(reading.place_of(name), what, "write a number, or use rate-limit-by-key.")
    return 1


_NAMED: Final = (
    CALLS,
    PERIOD,
    Attribute(name="id", what="which, by its id", is_literal=True),
    Attribute(name="name", what="which, by its name", is_literal=True),
)
SHAPE: Final = Shape(
    name=NAME,
    what="let so many calls of a subscription in, in so many seconds",
    attributes=(
        evolve(CALLS, is_literal=True),
        evolve(PERIOD, is_literal=True),
        *TELLING,
    ),
    children=(
        Shape(
            name="api",
            what="a limit of its own for one API",
            repeats=True,
            attributes=_NAMED,
            children=(Shape(name="operation", what="and for one of its operations", repeats=True, attributes=_NAMED),),
        ),
    ),
)
KIND: Final = Kind(name=NAME, read=read, shape=SHAPE, sections=(INBOUND,), scopes=(PRODUCT, API, OPERATION), once=True)

"""How often, how long, how many refusals, by API and operation, for Prometheus.  Its text format, version 0.0.4.

As many series as the gateway has operations: what callers choose (paths, claims, addresses) labels nothing.
"""

from bisect import bisect_left
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Final

from attrs import define, field

from entrada.core.jose.numeric_date import NumericDate
from entrada.server.usecases.gateway.live import Health

if TYPE_CHECKING:
    from entrada.server.web.gateway.observed import Observed

BUCKETS: Final = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)  # seconds
MOST: Final = 10_000  # operations; what comes after them is counted under no name
_Operation = tuple[str, str]
_ESCAPED: Final = str.maketrans({"\\": r"\\", '"': r"\"", "\n": r"\n"})


@define
class Durations:
    counts: list[int] = field(factory=lambda: [0] * (len(BUCKETS) + 1))
    total: float = 0.0

    def add(self, seconds: float) -> None:
        self.counts[bisect_left(BUCKETS, seconds)] += 1
        self.total += seconds


@define
class _OfOperation:
    requests: dict[str, int] = field(factory=dict[str, int])  # by the class of the status
    refusals: dict[str, int] = field(factory=dict[str, int])  # by reason: the names that `decide` knows
    took: Durations = field(factory=Durations)
    backend_took: Durations = field(factory=Durations)


@define
class Figures:
    _known: dict[_Operation, _OfOperation] = field(factory=dict[_Operation, _OfOperation])

    def count(self, one: "Observed") -> None:
        of = self._of((one.api, one.operation))
        group = f"{one.status // 100}xx" if one.status else "gone"
        of.requests[group] = of.requests.get(group, 0) + 1
        of.took.add(one.seconds)
        if one.reason:
            of.refusals[one.reason] = of.refusals.get(one.reason, 0) + 1
        if one.backend_seconds is not None:
            of.backend_took.add(one.backend_seconds)

    def text(self, health: Health, now: NumericDate) -> str:
        return "\n".join((*self._requests(), *self._durations(), *_of_health(health, now), ""))

    def _of(self, key: _Operation) -> _OfOperation:
        known = self._known.get(key)
        if known is None:
            key = key if len(self._known) < MOST else ("", "")
            known = self._known.setdefault(key, _OfOperation())
        return known

    def _requests(self) -> Iterator[str]:
        yield from _head("entrada_gateway_requests_total", "counter", "Requests, by class of status.")
        for at, of in self._known.items():
            for group, count in of.requests.items():
                yield f"entrada_gateway_requests_total{_labels(at, status=group)} {count}"
        yield from _head("entrada_gateway_refusals_total", "counter", "Refusals by a policy or a built-in step.")
        for at, of in self._known.items():
            for reason, count in of.refusals.items():
                yield f"entrada_gateway_refusals_total{_labels(at, reason=reason)} {count}"

    def _durations(self) -> Iterator[str]:
        name = "entrada_gateway_request_duration_seconds"
        yield from _head(name, "histogram", "From the head of a request to the end of its answer.")
        for at, of in self._known.items():
            yield from _histogram(name, at, of.took)
        name = "entrada_gateway_backend_duration_seconds"
        yield from _head(name, "histogram", "From asking the backend to the head of its answer.")
        for at, of in self._known.items():
            yield from _histogram(name, at, of.backend_took)


def _of_health(health: Health, now: NumericDate) -> Iterator[str]:
    name = "entrada_gateway_configuration_problem"
    yield from _head(name, "gauge", "1: what is served is not what is stored; the log says why.")
    yield f"{name} {int(bool(health.problem))}"
    name = "entrada_gateway_keys_age_seconds"
    yield from _head(name, "gauge", "Since the keys of a discovery document were read.")
    for one in health.providers:
        if one.fetched_at is not None:
            yield f"{name}{_written({'document': one.url})} {now - one.fetched_at}"
    name = "entrada_gateway_keys"
    yield from _head(name, "gauge", "Keys that a discovery document leads to.")
    for one in health.providers:
        yield f"{name}{_written({'document': one.url})} {one.keys}"


def _histogram(name: str, at: _Operation, found: Durations) -> Iterator[str]:
    passed = 0
    for bound, count in zip((*map(str, BUCKETS), "+Inf"), found.counts, strict=True):
        passed += count
        yield f"{name}_bucket{_labels(at, le=bound)} {passed}"
    yield f"{name}_sum{_labels(at)} {found.total:.6f}"
    yield f"{name}_count{_labels(at)} {passed}"


def _head(name: str, kind: str, words: str) -> tuple[str, str]:
    return f"# HELP {name} {words}", f"# TYPE {name} {kind}"


def _labels(at: _Operation, **more: str) -> str:
    return _written({"api": at[0], "operation": at[1], **more})


def _written(labels: Mapping[str, str]) -> str:
    return "{" + ",".join(f'{name}="{value.translate(_ESCAPED)}"' for name, value in labels.items()) + "}"

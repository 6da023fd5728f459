"""All ways through the policies of one operation that Envoy can go by itself.  Gateway reference section 1."""

from collections.abc import Iterator
from typing import Final

from attrs import define, evolve, field

from entrada.core.gateway.elements.kind import BACKEND, OUTBOUND
from entrada.core.gateway.envoy import checks, matches
from entrada.core.gateway.envoy.known import known
from entrada.core.gateway.envoy.not_native import NotNative
from entrada.core.gateway.envoy.steps import Statements, Steps
from entrada.core.gateway.envoy.way import Answered, Asked, Way

MOST: Final = 64


@define
class Following:
    steps: Steps
    reasons: list[str] = field(factory=list[str])  # why ways end in Python

    def ways(self, start: Way) -> tuple[Way, ...]:
        """Those to an end; each for requests of its own."""
        if start.plan.on_error:
            self._give_up("on-error has policies")
            return ()
        return tuple(found for one in self._origins(start) for found in self._through(one))[:MOST]

    def _through(self, start: Way) -> Iterator[Way]:
        plan = start.plan
        for inbound in self._followed(plan.inbound, start):
            if inbound.end is not None:
                yield inbound
                continue
            for asked in self._followed(plan.backend, evolve(inbound, section=BACKEND)):
                yield from self._back(asked)

    def _back(self, way: Way) -> Iterator[Way]:
        if isinstance(way.end, Answered):
            yield way
        elif isinstance(way.end, Asked):
            end = way.end
            for one in self._followed(way.plan.outbound, evolve(way, section=OUTBOUND, end=None)):
                yield evolve(one, end=end)
        else:
            self._give_up("the backend is not asked")

    def _followed(self, statements: Statements, way: Way) -> Iterator[Way]:
        if not statements:
            yield way
            return
        try:
            onward = tuple(self.steps.of(statements[0], way))
        except NotNative as why:
            self._give_up(why.reason)
            return
        for one in onward:
            rest = (*one.branch, *statements[1:])
            if one.way.end is None:
                yield from self._followed(rest, one.way)
            elif isinstance(one.way.end, Asked) and rest:
                self._give_up("policies follow <forward-request>")
            else:
                yield one.way

    def _origins(self, start: Way) -> Iterator[Way]:
        """What `cors` adds to every answer is decided by the origin: none, or one that is allowed."""
        if not start.plan.cors:
            yield start
            return
        policy, missing = start.plan.cors[0], start.where(matches.absent("origin"))
        try:
            known(policy.allows_credentials, start)
        except NotNative as why:
            self._give_up(why.reason)
            return
        yield evolve(missing, cors=policy.headers_for(None, start.stand_in()))
        for origin in policy.origins:
            is_that = (
                start.where(matches.present("origin"))
                if origin == "*"
                else start.checked(checks.exactly("origin", origin))
            )
            yield evolve(is_that, cors=policy.headers_for(origin, start.stand_in()))

    def _give_up(self, reason: str) -> None:
        if reason not in self.reasons:
            self.reasons.append(reason)

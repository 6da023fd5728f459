"""All ways through the policies of one operation that Envoy can go by itself.  Gateway reference section 1."""

from collections.abc import Iterator
from itertools import islice
from typing import Final

from attrs import define, evolve, field

from entrada.core.gateway.elements.cors import ANY
from entrada.core.gateway.elements.kind import BACKEND, OUTBOUND
from entrada.core.gateway.envoy import checks, matches
from entrada.core.gateway.envoy.known import known
from entrada.core.gateway.envoy.not_native import MOST, NotNative, TooMany, few
from entrada.core.gateway.envoy.steps import Statements, Steps
from entrada.core.gateway.envoy.way import Answered, Asked, Way
from entrada.core.gateway.envoy.wire import literal
from entrada.core.gateway.headers import Headers

_STEPS: Final = 8192  # policies passed on all ways together, dead ends included: each choice doubles them


@define
class Following:
    steps: Steps
    reasons: list[str] = field(factory=list[str])  # why ways end in Python
    _passed: int = 0

    def ways(self, start: Way) -> tuple[Way, ...]:
        """Those to an end; each for requests of its own.  Raises TooMany."""
        if start.plan.on_error:
            self._give_up("on-error has policies")
            return ()
        return few(tuple(islice((way for one in self._origins(start) for way in self._through(one)), MOST + 1)))

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
        """One at a time, as it is asked for: there may be millions."""
        pending = [(statements, way)]
        while pending:
            statements, way = pending.pop()
            if statements and way.end is None:
                pending += reversed(self._onward(statements, way))
            elif statements and isinstance(way.end, Asked):
                self._give_up("policies follow <forward-request>")
            else:
                yield way

    def _onward(self, statements: Statements, way: Way) -> list[tuple[Statements, Way]]:
        self._passed += 1
        if self._passed > _STEPS:
            raise TooMany
        try:
            found = few(tuple(islice(self.steps.of(statements[0], way), MOST + 1)))
        except TooMany:
            raise
        except NotNative as why:
            self._give_up(why.reason)
            return []
        return [((*one.branch, *statements[1:]), one.way) for one in found]

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
        yield evolve(missing, cors=_formatted(policy.headers_for(None, start.stand_in())))
        named = tuple(one for one in policy.origins if one != ANY)
        if named:  # what they are told differs in their name alone, which they have sent
            known_one = start.checked(checks.one_of("origin", named, ignores_case=False))
            told = _formatted(policy.headers_for(named[0], start.stand_in()), origin=named[0])
            yield evolve(known_one, cors=told, copied=known_one.copied | {"origin"})
        if ANY in policy.origins:
            told = _formatted(policy.headers_for(ANY, start.stand_in()))
            yield evolve(start.where(matches.present("origin")), cors=told)

    def _give_up(self, reason: str) -> None:
        if reason not in self.reasons:
            self.reasons.append(reason)


def _formatted(headers: Headers, origin: str | None = None) -> Headers:
    return tuple((name, "%REQ(ORIGIN)%" if value == origin else literal(value)) for name, value in headers)

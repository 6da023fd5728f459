"""Which API and which operation a request is for.  Gateway reference sections 9 and 13.2."""

import re
from collections.abc import Iterable, Mapping
from typing import Final
from urllib.parse import unquote

from attrs import field, frozen

from entrada.core.gateway import query
from entrada.core.gateway.entities.api import Api
from entrada.core.gateway.entities.operation import PARAMETER, Operation

_LITERAL: Final = 0
_MIXED: Final = 1
_PARAMETER: Final = 2
_REST: Final = 3


@frozen(kw_only=True)
class Matcher:
    operation: Operation
    path: re.Pattern[str] = field(eq=False)
    names: tuple[str, ...]
    asked: Mapping[str, str | None]  # query parameters of the template: to the name of the parameter, or to a value
    rank: tuple[tuple[int, ...], int]  # the lower, the more literal

    def match(self, rest: str, given: str) -> Mapping[str, str] | None:
        """The parameters."""
        found = self.path.fullmatch(rest)
        if found is None:
            return None
        matched = {name: unquote(value) for name, value in zip(self.names, found.groups(), strict=True)}
        for name, wanted in self.asked.items():
            values = query.values(given, name)
            parameter = PARAMETER.fullmatch(wanted or "")
            if not values or (wanted is not None and parameter is None and values[0] != wanted):
                return None
            if parameter is not None:
                matched[parameter[2]] = values[0]
        return matched


@frozen(kw_only=True)
class Matched:
    operation: Operation
    parameters: Mapping[str, str]


def matchers(operations: Iterable[Operation]) -> Mapping[str, tuple[Matcher, ...]]:
    """By method, the most literal first: literal segments win over parameters."""
    found: dict[str, list[Matcher]] = {}
    for one in operations:
        found.setdefault(one.method.upper(), []).append(_matcher(one))
    return {method: tuple(sorted(those, key=lambda one: one.rank)) for method, those in found.items()}


def matched(known: Mapping[str, tuple[Matcher, ...]], method: str, rest: str, given: str) -> Matched | None:
    # As it was sent: methods have a case (RFC 9110 §9.1), and a policy that asks whether one is POST means that one.
    for one in known.get(method, ()):
        parameters = one.match(rest or "/", given)
        if parameters is not None:
            return Matched(operation=one.operation, parameters=parameters)
    return None


def chosen_api(apis: Iterable[Api], path: str) -> Api | None:
    """The one with the longest path that *path* begins with, segment by segment."""
    fitting = (one for one in apis if path == one.public_path or path.startswith(f"{one.public_path}/"))
    return max(fitting, key=lambda one: len(one.public_path), default=None)


def _matcher(operation: Operation) -> Matcher:
    path, _, asked = operation.url_template.partition("?")
    found = PARAMETER.findall(path)
    wanted = {name: value or None for name, value in query.pairs(asked)}
    ranks = tuple(_rank(segment) for segment in path.split("/"))
    return Matcher(
        operation=operation,
        path=re.compile(_pattern(path), re.DOTALL),
        names=tuple(name for _, name in found),
        asked=wanted,
        rank=(ranks, -len(wanted)),
    )


def _pattern(path: str) -> str:
    parts = list[str]()
    end = 0
    for found in PARAMETER.finditer(path):
        parts += [re.escape(path[end : found.start()]), "(.*)" if found[1] else "([^/]+)"]
        end = found.end()
    return "".join([*parts, re.escape(path[end:])])


def _rank(segment: str) -> int:
    if segment.startswith("{*"):
        return _REST
    if PARAMETER.fullmatch(segment):
        return _PARAMETER
    return _MIXED if PARAMETER.search(segment) else _LITERAL

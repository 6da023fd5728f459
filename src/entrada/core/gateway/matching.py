"""Which API and which operation a request is for.  Gateway reference sections 9 and 13.2."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final
from urllib.parse import unquote

from attrs import field, frozen

from entrada.core.gateway import query
from entrada.core.gateway.entities.api import Api
from entrada.core.gateway.entities.operation import PARAMETER, Operation
from entrada.core.gateway.segments import Segments, asked_segments, template_segments

_LITERAL: Final = 0
_MIXED: Final = 1
_PARAMETER: Final = 2
_REST: Final = 3


@frozen(kw_only=True)
class Matcher:
    operation: Operation
    path: Segments = field(eq=False)
    names: tuple[str, ...]
    asked: Mapping[str, str | None]  # query parameters of the template: to the name of the parameter, or to a value
    rank: tuple[tuple[int, ...], int]  # the lower, the more literal

    def match(self, asked: Sequence[bytes], given: str) -> Mapping[str, str] | None:
        """The parameters."""
        found = self.path.values(asked)
        if found is None:
            return None
        matched = {name: value.decode("utf-8", "replace") for name, value in zip(self.names, found, strict=True)}
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
    asked = asked_segments(rest or "/")
    for one in known.get(method, ()):
        parameters = one.match(asked, given)
        if parameters is not None:
            return Matched(operation=one.operation, parameters=parameters)
    return None


def chosen_api(apis: Iterable[Api], path: str) -> Api | None:
    """The one with the longest path that *path* begins with, segment by segment."""
    fitting = (one for one in apis if behind(one, path) is not None)
    return max(fitting, key=lambda one: len(one.public_path), default=None)


def behind(api: Api, path: str) -> str | None:
    """What of *path* stands behind that of the API; None where it is another's."""
    public = api.public_path
    if path == public or path.startswith(f"{public}/"):
        return path[len(public) :]
    if "%" not in path:
        return None
    # Escaped characters of the API's path: its backend may read them, so it is this API.
    segments = path.split("/")
    count = public.count("/") + 1
    if [unquote(one) for one in segments[:count]] != public.split("/"):
        return None
    return "/".join(["", *segments[count:]]) if segments[count:] else ""


def _matcher(operation: Operation) -> Matcher:
    path, _, asked = operation.url_template.partition("?")
    found = PARAMETER.findall(path)
    wanted = {name: value or None for name, value in query.pairs(asked)}
    ranks = tuple(_rank(segment) for segment in path.split("/"))
    return Matcher(
        operation=operation,
        path=template_segments(path),
        names=tuple(name for _, name in found),
        asked=wanted,
        rank=(ranks, -len(wanted)),
    )


def _rank(segment: str) -> int:
    if segment.startswith("{*"):
        return _REST
    if PARAMETER.fullmatch(segment):
        return _PARAMETER
    return _MIXED if PARAMETER.search(segment) else _LITERAL

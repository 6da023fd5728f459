"""Routes that are loaded when the first request for them comes: a start waits for no room that nobody visits."""

from collections.abc import Callable
from functools import cached_property

from starlette.routing import BaseRoute, Match
from starlette.types import Receive, Scope, Send

_CHOSEN = "entrada.later"


class Later(BaseRoute):
    """All routes at and below *prefix*."""

    def __init__(self, prefix: str, load: Callable[[], list[BaseRoute]]) -> None:
        self._prefix = prefix
        self._load = load

    @cached_property
    def routes(self) -> list[BaseRoute]:
        return self._load()

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        path: str = scope["path"] if scope["type"] == "http" else ""
        if path != self._prefix and not path.startswith(f"{self._prefix}/"):
            return Match.NONE, {}
        best: Match = Match.NONE
        found: Scope = {}
        for route in self.routes:
            match, child = route.matches(scope)
            if match is Match.FULL:
                return match, {**child, _CHOSEN: route}
            if match is Match.PARTIAL and best is Match.NONE:
                best, found = match, {**child, _CHOSEN: route}
        return best, found

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        chosen: BaseRoute = scope.pop(_CHOSEN)
        await chosen.handle(scope, receive, send)

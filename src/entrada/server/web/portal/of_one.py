"""Pages and deeds of the one object that a path names, or the page that says why not."""

from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

from attrs import frozen
from starlette.responses import Response

from entrada.core.directory.administration.actor import Actor
from entrada.core.directory.administration.problem import Problem
from entrada.server.usecases.installation import Installation
from entrada.server.web.portal.door import Crumbs, Do, Show, Visitor, problem_page
from entrada.server.web.signed_in.form import Form

T = TypeVar("T")


@frozen(kw_only=True)
class OfOne(Generic[T]):
    """*find* asks by the path's id; *at* and *crumbs* are of the list it stands in."""

    find: Callable[[Installation, Actor, str], Awaitable[T | Problem]]
    at: str
    crumbs: Crumbs

    def show(self, show: Callable[[Visitor, T], Awaitable[Response]]) -> Show:
        async def answer(visitor: Visitor) -> Response:
            found = await self._find(visitor)
            return self._missing(visitor, found) if isinstance(found, Problem) else await show(visitor, found)

        return answer

    def do(self, do: Callable[[Visitor, T, Form], Awaitable[Response]]) -> Do:
        async def answer(visitor: Visitor, form: Form) -> Response:
            found = await self._find(visitor)
            return self._missing(visitor, found) if isinstance(found, Problem) else await do(visitor, found, form)

        return answer

    async def _find(self, visitor: Visitor) -> T | Problem:
        return await self.find(visitor.here, visitor.actor, visitor.param("id"))

    def _missing(self, visitor: Visitor, problem: Problem) -> Response:
        return problem_page(visitor, problem, at=self.at, crumbs=self.crumbs)

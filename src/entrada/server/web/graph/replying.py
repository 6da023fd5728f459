"""From what a use case answers to a reply: pages, single objects, counts, references."""

from collections.abc import Awaitable, Callable, Sequence
from typing import TypeVar

from attrs import evolve

from entrada.core.directory.administration.actor import Actor
from entrada.core.directory.administration.problem import Problem, bad
from entrada.core.directory.graph.object_reference import referred
from entrada.core.directory.query.query import After, Page, Query
from entrada.server.usecases.installation import Installation
from entrada.server.web.graph.endpoint import Call, Handle
from entrada.server.web.graph.replies import Done, Json, Reply, Some, Text

T = TypeVar("T")
List = Callable[[Installation, Actor, Query], Awaitable[Page[T] | Problem]]
ListOfOne = Callable[[Installation, Actor, str, Query], Awaitable[Page[T] | Problem]]


def page_of(found: Page[T] | Problem, write: Callable[[T], Json]) -> Some | Problem:
    if isinstance(found, Problem):
        return found
    return Some(items=tuple(map(write, found.items)), more=found.more, count=found.count)


def listing(listed: List[T], write: Callable[[T], Json]) -> Handle:
    async def handle(call: Call) -> Reply:
        return page_of(await listed(call.here, call.actor, call.query), write)

    return handle


def counting(listed: List[T]) -> Handle:
    async def handle(call: Call) -> Reply:
        found = await listed(call.here, call.actor, evolve(call.query, top=1, count=True))
        return found if isinstance(found, Problem) else Text(str(found.count or 0))

    return handle


def listing_of(
    listed: ListOfOne[T], writing: Callable[[Call], Callable[[T], Json]], key: Callable[[Call], Awaitable[str]]
) -> Handle:
    """What hangs on the object that the path names."""

    async def handle(call: Call) -> Reply:
        return page_of(await listed(call.here, call.actor, await key(call), call.query), writing(call))

    return handle


def counting_of(listed: ListOfOne[T], key: Callable[[Call], Awaitable[str]]) -> Handle:
    async def handle(call: Call) -> Reply:
        query = evolve(call.query, top=1, count=True)
        found = await listed(call.here, call.actor, await key(call), query)
        return found if isinstance(found, Problem) else Text(str(found.count or 0))

    return handle


def sliced(items: Sequence[T], call: Call, write: Callable[[T], Json]) -> Some:
    """A page of what is known whole; its place is a number."""
    after = call.query.after
    start = after.value if after is not None and isinstance(after.value, int) else 0
    end = start + call.query.top
    more = After(end, "") if end < len(items) else None
    count = len(items) if call.query.count else None
    return Some(items=tuple(map(write, items[start:end])), more=more, count=count)


async def by_id(call: Call) -> str:
    return call.id


def done(found: object) -> Reply:
    return found if isinstance(found, Problem) else Done()


def whichever_version(handle: Handle) -> Handle:
    """For what has no version that was read: who asks for one must not believe that it was looked at."""

    async def refusing(call: Call) -> Reply:
        if call.seen is not None:
            return bad("If-Match is not taken here: what this request changes is read without an ETag.", "If-Match")
        return await handle(call)

    return refusing


def reference_of(call: Call) -> str | Problem:
    """Of a body `{"@odata.id": …}`."""
    return referred(call.members)

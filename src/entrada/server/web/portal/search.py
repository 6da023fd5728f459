"""The search box: any id leads to what it is of, a name to those that bear it.

What the visitor may not read is not found: every question goes through the use case of its kind.
"""

from collections.abc import AsyncIterator, Awaitable
from typing import Final, TypeVar

from attrs import frozen
from starlette.responses import RedirectResponse, Response

from entrada.core.directory.administration.problem import Problem
from entrada.core.directory.ids import parse_guid
from entrada.core.directory.query.condition import AnyElement, Compare, Condition, Either, Op
from entrada.core.directory.query.query import Order, Page, Query
from entrada.server.usecases.administer.applications import list_applications
from entrada.server.usecases.administer.deleted_items import find_deleted
from entrada.server.usecases.administer.groups import list_groups
from entrada.server.usecases.administer.keys import list_keys
from entrada.server.usecases.administer.logs import find_story
from entrada.server.usecases.administer.service_principals import list_service_principals
from entrada.server.usecases.administer.users import list_users
from entrada.server.web.http.pages import HEADERS
from entrada.server.web.portal.door import Visitor, page
from entrada.server.web.portal.finding import named

T = TypeVar("T")
EACH: Final = 10
_LONGEST: Final = 400


@frozen
class Hit:
    kind: str
    name: str
    detail: str
    path: str


async def search(visitor: Visitor) -> Response:
    text = visitor.query("q")[:_LONGEST]
    hits = [one async for one in _found(visitor, text)] if text else []
    exact = await _one(visitor, text, hits)
    if exact is not None:
        return RedirectResponse(exact, 302, HEADERS)
    return page(visitor, "portal/search.html", title="Search", at="home", q=text, hits=hits, each=EACH)


async def _one(visitor: Visitor, text: str, hits: list[Hit]) -> str | None:
    """Where an id, a user name or a URI leads; a name may be of several things, so it is never followed."""
    guid = parse_guid(text.strip("{}"))
    if guid is not None:
        # An application and its service principal share the appId: the registration comes first.
        return hits[0].path if hits else await _elsewhere(visitor, guid)
    if len(hits) == 1 and ("@" in text or ":" in text):
        return hits[0].path
    return "/portal/keys" if await _is_key(visitor, text) else None


async def _elsewhere(visitor: Visitor, guid: str) -> str | None:
    if guid == visitor.tenant.id:
        return "/portal/settings"
    deleted = await find_deleted(visitor.here, visitor.actor, guid)
    if not isinstance(deleted, Problem):
        return f"/portal/deleted?filter={guid}"
    story = await find_story(visitor.here, visitor.actor, guid)
    return None if isinstance(story, Problem) else f"/portal/stories/{guid}"


async def _is_key(visitor: Visitor, text: str) -> bool:
    keys = await list_keys(visitor.here, visitor.actor)
    return not isinstance(keys, Problem) and any(one.kid == text for one in keys)


async def _found(visitor: Visitor, text: str) -> AsyncIterator[Hit]:
    here, actor = visitor.here, visitor.actor
    async for app in _each(list_applications(here, actor, _query(_application(text)))):
        yield Hit("App registration", app.display_name, app.app_id, f"/portal/applications/{app.id}")
    installed = _query(named(text, "display_name", ids=("id", "app_id")))
    async for one in _each(list_service_principals(here, actor, installed)):
        principal = one.principal
        yield Hit("Enterprise application", one.display_name, principal.app_id, f"/portal/enterprise/{principal.id}")
    async for user in _each(list_users(here, actor, _query(_user(text)))):
        yield Hit("User", user.display_name, user.user_principal_name, f"/portal/users/{user.id}")
    async for group in _each(list_groups(here, actor, _query(named(text, "display_name")))):
        yield Hit("Group", group.display_name, group.id, f"/portal/groups/{group.id}")


async def _each(asked: Awaitable[Page[T] | Problem]) -> AsyncIterator[T]:
    """None where the visitor may not read them."""
    answer = await asked
    for one in () if isinstance(answer, Problem) else answer.items:
        yield one


def _application(text: str) -> Condition:
    uris = (AnyElement(name, Op.EQ, text) for name in ("identifier_uris", "redirect_uris"))
    guid = parse_guid(text.strip("{}"))
    parts = [AnyElement("part_ids", Op.EQ, guid)] if guid else []
    return Either((named(text, "display_name", ids=("id", "app_id")), *parts, *uris))


def _user(text: str) -> Condition:
    if "@" in text:
        return Either((Compare("user_principal_name", Op.EQ, text), Compare("mail", Op.EQ, text)))
    return named(text, "display_name", "user_principal_name")


def _query(where: Condition) -> Query:
    return Query(where=where, order=Order("display_name"), top=EACH)

"""Who visits the portal, and how its pages answer: signed in, from our own forms, with the same frame around each.

Route = get(site, "/portal/users", show)            show(visitor) -> Response
Route = post(site, "/portal/users/new", create)     create(visitor, form) -> Response
"""

from collections.abc import Awaitable, Callable, Iterable, Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from entrada.core.directory.administration.problem import Problem
from entrada.core.errors.reason import Refusal
from entrada.server.web.http import decision_log
from entrada.server.web.http.error_page import page as refusal_page
from entrada.server.web.http.pages import ALONE
from entrada.server.web.http.site import Site
from entrada.server.web.portal.menu import offered
from entrada.server.web.signed_in.arrival import is_from_our_page, notice, session_over, telling, to_sign_in
from entrada.server.web.signed_in.form import MAX_FILE, Form, read_portal_form
from entrada.server.web.signed_in.problem_words import errors_of, summary_of, worded
from entrada.server.web.signed_in.session import (
    find_guests_tenant,
    keep_awake,
)
from entrada.server.web.signed_in.tables import labelled
from entrada.server.web.signed_in.visitor import Visitor, arrive
from entrada.server.web.signed_in.words import day, moment

__all__ = [
    "Crumbs",
    "Do",
    "Show",
    "Tabs",
    "Visitor",
    "arrive",
    "done",
    "get",
    "object_page",
    "page",
    "post",
    "problem_page",
]


Crumbs = Iterable[tuple[str, str]]
Tabs = Iterable[tuple[str, str]]
Show = Callable[[Visitor], Awaitable[Response]]
Do = Callable[[Visitor, Form], Awaitable[Response]]


def get(site: Site, path: str, show: Show) -> Route:
    async def answer(request: Request) -> Response:
        visitor = await arrive(site, request)
        if visitor is None:
            return to_sign_in(request, await find_guests_tenant(site, request))
        return _kept(visitor, await show(visitor))

    return Route(path, answer, methods=["GET"])


def post(site: Site, path: str, do: Do, *, most: int = MAX_FILE) -> Route:
    """*most* bytes of files."""

    async def answer(request: Request) -> Response:
        visitor = await arrive(site, request)
        if visitor is None:
            return await session_over(site, request, {}, await find_guests_tenant(site, request))
        form = await read_portal_form(request, most=most)
        if isinstance(form, Refusal):
            return _refused(visitor, form)
        if not is_from_our_page(request, visitor.session, form):
            return _not_ours(visitor)
        return _kept(visitor, await do(visitor, form))

    return Route(path, answer, methods=["POST"])


def page(
    visitor: Visitor,
    template: str,
    *,
    title: str,
    at: str,
    crumbs: Crumbs = (),
    tabs: Tabs = (),
    problem: Problem | None = None,
    entered: Form | None = None,
    **context: object,
) -> Response:
    """*template* extends `portal/frame.html`.  *at*: the key of its room in the menu.

    *tabs*: of an object's pages; the context's *belongs_to*: that object's name, unless it is the title.
    *problem* stands in a summary and beside the field its target names; *entered* keeps what was typed.
    """
    shared: dict[str, object] = {
        "tenant_name": visitor.tenant.display_name,
        "visitor": visitor,
        "title": title,
        "belongs_to": None,
        "at": at,
        "menu": offered(visitor.may, gateway=_has_gateway(visitor)),
        "crumbs": list(crumbs),
        "tabs": list(tabs),
        "path": visitor.request.url.path,
        "csrf": visitor.csrf,
        "notice": notice(visitor.here, visitor.session, visitor.request),
        "problem": problem,
        "errors": errors_of(problem),
        "labels": dict[str, tuple[str, str]](),  # of the fields, filled in by their macros
        "worded": worded,
        "summary_of": summary_of,
        "entered": entered,
        "moment": moment,
        "day": day,
        "labelled": labelled,
        "now": visitor.here.clock(),
    }
    status = problem.status if problem is not None else 200
    pages = visitor.site.pages
    answer = pages.render(template, {**shared, **context}, status=status, nonce=visitor.nonce, connects=True)
    answer.headers.update(ALONE)
    return answer


def object_page(
    visitor: Visitor, template: str, *, name: str, at: str, crumbs: Crumbs, tabs: Tabs, **context: Any
) -> Response:
    """Of an object called *name*: its overview, which is the first of *tabs*, or the page of it that is open."""
    known = list(tabs)
    path, base = visitor.request.url.path, known[0][1]
    below = next((title for title, href in known[1:] if f"{path}/".startswith(f"{href}/")), None)
    if below is None:
        return page(visitor, template, title=name, at=at, crumbs=crumbs, tabs=known, **context)
    crumbs = (*crumbs, (name, base))
    return page(visitor, template, title=below, belongs_to=name, at=at, crumbs=crumbs, tabs=known, **context)


def problem_page(visitor: Visitor, problem: Problem, *, at: str, crumbs: Crumbs = ()) -> Response:
    """Where there is nothing to show but why."""
    titles = {403: "You may not see this", 404: "There is nothing here"}
    title = titles.get(problem.status, "That did not work")
    return page(visitor, "portal/problem.html", title=title, at=at, crumbs=crumbs, problem=problem)


def done(visitor: Visitor, path: str, said: str = "", query: Mapping[str, str] | None = None) -> Response:
    """To *path*, which says what was done."""
    return telling(visitor.here, visitor.session, path, said, query or {})


def _has_gateway(visitor: Visitor) -> bool:
    place = visitor.here.gateway
    return place is not None and place.tenant_id == visitor.tenant.id


def _kept(visitor: Visitor, answer: Response) -> Response:
    keep_awake(visitor.site, answer, visitor.session)
    return answer


def _refused(visitor: Visitor, refusal: Refusal) -> Response:
    decision_log.refused("portal", refusal, visitor.trace, user=visitor.user.id)
    return refusal_page(visitor.site, refusal, visitor.trace, "Nothing was changed")


def _not_ours(visitor: Visitor) -> Response:
    problem = Problem(
        status=403,
        code="Request_BadRequest",
        message="The form was not sent by a page of this session. Nothing was changed; open the page again.",
    )
    return problem_page(visitor, problem, at="home")

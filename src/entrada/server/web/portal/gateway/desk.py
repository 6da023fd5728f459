"""The gateway's configuration, opened for a visitor: the frame of its rooms, and what every page of them needs."""

from collections.abc import Awaitable, Callable
from typing import Any, Final
from urllib.parse import quote

from attrs import field, frozen
from starlette.responses import Response
from starlette.routing import Route

from entrada.core.directory.administration.actor import Actor
from entrada.core.directory.administration.may import may
from entrada.core.directory.administration.operations import Operation
from entrada.core.directory.administration.problem import Problem, not_found
from entrada.core.gateway.configuration import Configuration
from entrada.server.usecases.gateway.nouns import seen_gateway
from entrada.server.usecases.gateway.state import State
from entrada.server.usecases.installation import GatewayPlace, Installation
from entrada.server.web.http.site import Site
from entrada.server.web.portal.door import Crumbs, Tabs, Visitor, done, page, problem_page
from entrada.server.web.portal.door import get as portal_get
from entrada.server.web.portal.door import post as portal_post
from entrada.server.web.signed_in.form import MAX_FILE, Form

AT: Final = "gateway"
STALE: Final = 412  # somebody changed it meanwhile
HOME: Final = "/portal/gateway"
CRUMB: Final = ("API gateway", HOME)
POLICIES: Final = f"{HOME}/policies"
ROOMS: Final = (
    ("Overview", HOME),
    ("APIs", f"{HOME}/apis"),
    ("Products", f"{HOME}/products"),
    ("Subscriptions", f"{HOME}/subscriptions"),
    ("OAuth 2.0 servers", f"{HOME}/servers"),
    ("OpenID providers", f"{HOME}/providers"),
    ("Named values", f"{HOME}/values"),
    ("Policies", f"{POLICIES}?scope=global"),
)


@frozen(kw_only=True)
class Desk:
    visitor: Visitor
    place: GatewayPlace
    state: State = field(repr=False)
    can_change: bool

    @property
    def here(self) -> Installation:
        return self.visitor.here

    @property
    def actor(self) -> Actor:
        return self.visitor.actor

    @property
    def configuration(self) -> Configuration:
        return self.state.configuration

    @property
    def console(self) -> str:
        return f"{self.here.origin}/developer"


Show = Callable[[Desk], Awaitable[Response]]
Do = Callable[[Desk, Form], Awaitable[Response]]


def get(site: Site, path: str, show: Show, *, to_change: bool = False) -> Route:
    """*to_change*: a page that only leads to a change, and is of no use to who may not make one."""

    async def answer(visitor: Visitor) -> Response:
        desk = await opened(visitor)
        if not isinstance(desk, Desk):
            return desk
        refusal = may(visitor.actor, Operation.CHANGE_GATEWAY) if to_change else None
        return refused(desk, refusal) if refusal is not None else await show(desk)

    return portal_get(site, path, answer)


def begin(site: Site, path: str, show: Show) -> Route:
    return get(site, path, show, to_change=True)


def post(site: Site, path: str, do: Do, *, most: int = MAX_FILE) -> Route:
    async def answer(visitor: Visitor, form: Form) -> Response:
        desk = await opened(visitor)
        return await do(desk, form) if isinstance(desk, Desk) else desk

    return portal_post(site, path, answer, most=most)


async def opened(visitor: Visitor) -> Desk | Response:
    state = await seen_gateway(visitor.here, visitor.actor, Operation.READ_GATEWAY)
    place = visitor.here.gateway
    if isinstance(state, Problem) or place is None:
        problem = state if isinstance(state, Problem) else not_found("gateway", visitor.here.origin)
        return problem_page(visitor, problem, at=AT)
    return Desk(visitor=visitor, place=place, state=state, can_change=visitor.may(Operation.CHANGE_GATEWAY))


def show(
    desk: Desk,
    template: str,
    *,
    title: str,
    crumbs: Crumbs = (),
    tabs: Tabs = (),
    belongs_to: str | None = None,
    problem: Problem | None = None,
    entered: Form | None = None,
    **context: Any,
) -> Response:
    """*template*: below `portal/gateway/`."""
    return page(
        desk.visitor,
        f"portal/gateway/{template}",
        title=title,
        at=AT,
        crumbs=[CRUMB, *crumbs],
        tabs=tabs,
        belongs_to=belongs_to,
        problem=problem,
        entered=entered,
        desk=desk,
        can_change=desk.can_change,
        gateway=HOME,
        segment=segment,
        policies_of=policies_of,
        **context,
    )


def room(desk: Desk, template: str, title: str, **context: Any) -> Response:
    """A list, or the overview: the pages that the tabs of the gateway lead to."""
    return page(
        desk.visitor,
        f"portal/gateway/{template}",
        title=title,
        at=AT,
        crumbs=[] if title == CRUMB[0] else [CRUMB],
        tabs=ROOMS,
        desk=desk,
        can_change=desk.can_change,
        gateway=HOME,
        segment=segment,
        policies_of=policies_of,
        **context,
    )


def refused(desk: Desk, problem: Problem, crumbs: Crumbs = ()) -> Response:
    return problem_page(desk.visitor, problem, at=AT, crumbs=[CRUMB, *crumbs])


@frozen(kw_only=True)
class Question:
    """What is asked before something that cannot be undone; the button posts to the page's own address."""

    title: str
    question: str
    consequences: list[str]
    label: str = "Delete"
    back: str
    crumbs: list[tuple[str, str]]
    seen: int
    fields: dict[str, str] = field(factory=dict[str, str])


def ask(desk: Desk, asked: Question, problem: Problem | None = None) -> Response:
    visitor = desk.visitor
    return page(
        visitor,
        "portal/confirm.html",
        title=asked.title,
        at=AT,
        crumbs=[CRUMB, *asked.crumbs],
        problem=problem,
        question=asked.question,
        consequences=asked.consequences,
        label=asked.label,
        action=visitor.request.url.path,
        cancel=asked.back,
        fields={**asked.fields, "seen": asked.seen},
    )


def finished(desk: Desk, path: str, said: str) -> Response:
    return done(desk.visitor, path, said)


def segment(name: str) -> str:
    """An id as a part of a path: authors choose them, with blanks and other scripts."""
    return quote(name, safe="")


def policies_of(scope: str) -> str:
    """Where the policies of a scope are edited: `global`, `apis/colors`."""
    return f"{POLICIES}?scope={quote(scope, safe='/')}"

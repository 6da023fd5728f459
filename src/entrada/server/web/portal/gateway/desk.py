"""The gateway's configuration, opened for a visitor: the frame of its rooms, and what every page of them needs."""

from collections.abc import Awaitable, Callable, Iterable, Mapping
from typing import Final
from urllib.parse import quote

from attrs import field, frozen
from starlette.responses import Response
from starlette.routing import Route

from entrada.core.directory.administration.may import may
from entrada.core.directory.administration.operations import Operation
from entrada.core.directory.administration.problem import Problem, not_found
from entrada.core.directory.gateway_record import GatewayRecord, RecordKind
from entrada.core.gateway.configuration import Configuration
from entrada.server.usecases.gateway.load import configuration_of, load_records
from entrada.server.usecases.installation import GatewayPlace, Installation
from entrada.server.web.http.site import Site
from entrada.server.web.portal.door import Crumbs, Tabs, Visitor, done, page, problem_page
from entrada.server.web.portal.door import get as portal_get
from entrada.server.web.portal.door import post as portal_post
from entrada.server.web.signed_in.form import Form

AT: Final = "gateway"
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
    configuration: Configuration = field(repr=False)
    versions: Mapping[tuple[RecordKind, str], int] = field(repr=False)
    can_change: bool

    @property
    def here(self) -> Installation:
        return self.visitor.here

    @property
    def console(self) -> str:
        return f"{self.here.origin}/developer"

    def version(self, kind: RecordKind, name: str) -> int:
        """What a form has seen of the object; 0 where there is none."""
        return self.versions.get((kind, name), 0)


Show = Callable[[Desk], Awaitable[Response]]
Do = Callable[[Desk, Form], Awaitable[Response]]


def get(site: Site, path: str, show: Show) -> Route:
    async def answer(visitor: Visitor) -> Response:
        desk = await opened(visitor)
        return await show(desk) if isinstance(desk, Desk) else desk

    return portal_get(site, path, answer)


def post(site: Site, path: str, do: Do) -> Route:
    async def answer(visitor: Visitor, form: Form) -> Response:
        desk = await opened(visitor)
        return await do(desk, form) if isinstance(desk, Desk) else desk

    return portal_post(site, path, answer)


def has_gateway(visitor: Visitor) -> bool:
    """Whether the installation has one, and it is configured in the visitor's tenant."""
    place = visitor.here.gateway
    return place is not None and place.tenant_id == visitor.tenant.id


async def opened(visitor: Visitor) -> Desk | Response:
    place = visitor.here.gateway
    if place is None or place.tenant_id != visitor.tenant.id:
        return problem_page(visitor, not_found("gateway", visitor.tenant.display_name), at="home")
    refused = may(visitor.actor, Operation.READ_GATEWAY)
    if refused is not None:
        return problem_page(visitor, refused, at=AT)
    records = await load_records(visitor.here, place.tenant_id)
    return Desk(
        visitor=visitor,
        place=place,
        configuration=configuration_of(visitor.here, records),
        versions=_versions(records),
        can_change=visitor.may(Operation.CHANGE_GATEWAY),
    )


def _versions(records: Iterable[GatewayRecord]) -> dict[tuple[RecordKind, str], int]:
    return {(one.kind, one.id): one.version for one in records}


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
    **context: object,
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


def room(desk: Desk, template: str, title: str, **context: object) -> Response:
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


def confirm(
    desk: Desk,
    title: str,
    question: str,
    consequences: list[str],
    *,
    label: str,
    back: str,
    crumbs: Crumbs,
    seen: int,
    problem: Problem | None = None,
    fields: Mapping[str, object] | None = None,
) -> Response:
    """Asks before what cannot be undone; the button posts to the page's own address."""
    visitor = desk.visitor
    return page(
        visitor,
        "portal/confirm.html",
        title=title,
        at=AT,
        crumbs=[CRUMB, *crumbs],
        problem=problem,
        question=question,
        consequences=consequences,
        label=label,
        action=visitor.request.url.path,
        cancel=back,
        fields={**(fields or {}), "seen": seen},
    )


def finished(desk: Desk, path: str, said: str) -> Response:
    return done(desk.visitor, path, said)


def segment(name: str) -> str:
    """An id as a part of a path: authors choose them, with blanks and other scripts."""
    return quote(name, safe="")


def policies_of(scope: str) -> str:
    """Where the policies of a scope are edited: `global`, `apis/colors`."""
    return f"{POLICIES}?scope={quote(scope, safe='/')}"

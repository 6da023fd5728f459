"""Who comes to the console, and how its pages answer: people of the gateway's tenant, from our own forms.

They are signed in to the portal and the console at once: one application, one session (docs/decisions/0023).
"""

from collections.abc import Awaitable, Callable, Iterable, Mapping
from typing import Final

from attrs import field, frozen
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from entrada.core.directory.administration.problem import Problem, not_found
from entrada.core.directory.ids import TenantId
from entrada.core.directory.portal import CONSOLE
from entrada.core.errors.reason import Refusal
from entrada.core.gateway.configuration import Configuration
from entrada.server.usecases.gateway.load import load_configuration
from entrada.server.usecases.installation import GatewayPlace, Installation
from entrada.server.web.http import decision_log
from entrada.server.web.http.error_page import page as refusal_page
from entrada.server.web.http.pages import ALONE, HEADERS
from entrada.server.web.http.site import Site
from entrada.server.web.signed_in.arrival import (
    is_from_our_page,
    notice,
    session_over,
    sign_in_path,
    telling,
    to_sign_in,
)
from entrada.server.web.signed_in.form import Form, read_portal_form
from entrada.server.web.signed_in.session import keep_awake
from entrada.server.web.signed_in.tables import labelled
from entrada.server.web.signed_in.visitor import Visitor, arrive
from entrada.server.web.signed_in.words import day, moment

Crumbs = Iterable[tuple[str, str]]
MENU: Final = (
    ("apis", "APIs", CONSOLE),
    ("products", "Products", f"{CONSOLE}/products"),
    ("subscriptions", "My subscriptions", f"{CONSOLE}/subscriptions"),
)


@frozen(kw_only=True)
class Developer:
    visitor: Visitor
    gateway: GatewayPlace
    configuration: Configuration = field(repr=False)

    @property
    def here(self) -> Installation:
        return self.visitor.here


Show = Callable[[Developer], Awaitable[Response]]
Do = Callable[[Developer, Form], Awaitable[Response]]


def get(site: Site, path: str, show: Show, *, keeps_query: bool = True) -> Route:
    """Without *keeps_query* whoever is not signed in comes back to the catalogue: there is a code in the query."""

    async def answer(request: Request) -> Response:
        visitor = await arrive(site, request)
        if visitor is None and not keeps_query:
            return RedirectResponse(sign_in_path({"return_to": CONSOLE}, _tenant_of(site.here)), 302, HEADERS)
        if visitor is None:
            return to_sign_in(request, _tenant_of(site.here))
        developer = await _developer(visitor)
        return _kept(visitor, await show(developer) if isinstance(developer, Developer) else developer)

    return Route(path, answer, methods=["GET"])


def post(site: Site, path: str, do: Do) -> Route:
    async def answer(request: Request) -> Response:
        visitor = await arrive(site, request)
        if visitor is None:
            return await session_over(site, request, {"return_to": CONSOLE}, _tenant_of(site.here))
        form = await read_portal_form(request)
        if isinstance(form, Refusal):
            decision_log.refused("console", form, visitor.trace, user=visitor.user.id)
            return refusal_page(site, form, visitor.trace, "Nothing was sent")
        if not is_from_our_page(request, visitor.session, form):
            return _not_ours(visitor)
        developer = await _developer(visitor)
        return _kept(visitor, await do(developer, form) if isinstance(developer, Developer) else developer)

    return Route(path, answer, methods=["POST"])


def page(
    visitor: Visitor,
    template: str,
    *,
    title: str,
    at: str = "apis",
    crumbs: Crumbs = (),
    problem: Problem | None = None,
    **context: object,
) -> Response:
    """*template* extends `console/frame.html`."""
    shared: dict[str, object] = {
        "tenant_name": visitor.tenant.display_name,
        "visitor": visitor,
        "title": title,
        "at": at,
        "menu": MENU,
        "crumbs": list(crumbs),
        "path": visitor.request.url.path,
        "csrf": visitor.csrf,
        "notice": notice(visitor.here, visitor.session, visitor.request),
        "problem": problem,
        "errors": {},
        "labels": dict[str, tuple[str, str]](),  # of the fields, filled in by their macros
        "entered": None,
        "moment": moment,
        "day": day,
        "labelled": labelled,
        "now": visitor.here.clock(),
    }
    answer = visitor.site.pages.render(
        template,
        {**shared, **context},
        status=problem.status if problem is not None else 200,
        nonce=visitor.nonce,
    )
    answer.headers.update(ALONE)
    return answer


def problem_page(visitor: Visitor, problem: Problem, *, at: str = "apis", crumbs: Crumbs = ()) -> Response:
    """Where there is nothing to show but why."""
    title = {403: "You may not see this", 404: "There is nothing here"}.get(problem.status, "That did not work")
    return page(visitor, "console/problem.html", title=title, at=at, crumbs=crumbs, problem=problem)


def done(visitor: Visitor, path: str, said: str = "", query: Mapping[str, str] | None = None) -> Response:
    """To *path*, which says what was done."""
    return telling(visitor.here, visitor.session, path, said, query or {})


async def lost(developer: Developer) -> Response:
    return problem_page(developer.visitor, not_found("page", developer.visitor.request.url.path))


async def _developer(visitor: Visitor) -> Developer | Response:
    gateway = visitor.here.gateway
    if gateway is None:
        return page(visitor, "console/no_gateway.html", title="There is no gateway")
    if visitor.tenant.id != gateway.tenant_id:
        return await _another_tenant(visitor, gateway)
    configuration = await load_configuration(visitor.here, gateway.tenant_id)
    return Developer(visitor=visitor, gateway=gateway, configuration=configuration)


async def _another_tenant(visitor: Visitor, gateway: GatewayPlace) -> Response:
    tenant = await visitor.here.store.find_tenant(gateway.tenant_id)
    asked = {"prompt": "select_account", "return_to": visitor.request.url.path}
    answer = page(
        visitor,
        "console/another_tenant.html",
        title="Another directory's console",
        whose=tenant.display_name if tenant is not None else gateway.tenant_id,
        link=sign_in_path(asked, gateway.tenant_id),
    )
    answer.status_code = 403
    return answer


def _tenant_of(here: Installation) -> TenantId | None:
    return here.gateway.tenant_id if here.gateway is not None else None


def _kept(visitor: Visitor, answer: Response) -> Response:
    keep_awake(visitor.site, answer, visitor.session)
    return answer


def _not_ours(visitor: Visitor) -> Response:
    problem = Problem(
        status=403,
        code="Request_BadRequest",
        message="The form was not sent by a page of this session. Nothing was sent; open the page again.",
    )
    return problem_page(visitor, problem)

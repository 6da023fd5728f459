"""API permissions: what an application asks for, what of it is granted, and the button that grants it for everybody."""

from collections.abc import Iterable, Mapping
from typing import Final

from attrs import evolve
from starlette.responses import Response

from entrada.core.directory.administration.operations import Operation
from entrada.core.directory.administration.problem import Problem, not_found
from entrada.core.directory.application import Application
from entrada.core.directory.graph.permission import required_json
from entrada.core.directory.microsoft_graph import MICROSOFT_GRAPH
from entrada.core.directory.permission import RequiredResourceAccess
from entrada.core.directory.query.query import Order
from entrada.core.protocol.scope import OIDC
from entrada.server.usecases.administer.applications import list_applications
from entrada.server.usecases.administer.permission_status import permission_status
from entrada.server.usecases.lookup import find_application
from entrada.server.web.portal import admin_consent
from entrada.server.web.portal.admin_consent import Asking
from entrada.server.web.portal.applications.desk import AT, LIST, Desk, change, opened, show
from entrada.server.web.portal.door import Visitor, problem_page
from entrada.server.web.portal.finding import named
from entrada.server.web.portal.paging import pager, query_of
from entrada.server.web.signed_in.form import Form

_HERE: Final = "/permissions"
_KINDS: Final = {"scope": "Scope", "role": "Role"}


async def permissions(visitor: Visitor, problem: Problem | None = None, entered: Form | None = None) -> Response:
    desk = await opened(visitor)
    if isinstance(desk, Response):
        return desk
    rows = await permission_status(visitor.here, visitor.actor, desk.app)
    if isinstance(rows, Problem):
        return problem_page(visitor, rows, at=AT, crumbs=[LIST])
    return show(
        desk,
        "portal/applications/permissions.html",
        "API permissions",
        problem,
        entered,
        rows=rows,
        comes_along=OIDC,
        graph_id=MICROSOFT_GRAPH.app_id,
        may_grant=visitor.may(Operation.CHANGE_GRANTS),
        may_revoke=visitor.may(Operation.CHANGE_GRANTS),
    )


async def choose_api(visitor: Visitor) -> Response:
    """Which API: Microsoft Graph, or one of the directory's own."""
    desk = await opened(visitor)
    if isinstance(desk, Response):
        return desk
    api_id = visitor.query("api")
    if api_id:
        return await _choose_permissions(desk, api_id)
    where = named(visitor.query("filter"), "display_name", ids=("id", "app_id"))
    query = query_of(visitor, Application, where, Order("display_name"))
    found = await list_applications(visitor.here, visitor.actor, query)
    if isinstance(found, Problem):
        return problem_page(visitor, found, at=AT, crumbs=[LIST])
    return show(
        desk,
        "portal/applications/choose_api.html",
        "Request API permissions",
        crumbs=(("API permissions", desk.path + _HERE),),
        graph=MICROSOFT_GRAPH,
        apis=[one for one in found.items if one.scopes or one.app_roles],
        pager=pager(visitor, found),
        filter=visitor.query("filter"),
    )


async def _choose_permissions(
    desk: Desk, api_id: str, problem: Problem | None = None, entered: Form | None = None
) -> Response:
    visitor = desk.visitor
    api = await find_application(visitor.here.store, api_id)
    if api is None or not api.may_be_used_in(visitor.tenant.id):
        return problem_page(visitor, not_found("API", api_id), at=AT, crumbs=[LIST])
    has = {one.resource_app_id: one for one in desk.app.required_resource_access}.get(api.app_id)
    return show(
        desk,
        "portal/applications/choose_permissions.html",
        f"Permissions of {api.display_name}",
        problem,
        entered,
        (("API permissions", desk.path + _HERE), ("Request API permissions", f"{desk.path}{_HERE}/add")),
        api=api,
        scopes=[one for one in api.scopes if one.is_enabled],
        roles=[one for one in api.app_roles if one.is_enabled and "Application" in one.allowed_member_types],
        held={*has.scopes, *has.roles} if has else set[str](),
    )


async def save(visitor: Visitor, form: Form) -> Response:
    """What is ticked, of one API, in place of what was."""
    api_id = form.get("api")

    def compose(app: Application) -> Mapping[str, object]:
        access = [{"id": one, "type": kind} for field, kind in _KINDS.items() for one in form.all(field)]
        others = [one for one in _required(app) if one["resourceAppId"] != api_id]
        entry = [{"resourceAppId": api_id, "resourceAccess": access}] if access else []
        return {"requiredResourceAccess": [*others, *entry]}

    async def again(visitor: Visitor, problem: Problem | None = None, entered: Form | None = None) -> Response:
        desk = await opened(visitor)
        return desk if isinstance(desk, Response) else await _choose_permissions(desk, api_id, problem, entered)

    said = "The permissions are saved. They count once somebody consents to them."
    return await change(visitor, form, compose, again, said=said, back=_HERE)


async def remove(visitor: Visitor, form: Form) -> Response:
    api_id, permission_id = form.get("api"), form.get("permission")

    def compose(app: Application) -> Mapping[str, object]:
        return {"requiredResourceAccess": [required_json(one) for one in _without(app, api_id, permission_id)]}

    said = "The permission is asked for no more. What was granted stays granted until it is revoked."
    return await change(visitor, form, compose, permissions, said=said, back=_HERE)


async def confirm_grant(visitor: Visitor) -> Response:
    desk = await opened(visitor)
    return desk if isinstance(desk, Response) else await admin_consent.ask(visitor, _asking(desk))


async def grant(visitor: Visitor, form: Form) -> Response:
    desk = await opened(visitor)
    return desk if isinstance(desk, Response) else await admin_consent.grant(visitor, _asking(desk), form)


def _asking(desk: Desk) -> Asking:
    return Asking(
        app_id=desk.app.app_id,
        name=desk.app.display_name,
        at=AT,
        crumbs=(LIST, (desk.app.display_name, desk.path), ("API permissions", desk.path + _HERE)),
        action=f"{desk.path}{_HERE}/grant",
        back=desk.path + _HERE,
    )


def _required(app: Application) -> list[dict[str, object]]:
    return [required_json(one) for one in app.required_resource_access]


def _without(app: Application, api_id: str, permission_id: str) -> Iterable[RequiredResourceAccess]:
    for one in app.required_resource_access:
        if one.resource_app_id != api_id:
            yield one
            continue
        scopes = tuple(scope for scope in one.scopes if scope != permission_id)
        roles = tuple(role for role in one.roles if role != permission_id)
        if scopes or roles:
            yield evolve(one, scopes=scopes, roles=roles)

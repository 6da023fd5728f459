"""App roles: what users, groups and applications may be assigned to."""

from collections.abc import Mapping
from typing import Final

from starlette.responses import Response

from entrada.core.directory.administration.problem import Problem, not_found
from entrada.core.directory.application import Application
from entrada.core.directory.graph.permission import role_json
from entrada.core.directory.permission import AppRole
from entrada.server.web.portal.applications.desk import AT, change, entry_field, opened, show
from entrada.server.web.portal.door import Visitor, problem_page
from entrada.server.web.signed_in.form import Form

_HERE: Final = "/roles"


async def roles(visitor: Visitor, problem: Problem | None = None, entered: Form | None = None) -> Response:
    desk = await opened(visitor)
    if isinstance(desk, Response):
        return desk
    return show(desk, "portal/applications/roles.html", "App roles", problem, entered)


async def role_form(visitor: Visitor, problem: Problem | None = None, entered: Form | None = None) -> Response:
    desk = await opened(visitor)
    if isinstance(desk, Response):
        return desk
    role = _named(desk.app, visitor.request.path_params.get("role"))
    if isinstance(role, Problem):
        return problem_page(visitor, role, at=AT)
    title = f"App role {role.display_name}" if role else "Create an app role"
    crumb = ("App roles", desk.path + _HERE)
    return show(desk, "portal/applications/role.html", title, entry_field(problem), entered, (crumb,), role=role)


async def save_role(visitor: Visitor, form: Form) -> Response:
    def compose(app: Application) -> Mapping[str, object] | Problem:
        role = _named(app, visitor.request.path_params.get("role"))
        if isinstance(role, Problem):
            return role
        written: dict[str, object] = {
            "displayName": form.get("displayName").strip(),
            "value": form.get("value").strip(),
            "description": form.get("description").strip(),
            "allowedMemberTypes": form.all("allowedMemberTypes"),
            "isEnabled": form.get("isEnabled") == "true",
        }
        known = [role_json(one) for one in app.app_roles]
        if role is None:
            return {"appRoles": [*known, written]}
        return {"appRoles": [{**one, **written} if one["id"] == role.id else one for one in known]}

    return await change(visitor, form, compose, role_form, said="The app role is saved.", back=_HERE)


async def switch_role(visitor: Visitor, form: Form) -> Response:
    enabled = form.get("isEnabled") == "true"

    def compose(app: Application) -> Mapping[str, object]:
        known = [role_json(one) for one in app.app_roles]
        return {"appRoles": [{**one, "isEnabled": enabled} if one["id"] == form.get("role") else one for one in known]}

    said = "The app role is enabled." if enabled else "The app role is disabled: no new token carries it."
    return await change(visitor, form, compose, roles, said=said, back=_HERE)


async def remove_role(visitor: Visitor, form: Form) -> Response:
    def compose(app: Application) -> Mapping[str, object]:
        return {"appRoles": [role_json(one) for one in app.app_roles if one.id != form.get("role")]}

    return await change(visitor, form, compose, roles, said="The app role is removed.", back=_HERE)


def _named(app: Application, role_id: object) -> AppRole | Problem | None:
    if role_id is None:
        return None
    return next((one for one in app.app_roles if one.id == role_id), None) or not_found("app role", str(role_id))

"""Owners: who may change the application without an administrator's role."""

from typing import Final

from starlette.responses import Response

from entrada.core.directory.administration.problem import Problem
from entrada.core.directory.user import User
from entrada.server.usecases.administer.owners import add_owner, list_owners, remove_owner
from entrada.server.web.portal.applications.desk import AT, LIST, beside, opened, settled, show
from entrada.server.web.portal.door import Visitor, problem_page
from entrada.server.web.portal.people.picker import FIND, picked
from entrada.server.web.signed_in.form import Form

_HERE: Final = "/owners"


async def owners(visitor: Visitor, problem: Problem | None = None, entered: Form | None = None) -> Response:
    desk = await opened(visitor)
    if isinstance(desk, Response):
        return desk
    found = await list_owners(visitor.here, visitor.actor, desk.app.id)
    if isinstance(found, Problem):
        return problem_page(visitor, found, at=AT, crumbs=[LIST])
    rows = [
        (one.id, one.display_name, one.user_principal_name, f"/portal/users/{one.id}")
        if isinstance(one, User)
        else (one.principal.id, one.display_name, "Service principal", f"/portal/enterprise/{one.principal.id}")
        for one in found
    ]
    named = beside(problem, {"@odata.id": "owner"})
    find, found_so = visitor.query(FIND), await picked(visitor, groups=False)
    template = "portal/applications/owners.html"
    return show(desk, template, "Owners", named, entered, rows=rows, find=find, picked=found_so)


async def add(visitor: Visitor, form: Form) -> Response:
    """By user principal name, or by the object id of a user or a service principal."""
    typed = form.text("owner") or form.get("id").strip()
    user = await visitor.here.store.find_user_by_name(visitor.tenant.id, typed) if "@" in typed else None
    answer = await add_owner(visitor.here, visitor.actor, visitor.param("id"), user.id if user else typed)
    return await _settled(visitor, form, answer, "The owner is added.")


async def remove(visitor: Visitor, form: Form) -> Response:
    answer = await remove_owner(visitor.here, visitor.actor, visitor.param("id"), form.get("key"))
    return await _settled(visitor, form, answer, "The owner is removed.")


async def _settled(visitor: Visitor, form: Form, answer: object, said: str) -> Response:
    path = f"/portal/applications/{visitor.param('id')}{_HERE}"
    return await settled(visitor, form, answer, owners, said=said, path=path)

"""Users and groups of an application: who is assigned to it, in which role; assign and take away."""

from typing import Final

from starlette.responses import Response

from entrada.core.directory.administration.operations import Operation
from entrada.core.directory.administration.problem import Problem
from entrada.core.directory.graph.app_role_assignment_json import DEFAULT_ACCESS
from entrada.core.directory.graph.service_principal_json import Installed
from entrada.core.directory.query.condition import Compare, Op
from entrada.core.directory.service_principal import AppRoleAssignment
from entrada.server.usecases.administer.app_role_assignments import (
    create_app_role_assignment,
    delete_app_role_assignment,
    list_app_role_assignments,
)
from entrada.server.usecases.administer.owns import owns
from entrada.server.web.portal.access import assignment_row
from entrada.server.web.portal.deeds import deed_of
from entrada.server.web.portal.door import Visitor, done
from entrada.server.web.portal.enterprise.listed import PATH
from entrada.server.web.portal.enterprise.principal import one_page, one_problem
from entrada.server.web.portal.paging import pager, query_of
from entrada.server.web.portal.people.picker import FIND, picked
from entrada.server.web.signed_in.form import Form


async def show(visitor: Visitor, found: Installed) -> Response:
    return await _shown(visitor, found)


async def change(visitor: Visitor, found: Installed, form: Form) -> Response:
    deed = deed_of(form, _DEEDS)
    if isinstance(deed, Problem):
        return await _shown(visitor, found, deed)
    act, said = deed
    problem = await act(visitor, found, form)
    if problem is not None:
        return await _shown(visitor, found, problem)
    return done(visitor, f"{PATH}/{found.principal.id}/users", said)


async def _assign(visitor: Visitor, found: Installed, form: Form) -> Problem | None:
    members = {"principalId": form.get("id"), "resourceId": found.principal.id, "appRoleId": form.get("role")}
    made = await create_app_role_assignment(visitor.here, visitor.actor, members)
    return made if isinstance(made, Problem) else None


async def _unassign(visitor: Visitor, found: Installed, form: Form) -> Problem | None:
    return await delete_app_role_assignment(visitor.here, visitor.actor, form.get("id"), found.principal.id)


_DEEDS: Final = {"add": (_assign, "The assignment is made."), "remove": (_unassign, "The assignment is removed.")}


async def _shown(visitor: Visitor, found: Installed, problem: Problem | None = None) -> Response:
    query = query_of(visitor, AppRoleAssignment, Compare("resource_id", Op.EQ, found.principal.id))
    answer = await list_app_role_assignments(visitor.here, visitor.actor, query)
    if isinstance(answer, Problem):
        return one_problem(visitor, found, answer)
    own = await owns(visitor.here, visitor.actor, found.principal.id)
    roles = _roles(found)
    role = visitor.query("role")
    return one_page(
        visitor,
        found,
        "portal/enterprise/users.html",
        problem,
        rows=[await assignment_row(visitor, one) for one in answer.items],
        pager=pager(visitor, answer),
        may_assign=visitor.may(Operation.CHANGE_ASSIGNMENTS, owns=own),
        roles=roles,
        role=role if role in dict(roles) else roles[0][0],
        find=visitor.query(FIND),
        picked=await picked(visitor),
    )


def _roles(found: Installed) -> list[tuple[str, str]]:
    """Those for people; where there are none, plain access."""
    known = found.application.app_roles if found.application else ()
    roles = [(one.id, one.display_name) for one in known if one.is_enabled and "User" in one.allowed_member_types]
    return [(str(role_id), name) for role_id, name in roles] or [(str(DEFAULT_ACCESS), "Default access")]

"""What an application may do here: granted for everybody, by single people, to the application itself; revoke each."""

from starlette.responses import Response

from entrada.core.directory.administration.may import may
from entrada.core.directory.administration.operations import Operation
from entrada.core.directory.administration.problem import Problem
from entrada.core.directory.graph.service_principal_json import Installed
from entrada.core.directory.query.condition import Both, Compare, Op
from entrada.core.directory.query.query import MOST, Query
from entrada.core.directory.service_principal import PermissionGrant
from entrada.server.usecases.administer.app_role_assignments import delete_app_role_assignment
from entrada.server.usecases.administer.grant_admin_consent import grant_admin_consent
from entrada.server.usecases.administer.permission_grants import delete_permission_grant, list_permission_grants
from entrada.server.usecases.administer.permission_status import permission_status
from entrada.server.web.portal.access import assignments_of, grant_row
from entrada.server.web.portal.door import Visitor, done, page
from entrada.server.web.portal.enterprise.listed import AT, CRUMBS, PATH
from entrada.server.web.portal.enterprise.principal import one_page, one_problem
from entrada.server.web.portal.form import Form
from entrada.server.web.portal.paging import pager, query_of


async def show(visitor: Visitor, found: Installed) -> Response:
    return await _shown(visitor, found)


async def revoke(visitor: Visitor, found: Installed, form: Form) -> Response:
    here, actor, one = visitor.here, visitor.actor, form.get("id")
    if form.get("do") == "unassign":
        problem = await delete_app_role_assignment(here, actor, one, found.principal.id)
    else:
        problem = await delete_permission_grant(here, actor, one, form.seen)
    if problem is not None:
        return await _shown(visitor, found, problem)
    said = "Revoked. Access tokens that were issued before end within the hour or so."
    return done(visitor, f"{PATH}/{found.principal.id}/permissions", said)


async def ask_to_grant(visitor: Visitor, found: Installed) -> Response:
    base = f"{PATH}/{found.principal.id}"
    refused = may(visitor.actor, Operation.CHANGE_GRANTS)
    if refused is not None:
        return one_problem(visitor, found, refused)
    status = await permission_status(visitor.here, visitor.actor, found.application) if found.application else ()
    if isinstance(status, Problem):
        return one_problem(visitor, found, status)
    asked = [one for one in status if one.listed and not one.for_all]
    return page(
        visitor,
        "portal/confirm.html",
        title=f"Grant admin consent to {found.display_name}?",
        at=AT,
        crumbs=(*CRUMBS, (found.display_name, base)),
        question=f"For everybody in {visitor.tenant.display_name}, the application may then:"
        if asked
        else "There is nothing left to grant: all that the application lists is granted already.",
        consequences=[
            f"{one.resource_name or one.resource_app_id}: {one.value}"
            + ("" if one.delegated else " (by itself, without a user)")
            for one in asked
        ],
        label="Grant admin consent",
        action=f"{base}/consent",
        cancel=f"{base}/permissions",
        fields={},
    )


async def grant(visitor: Visitor, found: Installed, _form: Form) -> Response:
    answer = await grant_admin_consent(visitor.here, visitor.actor, found.principal.app_id)
    if isinstance(answer, Problem):
        return await _shown(visitor, found, answer)
    said = "Everything the application lists is granted, for everybody."
    return done(visitor, f"{PATH}/{found.principal.id}/permissions", said)


async def _shown(visitor: Visitor, found: Installed, problem: Problem | None = None) -> Response:
    here, actor, own = visitor.here, visitor.actor, found.principal.id
    client = Compare("client_id", Op.EQ, own)
    everybody = Query(where=Both((client, Compare("principal_id", Op.EQ, None))), top=MOST)
    for_all = await list_permission_grants(here, actor, everybody)
    people = query_of(visitor, PermissionGrant, Both((client, Compare("principal_id", Op.NE, None))))
    by_people = await list_permission_grants(here, actor, people)
    roles = await assignments_of(visitor, principal_id=own)
    if isinstance(for_all, Problem) or isinstance(by_people, Problem) or isinstance(roles, Problem):
        refused = next(one for one in (for_all, by_people, roles) if isinstance(one, Problem))
        return one_problem(visitor, found, refused)
    return one_page(
        visitor,
        found,
        "portal/enterprise/permissions.html",
        problem,
        for_all=[await grant_row(visitor, one) for one in for_all.items],
        by_people=[await grant_row(visitor, one) for one in by_people.items],
        pager=pager(visitor, by_people),
        roles=roles,
        may_grant=visitor.may(Operation.CHANGE_GRANTS),
        may_unassign=visitor.may(Operation.CHANGE_ASSIGNMENTS),
    )

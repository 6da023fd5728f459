"""What an application may do here: granted for everybody, by single people, to the application itself; revoke each."""

from starlette.responses import Response

from entrada.core.directory.administration.may import may
from entrada.core.directory.administration.operations import Operation
from entrada.core.directory.administration.problem import Problem, not_found
from entrada.core.directory.derived_id import service_principal_id
from entrada.core.directory.graph.service_principal_json import Installed
from entrada.core.directory.query.condition import Both, Compare, Op
from entrada.core.directory.query.query import MOST, Query
from entrada.core.directory.service_principal import PermissionGrant
from entrada.server.usecases.administer.app_role_assignments import delete_app_role_assignment
from entrada.server.usecases.administer.grant_admin_consent import grant_admin_consent
from entrada.server.usecases.administer.permission_grants import delete_permission_grant, list_permission_grants
from entrada.server.usecases.lookup import find_application
from entrada.server.web.portal.access import assignments_of, grant_row, grants_of
from entrada.server.web.portal.door import Visitor, done, page
from entrada.server.web.portal.enterprise.listed import AT, CRUMBS, PATH
from entrada.server.web.portal.enterprise.principal import one_page, one_problem
from entrada.server.web.portal.form import Form
from entrada.server.web.portal.paging import pager, query_of


async def show(visitor: Visitor, found: Installed) -> Response:
    return await _shown(visitor, found)


async def ask_to_revoke(visitor: Visitor, found: Installed) -> Response:
    """Of consent for everybody, or of a role of the application itself: others lose what it did for them."""
    base, one_id = f"{PATH}/{found.principal.id}", visitor.query("id")
    held = await grants_of(visitor, client_id=found.principal.id, principal_id=None)
    roles = await assignments_of(visitor, principal_id=found.principal.id)
    if isinstance(held, Problem):
        return one_problem(visitor, found, held)
    if isinstance(roles, Problem):
        return one_problem(visitor, found, roles)
    losing = {
        one.id: (f"{one.resource}: {', '.join(one.scopes)}", {"do": "revoke", "seen": one.version}) for one in held
    }
    losing |= {one.id: (f"{one.resource}: {one.value or one.role}", {"do": "unassign"}) for one in roles}
    if one_id not in losing:
        return one_problem(visitor, found, not_found("permission", one_id))
    what, fields = losing[one_id]
    return page(
        visitor,
        "portal/confirm.html",
        title="Revoke what is granted?",
        at=AT,
        crumbs=(*CRUMBS, (found.display_name, base), ("Permissions", f"{base}/permissions")),
        question=f"{found.display_name} may then no longer, for anybody in {visitor.tenant.display_name}:",
        consequences=[what],
        label="Revoke",
        action=f"{base}/permissions",
        cancel=f"{base}/permissions",
        fields={"id": one_id, **fields},
    )


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
    asked = await _not_granted_yet(visitor, found)
    if isinstance(asked, Problem):
        return one_problem(visitor, found, asked)
    return page(
        visitor,
        "portal/confirm.html",
        title=f"Grant admin consent to {found.display_name}?",
        at=AT,
        crumbs=(*CRUMBS, (found.display_name, base)),
        question=f"For everybody in {visitor.tenant.display_name}, the application may then:"
        if asked
        else "There is nothing left to grant: all that the application lists is granted already.",
        consequences=asked,
        label="Grant admin consent",
        action=f"{base}/consent",
        cancel=f"{base}/permissions",
        fields={},
    )


async def _not_granted_yet(visitor: Visitor, found: Installed) -> list[str] | Problem:
    """Of what the registration lists, in words; what single people granted is not asked: there may be many."""
    held = await grants_of(visitor, client_id=found.principal.id, principal_id=None)
    roles = await assignments_of(visitor, principal_id=found.principal.id)
    if isinstance(held, Problem):
        return held
    if isinstance(roles, Problem):
        return roles
    known = {(one.resource_id, scope) for one in held for scope in one.scopes}
    known |= {(one.resource_id, one.value) for one in roles}
    asked = list[str]()
    for access in found.application.required_resource_access if found.application else ():
        api = await find_application(visitor.here.store, access.resource_app_id)
        own = service_principal_id(visitor.tenant.id, access.resource_app_id)
        if api is not None:
            scopes = [(one.value, "") for one in api.scopes if one.id in access.scopes]
            values = [(one.value, " (by itself, without a user)") for one in api.app_roles if one.id in access.roles]
            fresh = [(value, how) for value, how in (*scopes, *values) if (own, value) not in known]
            asked += [f"{api.display_name}: {value}{how}" for value, how in fresh]
    return asked


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

"""What an application may do here: granted for everybody, by single people, to the application itself; revoke each."""

from typing import Final

from starlette.responses import Response

from entrada.core.directory.administration.operations import Operation
from entrada.core.directory.administration.problem import Problem, not_found
from entrada.core.directory.graph.service_principal_json import Installed
from entrada.core.directory.query.condition import Both, Compare, Op
from entrada.core.directory.query.query import MOST, Query
from entrada.core.directory.service_principal import PermissionGrant
from entrada.server.usecases.administer.app_role_assignments import delete_app_role_assignment
from entrada.server.usecases.administer.permission_grants import delete_permission_grant, list_permission_grants
from entrada.server.web.portal import admin_consent
from entrada.server.web.portal.access import assignments_of, grant_row, grants_of
from entrada.server.web.portal.admin_consent import Asking
from entrada.server.web.portal.deeds import deed_of
from entrada.server.web.portal.door import Visitor, done, page
from entrada.server.web.portal.enterprise.listed import AT, CRUMBS, PATH
from entrada.server.web.portal.enterprise.principal import one_page, one_problem
from entrada.server.web.portal.paging import pager, query_of
from entrada.server.web.signed_in.form import Form


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
    deed = deed_of(form, _DEEDS)
    problem = deed if isinstance(deed, Problem) else await deed(visitor, found, form)
    if problem is not None:
        return await _shown(visitor, found, problem)
    said = "Revoked. Access tokens that were issued before end within the hour or so."
    return done(visitor, f"{PATH}/{found.principal.id}/permissions", said)


async def _revoke(visitor: Visitor, _found: Installed, form: Form) -> Problem | None:
    return await delete_permission_grant(visitor.here, visitor.actor, form.get("id"), form.seen)


async def _unassign(visitor: Visitor, found: Installed, form: Form) -> Problem | None:
    return await delete_app_role_assignment(visitor.here, visitor.actor, form.get("id"), found.principal.id)


_DEEDS: Final = {"revoke": _revoke, "unassign": _unassign}


async def ask_to_grant(visitor: Visitor, found: Installed) -> Response:
    return await admin_consent.ask(visitor, _asking(found))


async def grant(visitor: Visitor, found: Installed, form: Form) -> Response:
    return await admin_consent.grant(visitor, _asking(found), form)


def _asking(found: Installed) -> Asking:
    base = f"{PATH}/{found.principal.id}"
    return Asking(
        app_id=found.principal.app_id,
        name=found.display_name,
        at=AT,
        crumbs=(*CRUMBS, (found.display_name, base), ("Permissions", f"{base}/permissions")),
        action=f"{base}/consent",
        back=f"{base}/permissions",
    )


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

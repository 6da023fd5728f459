"""One application as this tenant knows it: what it is, whether people may sign in to it, its owners, its end."""

from functools import partial
from typing import Final

from starlette.responses import Response

from entrada.core.directory.administration.may import may
from entrada.core.directory.administration.operations import Operation
from entrada.core.directory.administration.problem import Problem
from entrada.core.directory.graph.service_principal_json import Installed
from entrada.server.usecases.administer.owns import owns
from entrada.server.usecases.administer.service_principal_owners import (
    add_service_principal_owner,
    list_service_principal_owners,
    remove_service_principal_owner,
)
from entrada.server.usecases.administer.service_principals import (
    change_service_principal,
    delete_service_principal,
    find_service_principal,
)
from entrada.server.web.portal.deeds import linked
from entrada.server.web.portal.door import Visitor, done, object_page, page, problem_page
from entrada.server.web.portal.enterprise.listed import AT, CRUMBS, PATH
from entrada.server.web.portal.history import history
from entrada.server.web.portal.of_one import OfOne
from entrada.server.web.portal.people.picker import FIND, picked, row_of
from entrada.server.web.signed_in.form import Form

_OF_OWNERS: Final = {
    "add": (add_service_principal_owner, "The owner is added."),
    "remove": (remove_service_principal_owner, "The owner is removed."),
}


_OF_ONE: Final = OfOne(find=find_service_principal, at=AT, crumbs=CRUMBS)
of_one, to_one = _OF_ONE.show, _OF_ONE.do


def one_page(
    visitor: Visitor,
    found: Installed,
    template: str,
    problem: Problem | None = None,
    entered: Form | None = None,
    **context: object,
) -> Response:
    base = f"{PATH}/{found.principal.id}"
    tabs = [
        ("Overview", base),
        ("Properties", f"{base}/properties"),
        ("Users and groups", f"{base}/users"),
        ("Permissions", f"{base}/permissions"),
        ("Owners", f"{base}/owners"),
        *history(visitor, found.principal.id, signs_in=f"app={found.principal.app_id}"),
    ]
    return object_page(
        visitor,
        template,
        name=found.display_name,
        at=AT,
        crumbs=CRUMBS,
        tabs=tabs,
        problem=problem,
        entered=entered,
        principal=found.principal,
        application=found.application,
        base=base,
        **context,
    )


async def overview(visitor: Visitor, found: Installed) -> Response:
    application = found.application
    home = await visitor.here.store.find_tenant(application.tenant_id) if application else None
    own = await owns(visitor.here, visitor.actor, found.principal.id)
    return one_page(
        visitor,
        found,
        "portal/enterprise/overview.html",
        home=home,
        registered_here=application is not None and application.tenant_id == visitor.tenant.id,
        may_delete=visitor.may(Operation.DELETE_SERVICE_PRINCIPAL, owns=own),
    )


async def properties(visitor: Visitor, found: Installed) -> Response:
    return await _properties(visitor, found)


async def change_properties(visitor: Visitor, found: Installed, form: Form) -> Response:
    members: dict[str, object] = {
        "accountEnabled": form.has("accountEnabled"),
        "appRoleAssignmentRequired": form.has("appRoleAssignmentRequired"),
        "notes": form.text("notes"),
    }
    changed = await change_service_principal(visitor.here, visitor.actor, found.principal.id, members, form.seen)
    if isinstance(changed, Problem):
        return await _properties(visitor, found, changed, form)
    return done(visitor, f"{PATH}/{found.principal.id}/properties", "The properties are changed.")


async def owners(visitor: Visitor, found: Installed) -> Response:
    return await _owners(visitor, found)


async def change_owners(visitor: Visitor, found: Installed, form: Form) -> Response:
    again, back = partial(_owners, visitor, found), f"{PATH}/{found.principal.id}/owners"
    return await linked(visitor, form, _OF_OWNERS, found.principal.id, again=again, back=back)


async def ask_to_delete(visitor: Visitor, found: Installed) -> Response:
    own = await owns(visitor.here, visitor.actor, found.principal.id)
    refused = may(visitor.actor, Operation.DELETE_SERVICE_PRINCIPAL, owns=own)
    if refused is not None:
        return one_problem(visitor, found, refused)
    base = f"{PATH}/{found.principal.id}"
    return page(
        visitor,
        "portal/confirm.html",
        title=f"Remove {found.display_name}?",
        at=AT,
        crumbs=(*CRUMBS, (found.display_name, base)),
        question="Nobody of this tenant can sign in to it any more, and it gets no tokens here.",
        consequences=[
            "Its permissions, who is assigned to it and who owns it go with it.",
            "For 30 days it can be restored from the deleted items.",
            "The registration itself stays, wherever it is.",
        ],
        label="Remove application",
        action=f"{base}/delete",
        cancel=base,
        fields={"seen": found.principal.version},
    )


async def delete(visitor: Visitor, found: Installed, form: Form) -> Response:
    problem = await delete_service_principal(visitor.here, visitor.actor, found.principal.id, form.seen)
    if problem is not None:
        return one_problem(visitor, found, problem)
    return done(visitor, PATH, f"{found.display_name} is removed, and can be restored from the deleted items.")


def one_problem(visitor: Visitor, found: Installed, problem: Problem) -> Response:
    crumbs = (*CRUMBS, (found.display_name, f"{PATH}/{found.principal.id}"))
    return problem_page(visitor, problem, at=AT, crumbs=crumbs)


async def _properties(
    visitor: Visitor, found: Installed, problem: Problem | None = None, entered: Form | None = None
) -> Response:
    own = await owns(visitor.here, visitor.actor, found.principal.id)
    may_change = visitor.may(Operation.CHANGE_SERVICE_PRINCIPAL, owns=own)
    return one_page(visitor, found, "portal/enterprise/properties.html", problem, entered, may_change=may_change)


async def _owners(visitor: Visitor, found: Installed, problem: Problem | None = None) -> Response:
    answer = await list_service_principal_owners(visitor.here, visitor.actor, found.principal.id)
    if isinstance(answer, Problem):
        return one_problem(visitor, found, answer)
    own = await owns(visitor.here, visitor.actor, found.principal.id)
    return one_page(
        visitor,
        found,
        "portal/enterprise/owners.html",
        problem,
        rows=[row_of(one) for one in answer],
        may_change=visitor.may(Operation.CHANGE_SERVICE_PRINCIPAL, owns=own),
        find=visitor.query(FIND),
        picked=await picked(visitor, groups=False),
    )

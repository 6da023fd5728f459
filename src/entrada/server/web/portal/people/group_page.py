"""One group: what it is, who is in it, who answers for it, what it may do, and its end."""

from functools import partial
from typing import Final

from starlette.responses import Response

from entrada.core.directory.administration.may import may
from entrada.core.directory.administration.operations import Operation
from entrada.core.directory.administration.problem import Problem
from entrada.core.directory.group import Group, GroupMember
from entrada.core.directory.owner import Owner
from entrada.server.usecases.administer.app_role_assignments import delete_app_role_assignment
from entrada.server.usecases.administer.group_members import (
    add_member,
    add_owner,
    list_members,
    list_owners,
    remove_member,
    remove_owner,
)
from entrada.server.usecases.administer.group_memberships import list_memberships
from entrada.server.usecases.administer.groups import change_group, delete_group, find_group
from entrada.server.usecases.administer.owns import owns
from entrada.server.web.portal.access import assignments_of
from entrada.server.web.portal.deeds import linked
from entrada.server.web.portal.door import Visitor, done, object_page, page, problem_page
from entrada.server.web.portal.history import history
from entrada.server.web.portal.of_one import OfOne
from entrada.server.web.portal.paging import pager, query_of
from entrada.server.web.portal.people.group_list import AT, CRUMBS, PATH
from entrada.server.web.portal.people.picker import FIND, picked, row_of, row_of_owner
from entrada.server.web.signed_in.form import Form

_OF_MEMBERS: Final = {
    "add": (add_member, "The member is added."),
    "remove": (remove_member, "The member is removed."),
}
_OF_OWNERS: Final = {"add": (add_owner, "The owner is added."), "remove": (remove_owner, "The owner is removed.")}


_OF_ONE: Final = OfOne(find=find_group, at=AT, crumbs=CRUMBS)
of_group, to_group = _OF_ONE.show, _OF_ONE.do


async def overview(visitor: Visitor, group: Group) -> Response:
    return await _overview(visitor, group)


async def change(visitor: Visitor, group: Group, form: Form) -> Response:
    members: dict[str, object] = {
        "displayName": form.get("displayName").strip(),
        "description": form.text("description"),
    }
    changed = await change_group(visitor.here, visitor.actor, group.id, members, form.seen)
    if isinstance(changed, Problem):
        return await _overview(visitor, group, changed, form)
    return done(visitor, f"{PATH}/{group.id}", "The group is changed.")


async def members(visitor: Visitor, group: Group) -> Response:
    return await _members(visitor, group)


async def change_members(visitor: Visitor, group: Group, form: Form) -> Response:
    again, back = partial(_members, visitor, group), f"{PATH}/{group.id}/members"
    return await linked(visitor, form, _OF_MEMBERS, group.id, again=again, back=back)


async def owners(visitor: Visitor, group: Group) -> Response:
    return await _owners(visitor, group)


async def change_owners(visitor: Visitor, group: Group, form: Form) -> Response:
    again, back = partial(_owners, visitor, group), f"{PATH}/{group.id}/owners"
    return await linked(visitor, form, _OF_OWNERS, group.id, again=again, back=back)


async def applications(visitor: Visitor, group: Group) -> Response:
    return await _applications(visitor, group)


async def change_applications(visitor: Visitor, group: Group, form: Form) -> Response:
    answer = await delete_app_role_assignment(visitor.here, visitor.actor, form.get("id"), group.id)
    if isinstance(answer, Problem):
        return await _applications(visitor, group, answer)
    return done(visitor, f"{PATH}/{group.id}/applications", "The app role is taken away.")


async def ask_to_delete(visitor: Visitor, group: Group) -> Response:
    own = await owns(visitor.here, visitor.actor, group.id)
    refused = may(visitor.actor, Operation.DELETE_GROUP, owns=own)
    if refused is not None:
        return _refused(visitor, group, refused)
    return page(
        visitor,
        "portal/confirm.html",
        title=f"Delete {group.display_name}?",
        at=AT,
        crumbs=(*CRUMBS, (group.display_name, f"{PATH}/{group.id}")),
        question="Whoever is in the group loses what it may do, and no token names it any more.",
        consequences=["For 30 days it can be restored, with its members, owners and app roles."],
        label="Delete group",
        action=f"{PATH}/{group.id}/delete",
        cancel=f"{PATH}/{group.id}",
        fields={"seen": group.version},
    )


async def delete(visitor: Visitor, group: Group, form: Form) -> Response:
    gone = await delete_group(visitor.here, visitor.actor, group.id, form.seen)
    if isinstance(gone, Problem):
        return _refused(visitor, group, gone)
    said = f"{group.display_name} is deleted, and can be restored from the deleted items for 30 days."
    return done(visitor, PATH, said)


async def _overview(
    visitor: Visitor, group: Group, problem: Problem | None = None, entered: Form | None = None
) -> Response:
    own = await owns(visitor.here, visitor.actor, group.id)
    above = await list_memberships(visitor.here, visitor.actor, group.id, direct=True, of_group=True)
    return _page(
        visitor,
        group,
        "portal/people/group.html",
        problem,
        entered,
        within=[] if isinstance(above, Problem) else above.groups,
        may_change=visitor.may(Operation.CHANGE_GROUP, owns=own),
        may_delete=visitor.may(Operation.DELETE_GROUP, owns=own),
    )


async def _members(visitor: Visitor, group: Group, problem: Problem | None = None) -> Response:
    query = query_of(visitor, GroupMember)
    found = await list_members(visitor.here, visitor.actor, group.id, query)
    if isinstance(found, Problem):
        return _refused(visitor, group, found)
    own = await owns(visitor.here, visitor.actor, group.id)
    return _page(
        visitor,
        group,
        "portal/people/group_members.html",
        problem,
        rows=[row_of(one) for one in found.items],
        pager=pager(visitor, found),
        may_change=visitor.may(Operation.CHANGE_MEMBERS, owns=own),
        find=visitor.query(FIND),
        picked=await picked(visitor),
    )


async def _owners(visitor: Visitor, group: Group, problem: Problem | None = None) -> Response:
    found = await list_owners(visitor.here, visitor.actor, group.id, query_of(visitor, Owner))
    if isinstance(found, Problem):
        return _refused(visitor, group, found)
    own = await owns(visitor.here, visitor.actor, group.id)
    return _page(
        visitor,
        group,
        "portal/people/group_owners.html",
        problem,
        rows=[await row_of_owner(visitor, one) for one in found.items],
        pager=pager(visitor, found),
        may_change=visitor.may(Operation.CHANGE_GROUP, owns=own),
        find=visitor.query(FIND),
        picked=await picked(visitor, groups=False),
    )


async def _applications(visitor: Visitor, group: Group, problem: Problem | None = None) -> Response:
    found = await assignments_of(visitor, principal_id=group.id)
    if isinstance(found, Problem):
        return _refused(visitor, group, found)
    may_unassign = visitor.may(Operation.CHANGE_ASSIGNMENTS)
    template = "portal/people/group_applications.html"
    return _page(visitor, group, template, problem, assignments=found, may_unassign=may_unassign)


def _page(
    visitor: Visitor,
    group: Group,
    template: str,
    problem: Problem | None,
    entered: Form | None = None,
    **context: object,
) -> Response:
    base = f"{PATH}/{group.id}"
    tabs = [
        ("Overview", base),
        ("Members", f"{base}/members"),
        ("Owners", f"{base}/owners"),
        ("Applications", f"{base}/applications"),
        *history(visitor, group.id),
    ]
    return object_page(
        visitor,
        template,
        name=group.display_name,
        at=AT,
        crumbs=CRUMBS,
        tabs=tabs,
        problem=problem,
        entered=entered,
        group=group,
        base=base,
        **context,
    )


def _refused(visitor: Visitor, group: Group, problem: Problem) -> Response:
    return problem_page(visitor, problem, at=AT, crumbs=(*CRUMBS, (group.display_name, f"{PATH}/{group.id}")))

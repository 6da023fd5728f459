"""What one user is in and holds: groups, directory roles, applications; each given and taken away here."""

from starlette.responses import Response

from entrada.core.directory.administration.operations import Operation
from entrada.core.directory.administration.problem import Problem
from entrada.core.directory.directory_role import ROLE_NAMES
from entrada.core.directory.user import User
from entrada.server.usecases.administer.app_role_assignments import delete_app_role_assignment
from entrada.server.usecases.administer.directory_roles import add_role_member, remove_role_member
from entrada.server.usecases.administer.group_members import add_member, remove_member
from entrada.server.usecases.administer.group_memberships import list_memberships
from entrada.server.usecases.administer.permission_grants import delete_permission_grant
from entrada.server.web.portal.access import assignments_of, grants_of
from entrada.server.web.portal.door import Visitor, done
from entrada.server.web.portal.form import Form
from entrada.server.web.portal.people.picker import FIND, picked
from entrada.server.web.portal.people.user_list import PATH
from entrada.server.web.portal.people.user_page import user_page, user_problem


async def groups(visitor: Visitor, user: User) -> Response:
    return await _groups(visitor, user)


async def change_groups(visitor: Visitor, user: User, form: Form) -> Response:
    group_id = form.get("id")
    leaves = form.get("do") == "remove"
    change = remove_member if leaves else add_member
    answer = await change(visitor.here, visitor.actor, group_id, user.id)
    if isinstance(answer, Problem):
        return await _groups(visitor, user, answer)
    said = f"{user.display_name} is {'out of' if leaves else 'in'} {answer.display_name} now."
    return done(visitor, f"{PATH}/{user.id}/groups", said)


async def _groups(visitor: Visitor, user: User, problem: Problem | None = None) -> Response:
    direct = await list_memberships(visitor.here, visitor.actor, user.id, direct=True)
    if isinstance(direct, Problem):
        return user_problem(visitor, user, direct)
    through = await list_memberships(visitor.here, visitor.actor, user.id, direct=False)
    if isinstance(through, Problem):
        return user_problem(visitor, user, through)
    held = {one.id for one in direct.groups}
    return user_page(
        visitor,
        user,
        "portal/people/user_groups.html",
        problem=problem,
        direct=direct.groups,
        through=[one for one in through.groups if one.id not in held],
        may_change=visitor.may(Operation.CHANGE_MEMBERS),
        find=visitor.query(FIND),
        picked=await picked(visitor, users=False),
    )


async def roles(visitor: Visitor, user: User) -> Response:
    return await _roles(visitor, user)


async def change_roles(visitor: Visitor, user: User, form: Form) -> Response:
    role, loses = form.get("id"), form.get("do") == "remove"
    answer = await (remove_role_member if loses else add_role_member)(visitor.here, visitor.actor, role, user.id)
    if isinstance(answer, Problem):
        return await _roles(visitor, user, answer)
    said = f"{user.display_name} is {'no longer' if loses else 'now'} a {ROLE_NAMES.get(role, role)}."
    return done(visitor, f"{PATH}/{user.id}/roles", said)


async def _roles(visitor: Visitor, user: User, problem: Problem | None = None) -> Response:
    named = sorted((name, one) for one, name in ROLE_NAMES.items())
    return user_page(
        visitor,
        user,
        "portal/people/user_roles.html",
        problem=problem,
        held=[(one, name) for name, one in named if one in user.directory_roles],
        others=[(one, name) for name, one in named if one not in user.directory_roles],
        may_assign=visitor.may(Operation.ASSIGN_ROLES),
    )


async def applications(visitor: Visitor, user: User) -> Response:
    return await _applications(visitor, user)


async def change_applications(visitor: Visitor, user: User, form: Form) -> Response:
    revoke = delete_permission_grant if form.get("do") == "revoke" else delete_app_role_assignment
    answer = await revoke(visitor.here, visitor.actor, form.get("id"))
    if isinstance(answer, Problem):
        return await _applications(visitor, user, answer)
    said = "The consent is revoked." if form.get("do") == "revoke" else "The app role is taken away."
    return done(visitor, f"{PATH}/{user.id}/applications", said)


async def _applications(visitor: Visitor, user: User, problem: Problem | None = None) -> Response:
    itself = user.id == visitor.user.id
    grants = await grants_of(visitor, principal_id=user.id)
    assignments = await assignments_of(visitor, principal_id=user.id)
    refused = next((one for one in (grants, assignments) if isinstance(one, Problem)), None)
    if refused is not None:
        return user_problem(visitor, user, refused)
    return user_page(
        visitor,
        user,
        "portal/people/user_applications.html",
        problem=problem,
        grants=grants,
        assignments=assignments,
        may_revoke=itself or visitor.may(Operation.CHANGE_GRANTS),
        may_unassign=visitor.may(Operation.CHANGE_ASSIGNMENTS),
    )

"""What one user is in and holds: groups, directory roles, applications; each given and taken away here."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Final

from starlette.responses import Response

from entrada.core.directory.administration.actor import Actor
from entrada.core.directory.administration.operations import Operation
from entrada.core.directory.administration.problem import Problem
from entrada.core.directory.directory_role import ROLE_NAMES
from entrada.core.directory.user import User
from entrada.server.usecases.administer.app_role_assignments import delete_app_role_assignment
from entrada.server.usecases.administer.directory_roles import add_role_member, remove_role_member
from entrada.server.usecases.administer.group_members import add_member, remove_member
from entrada.server.usecases.administer.group_memberships import list_memberships
from entrada.server.usecases.administer.permission_grants import delete_permission_grant
from entrada.server.usecases.installation import Installation
from entrada.server.web.portal.access import assignments_of, grants_of
from entrada.server.web.portal.deeds import deed_of
from entrada.server.web.portal.door import Visitor, done
from entrada.server.web.portal.people.picker import FIND, picked
from entrada.server.web.portal.people.user_list import PATH
from entrada.server.web.portal.people.user_page import user_page, user_problem
from entrada.server.web.signed_in.form import Form

_TakeBack = Callable[[Installation, Actor, str], Awaitable[Problem | None]]
_OF_GROUPS: Final = {"add": (add_member, "in"), "remove": (remove_member, "out of")}
_OF_ROLES: Final = {"add": (add_role_member, "now"), "remove": (remove_role_member, "no longer")}
_OF_APPLICATIONS: Final[Mapping[str, tuple[_TakeBack, str]]] = {
    "revoke": (delete_permission_grant, "The consent is revoked."),
    "unassign": (delete_app_role_assignment, "The app role is taken away."),
}


async def groups(visitor: Visitor, user: User) -> Response:
    return await _groups(visitor, user)


async def change_groups(visitor: Visitor, user: User, form: Form) -> Response:
    deed = deed_of(form, _OF_GROUPS)
    if isinstance(deed, Problem):
        return await _groups(visitor, user, deed)
    change_group, now = deed
    answer = await change_group(visitor.here, visitor.actor, form.get("id"), user.id)
    if isinstance(answer, Problem):
        return await _groups(visitor, user, answer)
    said = f"{user.display_name} is {now} {answer.display_name} now."
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
    role, deed = form.get("id"), deed_of(form, _OF_ROLES)
    if isinstance(deed, Problem):
        return await _roles(visitor, user, deed)
    change_role, now = deed
    answer = await change_role(visitor.here, visitor.actor, role, user.id)
    if isinstance(answer, Problem):
        return await _roles(visitor, user, answer)
    said = f"{user.display_name} is {now} a {ROLE_NAMES.get(role, role)}."
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
    deed = deed_of(form, _OF_APPLICATIONS)
    if isinstance(deed, Problem):
        return await _applications(visitor, user, deed)
    revoke, said = deed
    answer = await revoke(visitor.here, visitor.actor, form.get("id"))
    if isinstance(answer, Problem):
        return await _applications(visitor, user, answer)
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

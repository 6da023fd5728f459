"""Directory roles: which there are, who holds each, and giving and taking them."""

from collections.abc import Iterable
from typing import Final

from starlette.responses import Response

from entrada.core.directory.administration.operations import Operation
from entrada.core.directory.administration.problem import Problem
from entrada.core.directory.directory_role import ROLE_NAMES
from entrada.core.directory.query.query import MOST, Order, Query
from entrada.core.directory.user import User
from entrada.server.usecases.administer.directory_roles import (
    add_role_member,
    find_role,
    list_role_members,
    list_roles,
    remove_role_member,
)
from entrada.server.usecases.administer.users import list_users
from entrada.server.web.portal.deeds import deed_of
from entrada.server.web.portal.door import Visitor, done, page, problem_page
from entrada.server.web.portal.paging import pager, query_of
from entrada.server.web.portal.people.picker import FIND, picked, row_of
from entrada.server.web.portal.people.role_words import ROLE_WORDS
from entrada.server.web.portal.people.user_list import HOLDS_A_ROLE
from entrada.server.web.signed_in.form import Form

_AT: Final = "roles"
_PATH: Final = "/portal/roles"
_CRUMBS: Final = (("Roles and administrators", _PATH),)
_FEW: Final = 3
_DEEDS: Final = {"add": (add_role_member, "now"), "remove": (remove_role_member, "no longer")}


async def show(visitor: Visitor) -> Response:
    roles = await list_roles(visitor.here, visitor.actor)
    if isinstance(roles, Problem):
        return problem_page(visitor, roles, at=_AT)
    holders = await _holders(visitor)
    rows = [(one, ROLE_NAMES[one], ROLE_WORDS[one], _some(one, holders)) for one in roles]
    return page(visitor, "portal/people/roles.html", title="Roles and administrators", at=_AT, rows=rows)


async def _holders(visitor: Visitor) -> tuple[User, ...]:
    """In one question for all roles: none is in an index."""
    query = Query(where=HOLDS_A_ROLE, order=Order("display_name"), top=MOST)
    found = await list_users(visitor.here, visitor.actor, query)
    return () if isinstance(found, Problem) else found.items


def _some(role: str, holders: Iterable[User]) -> list[str]:
    """A few who hold it, and an ellipsis where there are more."""
    names = [one.display_name for one in holders if role in one.directory_roles]
    return [*names[:_FEW], *(["…"] if len(names) > _FEW else [])]


async def show_one(visitor: Visitor) -> Response:
    return await _shown(visitor)


async def change(visitor: Visitor, form: Form) -> Response:
    role, deed = visitor.param("id"), deed_of(form, _DEEDS)
    if isinstance(deed, Problem):
        return await _shown(visitor, deed)
    act, now = deed
    user = await act(visitor.here, visitor.actor, role, form.get("id"))
    if isinstance(user, Problem):
        return await _shown(visitor, user)
    name = ROLE_NAMES.get(role, role)
    return done(visitor, f"{_PATH}/{role}", f"{user.display_name} is {now} a {name}.")


async def _shown(visitor: Visitor, problem: Problem | None = None) -> Response:
    role = await find_role(visitor.here, visitor.actor, visitor.param("id"))
    if isinstance(role, Problem):
        return problem_page(visitor, role, at=_AT, crumbs=_CRUMBS)
    found = await list_role_members(visitor.here, visitor.actor, role, query_of(visitor, User))
    if isinstance(found, Problem):
        return problem_page(visitor, found, at=_AT, crumbs=_CRUMBS)
    return page(
        visitor,
        "portal/people/role.html",
        title=ROLE_NAMES[role],
        at=_AT,
        crumbs=_CRUMBS,
        problem=problem,
        words=ROLE_WORDS[role],
        base=f"{_PATH}/{role}",
        rows=[row_of(one) for one in found.items],
        pager=pager(visitor, found),
        may_assign=visitor.may(Operation.ASSIGN_ROLES),
        find=visitor.query(FIND),
        picked=await picked(visitor, groups=False),
    )

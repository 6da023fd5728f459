"""The groups of the directory: find them, and make another one."""

import re
from typing import Final

from starlette.responses import Response

from entrada.core.directory.administration.may import may
from entrada.core.directory.administration.operations import Operation
from entrada.core.directory.administration.problem import Problem
from entrada.core.directory.group import Group
from entrada.core.directory.query.condition import Both
from entrada.core.directory.query.query import Order
from entrada.server.usecases.administer.groups import create_group, list_groups
from entrada.server.web.portal.door import Visitor, done, page, problem_page
from entrada.server.web.portal.finding import named
from entrada.server.web.portal.paging import pager, query_of
from entrada.server.web.signed_in.form import Form

AT: Final = "groups"
PATH: Final = "/portal/groups"
CRUMBS: Final = (("Groups", PATH),)
_NO_NICKNAME: Final = re.compile(r"[^A-Za-z0-9._-]+")


async def show(visitor: Visitor) -> Response:
    text = visitor.query("filter")
    where = Both((named(text, "display_name", "description"),))
    found = await list_groups(visitor.here, visitor.actor, query_of(visitor, Group, where, Order("display_name")))
    if isinstance(found, Problem):
        return problem_page(visitor, found, at=AT)
    return page(
        visitor,
        "portal/people/groups.html",
        title="Groups",
        at=AT,
        groups=found.items,
        pager=pager(visitor, found),
        filter=text,
        may_create=visitor.may(Operation.CREATE_GROUP),
    )


async def start(visitor: Visitor) -> Response:
    refused = may(visitor.actor, Operation.CREATE_GROUP)
    return problem_page(visitor, refused, at=AT, crumbs=CRUMBS) if refused else _new(visitor)


async def create(visitor: Visitor, form: Form) -> Response:
    name = form.get("displayName").strip()
    members = {
        "displayName": name,
        "description": form.text("description"),
        "mailNickname": form.text("mailNickname") or _nickname(name),
        "securityEnabled": True,
        "mailEnabled": False,
    }
    made = await create_group(visitor.here, visitor.actor, members)
    if isinstance(made, Problem):
        return _new(visitor, made, form)
    return done(visitor, f"{PATH}/{made.id}/members", f"The group {made.display_name} is created. Who is in it?")


def _nickname(name: str) -> str:
    """What Graph wants of every group, and nobody looks at; a name in another script leaves nothing of itself."""
    return _NO_NICKNAME.sub("", name)[:64] or "group"


def _new(visitor: Visitor, problem: Problem | None = None, entered: Form | None = None) -> Response:
    return page(
        visitor,
        "portal/people/group_new.html",
        title="New group",
        at=AT,
        crumbs=CRUMBS,
        problem=problem,
        entered=entered,
    )

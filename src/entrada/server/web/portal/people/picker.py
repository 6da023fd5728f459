"""Who was meant: people, groups and applications found by what was typed, a few of them, to choose from."""

from typing import Final

from attrs import frozen

from entrada.core.directory.administration.problem import Problem
from entrada.core.directory.graph.service_principal_json import Installed
from entrada.core.directory.group import Group
from entrada.core.directory.query.query import Order, Query
from entrada.core.directory.service_principal import ServicePrincipal
from entrada.core.directory.user import User
from entrada.server.usecases.administer.groups import list_groups
from entrada.server.usecases.administer.service_principals import installed
from entrada.server.usecases.administer.users import list_users
from entrada.server.web.portal.door import Visitor
from entrada.server.web.portal.finding import named

FIND: Final = "find"
_FEW: Final = 10


@frozen(kw_only=True)
class Row:
    """Somebody or something, as a list shows it."""

    id: str
    name: str
    detail: str
    kind: str
    href: str


async def picked(visitor: Visitor, *, users: bool = True, groups: bool = True) -> list[Row] | None:
    """None: nothing was looked for yet."""
    text = visitor.query(FIND)
    if not text:
        return None
    here, actor, found = visitor.here, visitor.actor, list[Row]()
    by_name = Order("display_name")
    if users:
        where = named(text, "display_name", addresses=("user_principal_name", "mail"))
        people = await list_users(here, actor, Query(where=where, order=by_name, top=_FEW))
        found += [] if isinstance(people, Problem) else [row_of(one) for one in people.items]
    if groups:
        kept = await list_groups(here, actor, Query(where=named(text, "display_name"), order=by_name, top=_FEW))
        found += [] if isinstance(kept, Problem) else [row_of(one) for one in kept.items]
    return found


def row_of(one: User | Group | Installed) -> Row:
    match one:
        case User():
            href = f"/portal/users/{one.id}"
            return Row(id=one.id, name=one.display_name, detail=one.user_principal_name, kind="User", href=href)
        case Group():
            href = f"/portal/groups/{one.id}"
            return Row(id=one.id, name=one.display_name, detail=one.description or "", kind="Group", href=href)
        case Installed():
            href = f"/portal/enterprise/{one.principal.id}"
            kind = "Application"
            return Row(id=one.principal.id, name=one.display_name, detail=one.principal.app_id, kind=kind, href=href)


async def row_of_owner(visitor: Visitor, one: User | ServicePrincipal) -> Row:
    return row_of(one if isinstance(one, User) else await installed(visitor.here, one))

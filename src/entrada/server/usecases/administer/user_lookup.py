"""Find whom a request names, and who else could administer the tenant."""

from typing import Final

from entrada.core.directory.administration.actor import Actor
from entrada.core.directory.administration.problem import Problem, not_found
from entrada.core.directory.administration.protection import is_global_administrator, last_administrator
from entrada.core.directory.directory_role import GLOBAL_ADMINISTRATOR
from entrada.core.directory.ids import UserId, parse_guid
from entrada.core.directory.names import is_principal_name
from entrada.core.directory.query.condition import AnyElement, Both, Compare, Op
from entrada.core.directory.query.query import Query
from entrada.core.directory.tenant import Tenant
from entrada.core.directory.user import User
from entrada.server.usecases.installation import Installation

_GLOBAL_ADMINISTRATORS: Final = Both(
    (
        Compare("account_enabled", Op.EQ, value=True),
        AnyElement("directory_roles", Op.EQ, GLOBAL_ADMINISTRATOR),
    )
)


async def look_up(here: Installation, actor: Actor, name: str) -> User | Problem:
    """By id or user principal name.  Who may know, the caller has asked already."""
    return await _find(here, actor, name) or not_found("user", name)


async def _find(here: Installation, actor: Actor, name: str) -> User | None:
    by_id = parse_guid(name)
    if by_id is not None:
        return await here.store.find_user(actor.tenant_id, UserId(by_id))
    # Nothing else is looked up: a database may choke on what strangers put into a path.
    return await here.store.find_user_by_name(actor.tenant_id, name) if is_principal_name(name) else None


def names_oneself(actor: Actor, name: str) -> bool:
    user = actor.user
    return user is not None and (parse_guid(name) == user.id or name.lower() == user.user_principal_name.lower())


async def own_tenant(here: Installation, actor: Actor) -> Tenant:
    tenant = await here.store.find_tenant(actor.tenant_id)
    if tenant is None:
        raise AssertionError("an actor belongs to a tenant")
    return tenant


async def leave_an_administrator(here: Installation, before: User, after: User | None) -> tuple[User, ...] | Problem:
    """Where somebody stops being an enabled Global Administrator, there must be another one.

    On whom the decision rests: so two of them, who remove each other at the same moment, do not both succeed.
    """
    if not is_global_administrator(before) or (after is not None and is_global_administrator(after)):
        return ()
    two = await here.store.list_page(User, before.tenant_id, Query(where=_GLOBAL_ADMINISTRATORS, top=2))
    others = [one for one in two.items if one.id != before.id]
    return (others[0],) if others else last_administrator(before)

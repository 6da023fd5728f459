"""Find whom a request names, and who else could administer the tenant."""

from typing import Final

from entrada.core.directory.administration.actor import Actor
from entrada.core.directory.administration.problem import Problem, not_found
from entrada.core.directory.administration.protection import is_global_administrator, last_administrator
from entrada.core.directory.directory_role import GLOBAL_ADMINISTRATOR
from entrada.core.directory.ids import UserId, parse_guid
from entrada.core.directory.names import is_principal_name
from entrada.core.directory.query.condition import AnyElement, Both, Compare, Op
from entrada.core.directory.tenant import Tenant
from entrada.core.directory.user import User
from entrada.server.usecases.administer.whole_list import whole_list
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
    for one in await whole_list(here.store, User, before.tenant_id, _GLOBAL_ADMINISTRATORS):
        if one.id != before.id and await _may_sign_in(here, one):
            return (one,)
    return last_administrator(before)


async def _may_sign_in(here: Installation, user: User) -> bool:
    """A guest signs in at home, where somebody else may have disabled or deleted the account, or the tenant."""
    if user.home is None:
        return True
    account = await here.store.find_user(user.home.tenant_id, user.home.user_id)
    tenant = await here.store.find_tenant(user.home.tenant_id)
    return account is not None and account.account_enabled and tenant is not None and tenant.enabled

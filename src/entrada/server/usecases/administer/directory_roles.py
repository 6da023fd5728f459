"""Directory roles: which there are, who holds them, assign and take away.  Graph: directoryRoles; section 38."""

from attrs import evolve

from entrada.core.directory.administration import people_activities as did
from entrada.core.directory.administration.actor import Actor
from entrada.core.directory.administration.change import Deed
from entrada.core.directory.administration.may import may
from entrada.core.directory.administration.operations import Operation
from entrada.core.directory.administration.problem import Problem, bad, not_found
from entrada.core.directory.directory_role import ROLE_NAMES
from entrada.core.directory.ids import parse_guid
from entrada.core.directory.query.condition import AnyElement, Op
from entrada.core.directory.query.query import Page, Query
from entrada.core.directory.user import User
from entrada.server.usecases.administer.carry_out import as_written, carry_out, change_of
from entrada.server.usecases.administer.user_lookup import leave_an_administrator, look_up
from entrada.server.usecases.installation import Installation


async def list_roles(here: Installation, actor: Actor) -> tuple[str, ...] | Problem:
    """All that are known, by template id, in order of name: none has to be activated first."""
    return may(actor, Operation.READ_ROLES) or tuple(sorted(ROLE_NAMES, key=lambda one: ROLE_NAMES[one]))


async def find_role(here: Installation, actor: Actor, role_id: str) -> str | Problem:
    return may(actor, Operation.READ_ROLES) or _known(role_id)


async def list_role_members(here: Installation, actor: Actor, role_id: str, query: Query) -> Page[User] | Problem:
    role = may(actor, Operation.READ_ROLES) or _known(role_id)
    if isinstance(role, Problem):
        return role
    holders = AnyElement("directory_roles", Op.EQ, role)
    return await here.store.list_page(
        User, actor.tenant_id, Query(where=holders, after=query.after, top=query.top, count=query.count)
    )


async def add_role_member(here: Installation, actor: Actor, role_id: str, user_id: str) -> User | Problem:
    async def decide() -> Deed[User] | Problem:
        found = await _to_assign(here, actor, role_id, user_id)
        if isinstance(found, Problem):
            return found
        user, role = found
        if role in user.directory_roles:
            return bad(f"{user.user_principal_name} is a {ROLE_NAMES[role]} already.", "members")
        after = evolve(user, directory_roles=user.directory_roles | {role})
        return Deed(answer=as_written(user, after), activity=did.ADD_ROLE_MEMBER, changes=change_of(user, after))

    return await carry_out(here, actor, decide)


async def remove_role_member(here: Installation, actor: Actor, role_id: str, user_id: str) -> User | Problem:
    """The last enabled Global Administrator stays one."""

    async def decide() -> Deed[User] | Problem:
        found = await _to_assign(here, actor, role_id, user_id)
        if isinstance(found, Problem):
            return found
        user, role = found
        if role not in user.directory_roles:
            return not_found("member of this role", user_id)
        after = evolve(user, directory_roles=user.directory_roles - {role})
        left = await leave_an_administrator(here, user, after)
        if isinstance(left, Problem):
            return left
        answer, changes = as_written(user, after), change_of(user, after)
        return Deed(answer=answer, activity=did.REMOVE_ROLE_MEMBER, changes=changes, rests_on=left)

    return await carry_out(here, actor, decide)


async def _to_assign(here: Installation, actor: Actor, role_id: str, user_id: str) -> tuple[User, str] | Problem:
    role = may(actor, Operation.ASSIGN_ROLES) or _known(role_id)
    if isinstance(role, Problem):
        return role
    user = await look_up(here, actor, user_id)
    if isinstance(user, Problem):
        return user
    return user, role


def _known(role_id: str) -> str | Problem:
    """By its id, which is its template's."""
    guid = parse_guid(role_id)
    return guid if guid in ROLE_NAMES else not_found("directory role", role_id)

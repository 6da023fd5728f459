"""Who may be put into a group, and among its owners."""

from collections.abc import Iterable

from attrs import frozen

from entrada.core.directory.administration.change import Change
from entrada.core.directory.administration.problem import Problem, bad, not_found
from entrada.core.directory.group import Group, GroupMember
from entrada.core.directory.ids import ServicePrincipalId, UserId
from entrada.core.directory.owner import Owner
from entrada.core.directory.user import User
from entrada.core.protocol.effects import Effect, PutEntity
from entrada.server.usecases.administer.group_lookup import find_member
from entrada.server.usecases.installation import Installation

_THERE = "{} is among the {} of this group already."


@frozen
class Added:
    changes: tuple[Change, ...]
    effects: tuple[Effect, ...]  # that keep others from making a circle at this moment


async def bound(here: Installation, group: Group, members: Iterable[str], owners: Iterable[str]) -> Added | Problem:
    """*members* and *owners* by id, added all together, or the first that cannot be."""
    changes, effects = list[Change](), tuple[Effect, ...]()
    for one in dict.fromkeys(members):
        added = await added_member(here, group, one)
        if isinstance(added, Problem):
            return added
        changes += added.changes
        effects = added.effects or effects  # one is enough, and two would be in each other's way
    for one in dict.fromkeys(owners):
        owner = await added_owner(here, group, one)
        if isinstance(owner, Problem):
            return owner
        changes.append(owner)
    return Added(tuple(changes), effects)


async def added_member(here: Installation, group: Group, member_id: str) -> Added | Problem:
    member = await find_member(here, group.tenant_id, member_id)
    if member is None:
        return _no_member(member_id) if not await _is_principal(here, group, member_id) else bad(_PRINCIPALS)
    link = GroupMember(tenant_id=group.tenant_id, group_id=group.id, member_id=member.id)
    if await here.store.find_entity(GroupMember, (group.tenant_id, group.id, member.id)) is not None:
        return bad(_THERE.format(member.display_name, "members"), "members")
    if isinstance(member, User):
        return Added((Change(None, link),), ())
    if await _closes_a_circle(here, group, member):
        return bad(f"{member.display_name} is this group, or holds it: a group cannot be within itself.", "members")
    return Added((Change(None, link),), await _one_nesting_at_a_time(here, group))


_PRINCIPALS = "A service principal is no member of groups here: assign it app roles instead."


def _no_member(member_id: str) -> Problem:
    return not_found("user or group", member_id)


async def _is_principal(here: Installation, group: Group, object_id: str) -> bool:
    found = await here.store.find_service_principal_by_id(group.tenant_id, ServicePrincipalId(object_id))
    return found is not None


async def _closes_a_circle(here: Installation, group: Group, member: Group) -> bool:
    above = await here.store.find_groups(group.tenant_id, group.id)
    return member.id == group.id or any(one.id == member.id for one in above)


async def _one_nesting_at_a_time(here: Installation, group: Group) -> tuple[Effect, ...]:
    """The tenant is written too, so that two nestings at the same moment do not close a circle together."""
    tenant = await here.store.find_tenant(group.tenant_id)
    return (PutEntity(tenant),) if tenant is not None else ()


async def added_owner(here: Installation, group: Group, owner_id: str) -> Change | Problem:
    tenant_id = group.tenant_id
    user = await here.store.find_user(tenant_id, UserId(owner_id))
    if user is None and not await _is_principal(here, group, owner_id):
        return not_found("user or service principal", owner_id)
    if await here.store.find_entity(Owner, (tenant_id, group.id, owner_id)) is not None:
        return bad(_THERE.format(user.user_principal_name if user else owner_id, "owners"), "owners")
    owner = user.id if user else ServicePrincipalId(owner_id)
    return Change(None, Owner(tenant_id=tenant_id, object_id=group.id, owner_id=owner))

"""Who may be put into a group, and among its owners."""

from collections.abc import Iterable

from attrs import frozen

from entrada.core.directory.administration.change import Change
from entrada.core.directory.administration.problem import Problem, bad, not_found
from entrada.core.directory.group import Group, GroupMember
from entrada.core.directory.ids import ServicePrincipalId, UserId
from entrada.core.directory.owner import Owner
from entrada.core.directory.service_principal import ServicePrincipal
from entrada.core.directory.user import User
from entrada.core.protocol.effects import Effect, NotWithin
from entrada.server.usecases.administer.group_lookup import find_member
from entrada.server.usecases.installation import Installation

_THERE = "{} is among the {} of this group already."


@frozen
class Added:
    changes: tuple[Change, ...]
    ends: tuple[Group | User | ServicePrincipal, ...]  # what is joined, as it was looked at
    effects: tuple[Effect, ...] = ()  # that keep others from making a circle at this moment


async def bound(here: Installation, group: Group, members: Iterable[str], owners: Iterable[str]) -> Added | Problem:
    """*members* and *owners* by id, added all together, or the first that cannot be."""
    every = list[Added]()
    for add, ids in ((added_member, members), (added_owner, owners)):
        for one in dict.fromkeys(ids):
            added = await add(here, group, one)
            if isinstance(added, Problem):
                return added
            every.append(added)
    return Added(
        tuple(change for one in every for change in one.changes),
        tuple(end for one in every for end in one.ends),
        tuple(effect for one in every for effect in one.effects),
    )


async def added_member(here: Installation, group: Group, member_id: str) -> Added | Problem:
    member = await find_member(here, group.tenant_id, member_id)
    if member is None:
        return bad(_PRINCIPALS) if await _principal(here, group, member_id) else _no_member(member_id)
    link = GroupMember(tenant_id=group.tenant_id, group_id=group.id, member_id=member.id)
    if await here.store.find_entity(GroupMember, (group.tenant_id, group.id, member.id)) is not None:
        return bad(_THERE.format(member.display_name, "members"), "members")
    if isinstance(member, User):
        return Added((Change(None, link),), (group, member))
    if await _closes_a_circle(here, group, member):
        return bad(f"{member.display_name} is this group, or holds it: a group cannot be within itself.", "members")
    return Added((Change(None, link),), (group, member), (NotWithin(group.tenant_id, group.id, member.id),))


_PRINCIPALS = "A service principal is no member of groups here: assign it app roles instead."


def _no_member(member_id: str) -> Problem:
    return not_found("user or group", member_id)


async def _principal(here: Installation, group: Group, object_id: str) -> ServicePrincipal | None:
    return await here.store.find_service_principal_by_id(group.tenant_id, ServicePrincipalId(object_id))


async def _closes_a_circle(here: Installation, group: Group, member: Group) -> bool:
    above = await here.store.find_groups(group.tenant_id, group.id)
    return member.id == group.id or any(one.id == member.id for one in above)


async def added_owner(here: Installation, group: Group, owner_id: str) -> Added | Problem:
    tenant_id = group.tenant_id
    owner = await here.store.find_user(tenant_id, UserId(owner_id)) or await _principal(here, group, owner_id)
    if owner is None:
        return not_found("user or service principal", owner_id)
    if await here.store.find_entity(Owner, (tenant_id, group.id, owner_id)) is not None:
        name = owner.user_principal_name if isinstance(owner, User) else owner_id
        return bad(_THERE.format(name, "owners"), "owners")
    link = Owner(tenant_id=tenant_id, object_id=group.id, owner_id=owner.id)
    return Added((Change(None, link),), (group, owner))

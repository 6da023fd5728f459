"""Who is in a group and who owns it: list, add, remove.  Graph: members, transitiveMembers, owners; section 38."""

from collections.abc import Collection

from entrada.core.directory.administration import people_activities as did
from entrada.core.directory.administration.actor import Actor
from entrada.core.directory.administration.change import Activity, Change, Deed
from entrada.core.directory.administration.may import may
from entrada.core.directory.administration.operations import Operation
from entrada.core.directory.administration.problem import Problem, not_found
from entrada.core.directory.group import Group, GroupMember
from entrada.core.directory.ids import TenantId, parse_guid
from entrada.core.directory.owner import Owner
from entrada.core.directory.query.condition import Compare, Op
from entrada.core.directory.query.query import Page, Query
from entrada.core.directory.service_principal import ServicePrincipal
from entrada.core.directory.user import User
from entrada.server.usecases.administer.by_id import by_id
from entrada.server.usecases.administer.carry_out import Beyond, carry_out
from entrada.server.usecases.administer.group_links import Added, added_member, added_owner
from entrada.server.usecases.administer.group_lookup import group_to_change, look_up_group
from entrada.server.usecases.installation import Installation


async def list_members(here: Installation, actor: Actor, group_id: str, query: Query) -> Page[User | Group] | Problem:
    """Direct members, a page of them; only *query*'s place and length count."""
    group = may(actor, Operation.READ_GROUPS) or await look_up_group(here, actor, group_id)
    if isinstance(group, Problem):
        return group
    page = await here.store.list_page(GroupMember, actor.tenant_id, _place(query, Compare("group_id", Op.EQ, group.id)))
    found = await _people(here, actor.tenant_id, [one.member_id for one in page.items])
    return Page(found, page.more, page.count)


async def list_transitive_members(
    here: Installation, actor: Actor, group_id: str, query: Query
) -> Page[User | Group] | Problem:
    """Through groups within it too, each once, in order of id."""
    group = may(actor, Operation.READ_GROUPS) or await look_up_group(here, actor, group_id)
    if isinstance(group, Problem):
        return group
    after = query.after.id if query.after is not None else ""
    page = await here.store.list_members_within(
        actor.tenant_id, group.id, after=after, top=query.top, count=query.count
    )
    return Page(await _people(here, actor.tenant_id, page.items), page.more, page.count)


async def list_owners(
    here: Installation, actor: Actor, group_id: str, query: Query
) -> Page[User | ServicePrincipal] | Problem:
    group = may(actor, Operation.READ_GROUPS) or await look_up_group(here, actor, group_id)
    if isinstance(group, Problem):
        return group
    page = await here.store.list_page(Owner, actor.tenant_id, _place(query, Compare("object_id", Op.EQ, group.id)))
    ids = [one.owner_id for one in page.items]
    users = await by_id(here.store, User, actor.tenant_id, ids)
    principals = await by_id(here.store, ServicePrincipal, actor.tenant_id, [one for one in ids if one not in users])
    known: dict[str, User | ServicePrincipal] = {**users, **principals}
    return Page(tuple(known[one] for one in ids if one in known), page.more, page.count)


async def add_member(here: Installation, actor: Actor, group_id: str, member_id: str) -> Group | Problem:
    """A user, or a group that does not hold this one; however many there are, they are not read."""

    async def decide() -> Beyond[Group] | Problem:
        group = await group_to_change(here, actor, Operation.CHANGE_MEMBERS, group_id)
        if isinstance(group, Problem):
            return group
        guid = parse_guid(member_id)
        added = await added_member(here, group, guid) if guid else not_found("user or group", member_id)
        if isinstance(added, Problem):
            return added
        return _adding(group, added, did.ADD_MEMBER)

    return await carry_out(here, actor, decide)


async def remove_member(here: Installation, actor: Actor, group_id: str, member_id: str) -> Group | Problem:
    async def decide() -> Deed[Group] | Problem:
        group = await group_to_change(here, actor, Operation.CHANGE_MEMBERS, group_id)
        if isinstance(group, Problem):
            return group
        key = (group.tenant_id, group.id, parse_guid(member_id) or "")
        return _removed(group, await here.store.find_entity(GroupMember, key), did.REMOVE_MEMBER, member_id)

    return await carry_out(here, actor, decide)


async def add_owner(here: Installation, actor: Actor, group_id: str, owner_id: str) -> Group | Problem:
    async def decide() -> Beyond[Group] | Problem:
        group = await group_to_change(here, actor, Operation.CHANGE_GROUP, group_id)
        if isinstance(group, Problem):
            return group
        guid = parse_guid(owner_id)
        owner = await added_owner(here, group, guid) if guid else not_found("user or service principal", owner_id)
        if isinstance(owner, Problem):
            return owner
        return _adding(group, owner, did.ADD_OWNER)

    return await carry_out(here, actor, decide)


async def remove_owner(here: Installation, actor: Actor, group_id: str, owner_id: str) -> Group | Problem:
    """The last one, too: administrators are left."""

    async def decide() -> Deed[Group] | Problem:
        group = await group_to_change(here, actor, Operation.CHANGE_GROUP, group_id)
        if isinstance(group, Problem):
            return group
        key = (group.tenant_id, group.id, parse_guid(owner_id) or "")
        return _removed(group, await here.store.find_entity(Owner, key), did.REMOVE_OWNER, owner_id)

    return await carry_out(here, actor, decide)


def _adding(group: Group, added: Added, activity: Activity) -> Beyond[Group]:
    deed = Deed(answer=group, activity=activity, changes=added.changes, about=group, rests_on=added.ends)
    return Beyond(deed, added.effects)


def _removed(group: Group, link: GroupMember | Owner | None, activity: Activity, name: str) -> Deed[Group] | Problem:
    if link is None:
        what = "owner" if activity is did.REMOVE_OWNER else "member"
        return not_found(f"{what} of this group", name)
    return Deed(answer=group, activity=activity, changes=(Change(link, None),), about=group)


def _place(query: Query, where: Compare) -> Query:
    return Query(where=where, after=query.after, top=query.top, count=query.count)


async def _people(here: Installation, tenant_id: TenantId, ids: Collection[str]) -> tuple[User | Group, ...]:
    """In the order of *ids*; whoever has gone this moment is left out."""
    users = await by_id(here.store, User, tenant_id, ids)
    groups = await by_id(here.store, Group, tenant_id, [one for one in ids if one not in users])
    known: dict[str, User | Group] = {**users, **groups}
    return tuple(known[one] for one in ids if one in known)

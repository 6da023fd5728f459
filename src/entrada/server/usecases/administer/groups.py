"""Groups: create, find, list, change, delete.  Graph: groups; reference section 38."""

from collections.abc import Mapping

from entrada.core.directory.administration import people_activities as did
from entrada.core.directory.administration.actor import Actor
from entrada.core.directory.administration.change import Change, Deed
from entrada.core.directory.administration.may import may
from entrada.core.directory.administration.operations import Operation
from entrada.core.directory.administration.problem import Problem
from entrada.core.directory.deleted_item import DeletedItem
from entrada.core.directory.graph.group_members import changed_group, new_group
from entrada.core.directory.group import Group
from entrada.core.directory.ids import GroupId
from entrada.core.directory.query.query import Page, Query
from entrada.server.usecases.administer.carry_out import Beyond, as_written, carry_out, change_of
from entrada.server.usecases.administer.group_links import bound
from entrada.server.usecases.administer.group_lookup import group_to_change, look_up_group
from entrada.server.usecases.administer.links_of_person import deleted, links_of_person
from entrada.server.usecases.administer.stale import refuse_stale
from entrada.server.usecases.administer.told_along import gone_along
from entrada.server.usecases.installation import Installation


async def create_group(here: Installation, actor: Actor, members: Mapping[str, object]) -> Group | Problem:
    """Whoever creates it owns it, unless owners are named."""
    group_id = GroupId(here.new_id())

    async def decide() -> Deed[Group] | Beyond[Group] | Problem:
        refused = may(actor, Operation.CREATE_GROUP)
        asked = refused or new_group(actor.tenant_id, group_id, members, here.clock())
        if isinstance(asked, Problem):
            return asked
        owners = asked.owners or ((actor.id,) if actor.id else ())
        links = await bound(here, asked.group, asked.members, owners)
        if isinstance(links, Problem):
            return links
        changes = (Change(None, asked.group), *links.changes)
        answer = as_written(None, asked.group)
        deed = Deed(answer=answer, activity=did.ADD_GROUP, changes=changes, rests_on=links.ends)
        return Beyond(deed, links.effects)

    return await carry_out(here, actor, decide)


async def find_group(here: Installation, actor: Actor, group_id: str) -> Group | Problem:
    return may(actor, Operation.READ_GROUPS) or await look_up_group(here, actor, group_id)


async def list_groups(here: Installation, actor: Actor, query: Query) -> Page[Group] | Problem:
    return may(actor, Operation.READ_GROUPS) or await here.store.list_page(Group, actor.tenant_id, query)


async def change_group(
    here: Installation, actor: Actor, group_id: str, members: Mapping[str, object], seen: int | None = None
) -> Group | Problem:
    async def decide() -> Beyond[Group] | Problem:
        group = await group_to_change(here, actor, Operation.CHANGE_GROUP, group_id)
        if isinstance(group, Problem):
            return group
        asked = await refuse_stale(here, group, seen) or changed_group(group, members)
        if isinstance(asked, Problem):
            return asked
        links = await bound(here, group, asked.members, asked.owners)
        if isinstance(links, Problem):
            return links
        changes = (*change_of(group, asked.group), *links.changes)
        answer = as_written(group, asked.group)
        about = group if group == asked.group else None  # the row is about the group, not about who was added
        deed = Deed(answer=answer, activity=did.UPDATE_GROUP, changes=changes, about=about, rests_on=links.ends)
        return Beyond(deed, links.effects)

    return await carry_out(here, actor, decide)


async def delete_group(
    here: Installation, actor: Actor, group_id: str, seen: int | None = None
) -> DeletedItem | Problem:
    """It can be restored for a while, with its members, its roles and its owners."""

    async def decide() -> Beyond[DeletedItem] | Problem:
        group = await group_to_change(here, actor, Operation.DELETE_GROUP, group_id)
        if isinstance(group, Problem):
            return group
        stale = await refuse_stale(here, group, seen)
        if stale is not None:
            return stale
        links = await links_of_person(here.store, group)
        item = deleted(group, links, here.clock())
        changes, along = (Change(group, None), Change(None, item)), gone_along(item)
        deed = Deed(answer=item, activity=did.DELETE_GROUP, changes=changes, along=along)
        return Beyond(deed, links.removals)

    return await carry_out(here, actor, decide)

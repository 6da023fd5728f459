"""`/groups`, with members and owners.  Reference section 38."""

from typing import Final

from entrada.core.directory.administration.operations import Operation
from entrada.core.directory.administration.problem import Problem
from entrada.core.directory.graph.group_json import group_json
from entrada.core.directory.group import Group
from entrada.core.directory.query import odata_properties
from entrada.server.usecases.administer.group_members import (
    add_member,
    add_owner,
    list_members,
    list_owners,
    list_transitive_members,
    remove_member,
    remove_owner,
)
from entrada.server.usecases.administer.groups import (
    change_group,
    create_group,
    delete_group,
    find_group,
    list_groups,
)
from entrada.server.web.graph import shapes
from entrada.server.web.graph.directory_objects import DIRECTORY_OBJECTS, seen_json
from entrada.server.web.graph.endpoint import Call, Endpoint, Resource
from entrada.server.web.graph.expanding import expanding
from entrada.server.web.graph.replies import One, Reply
from entrada.server.web.graph.replying import (
    by_id,
    counting,
    counting_of,
    done,
    listing,
    listing_of,
    reference_of,
    whichever_version,
)
from entrada.server.web.graph.row import changes, counts, deletes, does, lists, makes, shows

GROUPS: Final = Resource(
    set="groups",
    entity=shapes.GROUP,
    known=odata_properties.GROUP,
    expands={"members": expanding(list_members), "owners": expanding(list_owners)},
)


async def _show(call: Call) -> Reply:
    return _one(await find_group(call.here, call.actor, call.id))


async def _make(call: Call) -> Reply:
    return _one(await create_group(call.here, call.actor, call.members), made=True)


async def _change(call: Call) -> Reply:
    return _one(await change_group(call.here, call.actor, call.id, call.members, call.seen), changed=True)


async def _delete(call: Call) -> Reply:
    return done(await delete_group(call.here, call.actor, call.id, call.seen))


@whichever_version
async def _add_member(call: Call) -> Reply:
    whom = reference_of(call)
    return whom if isinstance(whom, Problem) else done(await add_member(call.here, call.actor, call.id, whom))


@whichever_version
async def _remove_member(call: Call) -> Reply:
    return done(await remove_member(call.here, call.actor, call.id, call.keys["member"]))


@whichever_version
async def _add_owner(call: Call) -> Reply:
    whom = reference_of(call)
    return whom if isinstance(whom, Problem) else done(await add_owner(call.here, call.actor, call.id, whom))


@whichever_version
async def _remove_owner(call: Call) -> Reply:
    return done(await remove_owner(call.here, call.actor, call.id, call.keys["owner"]))


def _one(found: Group | Problem, *, made: bool = False, changed: bool = False) -> Reply:
    if isinstance(found, Problem):
        return found
    return One(members=group_json(found), version=found.version, made=made, changed=changed)


# fmt: off
ROWS: Final[tuple[Endpoint, ...]] = (
    lists("/groups", Operation.READ_GROUPS, "The groups.", GROUPS, listing(list_groups, group_json)),
    counts("/groups/$count", Operation.READ_GROUPS, "How many of them.", GROUPS, counting(list_groups)),
    makes("/groups", Operation.CREATE_GROUP, "Makes a security group.", GROUPS, _make),
    shows("/groups/{id}", Operation.READ_GROUPS, "One of them.", GROUPS, _show),
    changes("/groups/{id}", Operation.CHANGE_GROUP, "Changes it; `members@odata.bind` adds up to 20 members.", GROUPS,
            _change),
    deletes("/groups/{id}", Operation.DELETE_GROUP, "Deletes it; it can be restored for 30 days.", _delete),
    lists("/groups/{id}/members", Operation.READ_GROUPS, "Who is in it directly.", DIRECTORY_OBJECTS,
          listing_of(list_members, seen_json, by_id)),
    counts("/groups/{id}/members/$count", Operation.READ_GROUPS, "How many are.", DIRECTORY_OBJECTS,
           counting_of(list_members, by_id)),
    lists("/groups/{id}/transitiveMembers", Operation.READ_GROUPS, "Who is in it, through other groups too.",
          DIRECTORY_OBJECTS, listing_of(list_transitive_members, seen_json, by_id)),
    does("/groups/{id}/members/$ref", Operation.CHANGE_MEMBERS, "Adds a user or a group.", _add_member,
         shapes.REFERENCE),
    deletes("/groups/{id}/members/{member}/$ref", Operation.CHANGE_MEMBERS, "Removes a member.", _remove_member),
    lists("/groups/{id}/owners", Operation.READ_GROUPS, "Who answers for it.", DIRECTORY_OBJECTS,
          listing_of(list_owners, seen_json, by_id)),
    does("/groups/{id}/owners/$ref", Operation.CHANGE_GROUP, "Adds an owner.", _add_owner, shapes.REFERENCE),
    deletes("/groups/{id}/owners/{owner}/$ref", Operation.CHANGE_GROUP, "Removes an owner.", _remove_owner),
)
# fmt: on

"""What somebody is a member of: where a token with too many groups sends its reader.  Reference sections 32 and 38."""

from collections.abc import Sequence
from typing import Final

from entrada.core.directory.administration.operations import Operation
from entrada.core.directory.administration.problem import Problem
from entrada.core.directory.graph.json_members import Members, boolean, each, reading, text
from entrada.core.directory.group import Group
from entrada.server.usecases.administer.group_memberships import (
    check_memberships,
    list_member_ids,
    list_memberships,
    names_group,
)
from entrada.server.web.graph import shapes
from entrada.server.web.graph.directory_objects import DIRECTORY_OBJECTS, typed_json
from entrada.server.web.graph.endpoint import Call, Endpoint, Handle
from entrada.server.web.graph.replies import Plain, Reply, Text
from entrada.server.web.graph.replying import sliced
from entrada.server.web.graph.row import counts, does, lists, own
from entrada.server.web.graph.users import whom

_IDS: Final = "Collection(Edm.String)"
_GROUP: Final = "microsoft.graph.group"
_ROLE: Final = "microsoft.graph.directoryRole"


def _near_or_far(*, direct: bool, of_group: bool, kind: str | None = None, counted: bool = False) -> Handle:
    async def handle(call: Call) -> Reply:
        found = await list_memberships(call.here, call.actor, whom(call), direct=direct, of_group=of_group)
        if isinstance(found, Problem):
            return found
        groups: Sequence[Group | str] = found.groups if kind != _ROLE else ()
        roles: Sequence[Group | str] = found.roles if kind != _GROUP else ()
        if counted:
            return Text(str(len(groups) + len(roles)))
        return sliced([*groups, *roles], call, typed_json)

    return handle


def _ids(*, roles: bool, of_group: bool) -> Handle:
    async def handle(call: Call) -> Reply:
        only = reading(lambda: _security_only(Members(call.members, "request")))
        if isinstance(only, Problem):
            return only
        name = whom(call)
        found = await list_member_ids(call.here, call.actor, name, roles=roles, security_only=only, of_group=of_group)
        return found if isinstance(found, Problem) else Plain(_IDS, {"value": list(found)})

    return handle


def _security_only(members: Members) -> bool:
    found = members.given("securityEnabledOnly", boolean, stored=False)
    members.finish()
    return found


def _check(*, of_group: bool) -> Handle:
    async def handle(call: Call) -> Reply:
        ids = reading(lambda: _group_ids(Members(call.members, "request")))
        if isinstance(ids, Problem):
            return ids
        found = await check_memberships(call.here, call.actor, whom(call), ids, of_group=of_group)
        return found if isinstance(found, Problem) else Plain(_IDS, {"value": list(found)})

    return handle


def _group_ids(members: Members) -> tuple[str, ...]:
    found = members.required("groupIds", each(text))
    members.finish()
    return found


def _of_either(of_user: Handle, of_group: Handle) -> Handle:
    """Of an id that may be of a user or of a group."""

    async def handle(call: Call) -> Reply:
        is_group = await names_group(call.here, call.actor, call.id)
        return await (of_group if is_group else of_user)(call)

    return handle


def _rows(path: str, read: Operation, *, of_group: bool) -> tuple[Endpoint, ...]:
    # fmt: off
    return (
        lists(f"{path}/memberOf", read, "The groups and directory roles it is in directly.", DIRECTORY_OBJECTS,
              _near_or_far(direct=True, of_group=of_group)),
        lists(f"{path}/transitiveMemberOf", read, "The same, and what those groups are in.", DIRECTORY_OBJECTS,
              _near_or_far(direct=False, of_group=of_group)),
        counts(f"{path}/transitiveMemberOf/$count", read, "How many these are.", DIRECTORY_OBJECTS,
               _near_or_far(direct=False, of_group=of_group, counted=True)),
        *(
            lists(f"{path}/{where}/{kind}", read, f"Those of kind {kind.rpartition('.')[2]} alone.", DIRECTORY_OBJECTS,
                  _near_or_far(direct=where == "memberOf", of_group=of_group, kind=kind))
            for where in ("memberOf", "transitiveMemberOf")
            for kind in (_GROUP, _ROLE)
        ),
        *_actions(path, read, _ids(roles=False, of_group=of_group), _ids(roles=True, of_group=of_group),
                  _check(of_group=of_group)),
    )
    # fmt: on


def _actions(path: str, read: Operation, groups: Handle, objects: Handle, check: Handle) -> tuple[Endpoint, ...]:
    # fmt: off
    return (
        does(f"{path}/getMemberGroups", read, "The ids of all those groups, or of the security groups alone.",
             groups, shapes.WHICH_GROUPS, shapes.STRINGS_VALUE),
        does(f"{path}/getMemberObjects", read, "The same with directory roles.",
             objects, shapes.WHICH_GROUPS, shapes.STRINGS_VALUE),
        does(f"{path}/checkMemberGroups", read, "Which of up to 20 groups hold it.",
             check, shapes.GROUP_IDS, shapes.STRINGS_VALUE),
    )
    # fmt: on


ROWS: Final[tuple[Endpoint, ...]] = (
    *map(own, _rows("/me", Operation.READ_OWN_GROUPS, of_group=False)),
    *_rows("/users/{id}", Operation.READ_GROUPS, of_group=False),
    *_rows("/groups/{id}", Operation.READ_GROUPS, of_group=True),
    *_actions(
        "/directoryObjects/{id}",
        Operation.READ_GROUPS,
        _of_either(_ids(roles=False, of_group=False), _ids(roles=False, of_group=True)),
        _of_either(_ids(roles=True, of_group=False), _ids(roles=True, of_group=True)),
        _of_either(_check(of_group=False), _check(of_group=True)),
    ),
)

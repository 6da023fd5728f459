"""`/oauth2PermissionGrants` and app role assignments, from each end.  Reference section 38."""

from collections.abc import Awaitable, Callable
from typing import Final

from attrs import evolve, frozen

from entrada.core.directory.administration.operations import Operation
from entrada.core.directory.administration.problem import Problem, bad
from entrada.core.directory.graph.app_role_assignment_json import Assigned, app_role_assignment_json
from entrada.core.directory.graph.permission_grant_json import permission_grant_json
from entrada.core.directory.group import Group
from entrada.core.directory.ids import parse_guid
from entrada.core.directory.query import odata_properties
from entrada.core.directory.query.condition import Both, Compare, Op
from entrada.core.directory.service_principal import PermissionGrant, ServicePrincipal
from entrada.core.directory.user import User
from entrada.server.usecases.administer.app_role_assignments import (
    create_app_role_assignment,
    delete_app_role_assignment,
    find_app_role_assignment,
    list_app_role_assignments,
)
from entrada.server.usecases.administer.named_end import Kind, refuse_absent
from entrada.server.usecases.administer.permission_grants import (
    change_permission_grant,
    create_permission_grant,
    delete_permission_grant,
    find_permission_grant,
    list_permission_grants,
)
from entrada.server.usecases.administer.users import find_user
from entrada.server.web.graph import shapes
from entrada.server.web.graph.endpoint import Call, Endpoint, Handle, Resource
from entrada.server.web.graph.replies import One, Reply
from entrada.server.web.graph.replying import by_id, done, listing, page_of
from entrada.server.web.graph.row import changes, deletes, lists, makes, own, shows
from entrada.server.web.graph.service_principals import principal_id

GRANTS: Final = Resource(
    set="oauth2PermissionGrants",
    entity=shapes.PERMISSION_GRANT,
    known=odata_properties.PERMISSION_GRANT,
    eventual=False,
)
ASSIGNMENTS: Final = Resource(
    set="appRoleAssignments",
    entity=shapes.APP_ROLE_ASSIGNMENT,
    known=odata_properties.APP_ROLE_ASSIGNMENT,
    eventual=False,
)
_Key = Callable[[Call], Awaitable[str | Problem]]


@frozen
class _End:
    """What the path names: one of the two that a grant or an assignment joins."""

    field: str
    member: str
    kind: Kind
    key: _Key


async def _named(call: Call, operation: Operation, end: _End) -> str | Problem:
    found = await end.key(call)
    if isinstance(found, Problem):
        return found
    return await refuse_absent(call.here, call.actor, operation, end.kind, found) or found


async def user_id(call: Call) -> str | Problem:
    """By id or by name; `/me` is whoever asks."""
    name = call.keys.get("id") or call.actor.id or ""
    if parse_guid(name):
        return name
    found = await find_user(call.here, call.actor, name)
    return found if isinstance(found, Problem) else found.id


# ---- delegated permissions ----


async def _show_grant(call: Call) -> Reply:
    return _one(await find_permission_grant(call.here, call.actor, call.id))


async def _make_grant(call: Call) -> Reply:
    return _one(await create_permission_grant(call.here, call.actor, call.members), made=True)


async def _change_grant(call: Call) -> Reply:
    changed = await change_permission_grant(call.here, call.actor, call.id, call.members, call.seen)
    return _one(changed, changed=True)


async def _delete_grant(call: Call) -> Reply:
    return done(await delete_permission_grant(call.here, call.actor, call.id, call.seen))


def _one(found: PermissionGrant | Problem, *, made: bool = False, changed: bool = False) -> Reply:
    if isinstance(found, Problem):
        return found
    return One(members=permission_grant_json(found), version=found.version, made=made, changed=changed)


def _grants_of(end: _End) -> Handle:
    async def handle(call: Call) -> Reply:
        found = await _named(call, Operation.READ_GRANTS, end)
        if isinstance(found, Problem):
            return found
        of_it = Compare(end.field, Op.EQ, found)
        query = evolve(call.query, where=Both((of_it, call.query.where)))
        return page_of(await list_permission_grants(call.here, call.actor, query), permission_grant_json)

    return handle


# ---- app roles ----


def _assignments_of(end: _End) -> Handle:
    async def handle(call: Call) -> Reply:
        found = await _named(call, Operation.READ_ASSIGNMENTS, end)
        if isinstance(found, Problem):
            return found
        of_it = Compare(end.field, Op.EQ, found)
        query = evolve(call.query, where=Both((of_it, call.query.where)))
        return page_of(await list_app_role_assignments(call.here, call.actor, query), app_role_assignment_json)

    return handle


def _assign(end: _End) -> Handle:
    """A member of the body says again which end the path names."""

    async def handle(call: Call) -> Reply:
        found = await _named(call, Operation.CHANGE_ASSIGNMENTS, end)
        if isinstance(found, Problem):
            return found
        said = call.members.get(end.member, found)
        if isinstance(said, str) and said.lower() != found.lower():
            return bad(f"{end.member} is not the object that the address names.", end.member)
        members = {**call.members, end.member: said}
        return _assigned(await create_app_role_assignment(call.here, call.actor, members), made=True)

    return handle


def _unassign(end: _End) -> Handle:
    async def handle(call: Call) -> Reply:
        found = await _named(call, Operation.CHANGE_ASSIGNMENTS, end)
        if isinstance(found, Problem):
            return found
        return done(await delete_app_role_assignment(call.here, call.actor, call.keys["assignment"], found))

    return handle


def _show_assignment(end: _End) -> Handle:
    async def handle(call: Call) -> Reply:
        found = await _named(call, Operation.READ_ASSIGNMENTS, end)
        if isinstance(found, Problem):
            return found
        return _assigned(await find_app_role_assignment(call.here, call.actor, call.keys["assignment"], found))

    return handle


def _assigned(found: Assigned | Problem, *, made: bool = False) -> Reply:
    return found if isinstance(found, Problem) else One(members=app_role_assignment_json(found), made=made)


_CLIENT: Final = _End("client_id", "clientId", ServicePrincipal, principal_id)
_HOLDER: Final = _End("principal_id", "principalId", ServicePrincipal, principal_id)
_API: Final = _End("resource_id", "resourceId", ServicePrincipal, principal_id)
_USER: Final = _End("principal_id", "principalId", User, user_id)
_GROUP: Final = _End("principal_id", "principalId", Group, by_id)


def _ends(path: str, end: _End, words: str) -> tuple[Endpoint, ...]:
    # fmt: off
    return (
        lists(path, Operation.READ_ASSIGNMENTS, words, ASSIGNMENTS, _assignments_of(end)),
        makes(path, Operation.CHANGE_ASSIGNMENTS, "Assigns an app role.", ASSIGNMENTS, _assign(end)),
        shows(f"{path}/{{assignment}}", Operation.READ_ASSIGNMENTS, "One of them.", ASSIGNMENTS, _show_assignment(end)),
        deletes(f"{path}/{{assignment}}", Operation.CHANGE_ASSIGNMENTS, "Takes it away.", _unassign(end)),
    )
    # fmt: on


# fmt: off
ROWS: Final[tuple[Endpoint, ...]] = (
    lists("/oauth2PermissionGrants", Operation.READ_GRANTS, "What applications may do in people's names.", GRANTS,
          listing(list_permission_grants, permission_grant_json)),
    makes("/oauth2PermissionGrants", Operation.CHANGE_GRANTS, "Grants delegated permissions.", GRANTS, _make_grant),
    shows("/oauth2PermissionGrants/{id}", Operation.READ_GRANTS, "One of them.", GRANTS, _show_grant),
    changes("/oauth2PermissionGrants/{id}", Operation.CHANGE_GRANTS, "Changes its `scope`.", GRANTS, _change_grant),
    deletes("/oauth2PermissionGrants/{id}", Operation.CHANGE_GRANTS, "Revokes it.", _delete_grant),
    lists("/servicePrincipals/{id}/oauth2PermissionGrants", Operation.READ_GRANTS,
          "What was granted to this application.", GRANTS, _grants_of(_CLIENT)),
    lists("/users/{id}/oauth2PermissionGrants", Operation.READ_GRANTS, "What applications may do in this name.",
          GRANTS, _grants_of(_USER)),
    own(lists("/me/oauth2PermissionGrants", Operation.READ_GRANTS, "What applications may do in one's own name.",
              GRANTS, _grants_of(_USER))),
    *_ends("/servicePrincipals/{id}/appRoleAssignments", _HOLDER,
           "Which app roles this application holds."),
    *_ends("/servicePrincipals/{id}/appRoleAssignedTo", _API,
           "Who holds app roles of this API."),
    *_ends("/users/{id}/appRoleAssignments", _USER,
           "Which app roles this user holds, groups aside."),
    *_ends("/groups/{id}/appRoleAssignments", _GROUP,
           "Which app roles this group holds."),
    own(lists("/me/appRoleAssignments", Operation.READ_ASSIGNMENTS, "Which app roles one holds, groups aside.",
              ASSIGNMENTS, _assignments_of(_USER))),
)
# fmt: on

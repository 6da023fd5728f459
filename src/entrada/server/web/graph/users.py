"""`/users` and `/me`.  Reference section 38."""

from collections.abc import Callable
from typing import Final

from entrada.core.directory.administration.operations import Operation
from entrada.core.directory.administration.problem import Problem
from entrada.core.directory.administration.sight import Sight, sight_of_user
from entrada.core.directory.graph.json_members import Members, reading, text
from entrada.core.directory.graph.user_json import DEFAULT_MEMBERS, basic_user_json, user_json
from entrada.core.directory.group import Group
from entrada.core.directory.query import odata_properties
from entrada.core.directory.user import User
from entrada.server.usecases.administer.group_memberships import list_memberships
from entrada.server.usecases.administer.user_passwords import change_own_password
from entrada.server.usecases.administer.user_sessions import revoke_sessions
from entrada.server.usecases.administer.users import (
    change_own_profile,
    change_user,
    create_user,
    delete_user,
    find_user,
    list_users,
)
from entrada.server.web.graph import shapes
from entrada.server.web.graph.directory_objects import typed_json
from entrada.server.web.graph.endpoint import Call, Endpoint, Resource
from entrada.server.web.graph.expanding import EXPANDED
from entrada.server.web.graph.replies import Json, One, Plain, Reply
from entrada.server.web.graph.replying import counting, done, page_of
from entrada.server.web.graph.row import changes, counts, deletes, does, lists, makes, own, shows


async def _member_of(call: Call, user_id: str) -> tuple[Json, ...] | Problem:
    found = await list_memberships(call.here, call.actor, user_id, direct=True)
    if isinstance(found, Problem):
        return found
    objects: list[Group | str] = [*found.groups, *found.roles]
    return tuple(map(typed_json, objects[:EXPANDED]))


USERS: Final = Resource(
    set="users",
    entity=shapes.USER,
    known=odata_properties.USER,
    usual=DEFAULT_MEMBERS,
    expands={"memberOf": _member_of},
)


async def _show(call: Call) -> Reply:
    found = await find_user(call.here, call.actor, whom(call))
    if isinstance(found, Problem):
        return found
    return One(members=_seen(call)(found), version=found.version)


async def _list(call: Call) -> Reply:
    return page_of(await list_users(call.here, call.actor, call.query), _seen(call))


def _seen(call: Call) -> Callable[[User], Json]:
    return lambda one: user_json(one) if sight_of_user(call.actor, one) is Sight.ALL else basic_user_json(one)


async def _make(call: Call) -> Reply:
    return _one(await create_user(call.here, call.actor, call.members), made=True)


async def _change(call: Call) -> Reply:
    return _one(await change_user(call.here, call.actor, call.id, call.members, call.seen), changed=True)


async def _change_own(call: Call) -> Reply:
    return _one(await change_own_profile(call.here, call.actor, call.members, call.seen), changed=True)


async def _delete(call: Call) -> Reply:
    return done(await delete_user(call.here, call.actor, call.id, call.seen))


async def _revoke(call: Call) -> Reply:
    revoked = await revoke_sessions(call.here, call.actor, whom(call))
    return revoked if isinstance(revoked, Problem) else Plain("Edm.Boolean", {"value": True})


async def _change_password(call: Call) -> Reply:
    asked = reading(lambda: _passwords(Members(call.members, "change of password")))
    if isinstance(asked, Problem):
        return asked
    return done(await change_own_password(call.here, call.actor, *asked))


def _passwords(members: Members) -> tuple[str, str]:
    found = members.required("currentPassword", text), members.required("newPassword", text)
    members.finish()
    return found


def whom(call: Call) -> str:
    """Whom the path names; `/me` is whoever asks."""
    return call.keys.get("id") or call.actor.id or ""


def _one(found: User | Problem, *, made: bool = False, changed: bool = False) -> Reply:
    if isinstance(found, Problem):
        return found
    return One(members=user_json(found), version=found.version, made=made, changed=changed)


ROWS: Final[tuple[Endpoint, ...]] = (
    lists("/users", Operation.READ_USERS, "The users.", USERS, _list),
    counts("/users/$count", Operation.READ_USERS, "How many of them.", USERS, counting(list_users)),
    makes("/users", Operation.CREATE_USER, "Creates a user with a first password.", USERS, _make),
    shows("/users/{id}", Operation.READ_USERS, "One of them, by id or user principal name.", USERS, _show),
    changes("/users/{id}", Operation.CHANGE_USER, "Changes the members it is given.", USERS, _change),
    deletes("/users/{id}", Operation.DELETE_USER, "Deletes the user, who can be restored for 30 days.", _delete),
    own(shows("/me", Operation.READ_OWN_PROFILE, "Who the token is of.", USERS, _show)),
    own(changes("/me", Operation.CHANGE_OWN_PROFILE, "Changes what is one's own to change.", USERS, _change_own)),
    does(
        "/users/{id}/revokeSignInSessions",
        Operation.REVOKE_SESSIONS,
        "Signs the user out everywhere.",
        _revoke,
        gives=shapes.BOOLEAN_VALUE,
    ),
    own(
        does(
            "/me/revokeSignInSessions",
            Operation.REVOKE_OWN_SESSIONS,
            "Signs oneself out everywhere.",
            _revoke,
            gives=shapes.BOOLEAN_VALUE,
        )
    ),
    own(
        does(
            "/me/changePassword",
            Operation.CHANGE_OWN_PASSWORD,
            "Changes the own password, by the present one.",
            _change_password,
            shapes.CHANGE_PASSWORD,
        )
    ),
)

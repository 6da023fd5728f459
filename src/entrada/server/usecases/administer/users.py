"""Users: create, find, list, change, delete.  Graph: users; reference section 38."""

from collections.abc import Mapping

from entrada.core.directory.administration import people_activities as did
from entrada.core.directory.administration.actor import Actor
from entrada.core.directory.administration.change import Activity, Change, Deed
from entrada.core.directory.administration.may import may, sees_basics_only
from entrada.core.directory.administration.operations import Operation
from entrada.core.directory.administration.problem import Problem, bad, denied, taken
from entrada.core.directory.administration.protection import refuse_oneself, refuse_over_roles, refuse_sensitive
from entrada.core.directory.deleted_item import DeletedItem
from entrada.core.directory.graph.member_names import graph_name
from entrada.core.directory.graph.user_json import BASIC_FIELDS
from entrada.core.directory.graph.user_members import Written, changed_own_profile, changed_user, new_user
from entrada.core.directory.ids import UserId
from entrada.core.directory.query.asked_fields import asked_fields
from entrada.core.directory.query.query import Page, Query
from entrada.core.directory.user import User
from entrada.core.protocol.effects import Effect
from entrada.server.usecases.administer.carry_out import Beyond, as_written, carry_out, change_of
from entrada.server.usecases.administer.links_of_person import deleted, links_of_person
from entrada.server.usecases.administer.stale import refuse_stale
from entrada.server.usecases.administer.told_along import gone_along
from entrada.server.usecases.administer.user_lookup import (
    leave_an_administrator,
    look_up,
    names_oneself,
    own_tenant,
)
from entrada.server.usecases.administer.user_passwords import ended_by_password, refuse_password, with_new_password
from entrada.server.usecases.end_everything import ended_sessions, signed_out
from entrada.server.usecases.installation import Installation


async def create_user(
    here: Installation, actor: Actor, members: Mapping[str, object], *, needs_password: bool = True
) -> User | Problem:
    """Graph refuses a user without a password; who hands out a one-time link next (`user_passwords`) needs none."""
    user_id = UserId(here.new_id())

    async def decide() -> Deed[User] | Problem:
        refused = may(actor, Operation.CREATE_USER)
        if refused is not None:
            return refused
        asked = new_user(await own_tenant(here, actor), user_id, members, here.clock())
        user = asked if isinstance(asked, Problem) else await _judged_anew(here, asked, needs_password=needs_password)
        if isinstance(user, Problem):
            return user
        if await _is_taken(here, user):
            return _taken(user)
        return Deed(answer=as_written(None, user), activity=did.ADD_USER, changes=(Change(None, user),))

    return await carry_out(here, actor, decide)


async def _judged_anew(here: Installation, asked: Written, *, needs_password: bool) -> User | Problem:
    if needs_password and (asked.profile is None or asked.profile.password is None):
        return bad("A new user needs passwordProfile.password.", "passwordProfile.password")
    return await with_new_password(here, asked)


async def find_user(here: Installation, actor: Actor, name: str) -> User | Problem:
    """By id or user principal name; who may read only itself does not learn who else there is."""
    itself = names_oneself(actor, name)
    refused = may(actor, Operation.READ_USERS, itself=itself)
    if refused is not None and itself:
        refused = may(actor, Operation.READ_OWN_PROFILE, itself=True)
    return refused or await look_up(here, actor, name)


async def list_users(here: Installation, actor: Actor, query: Query) -> Page[User] | Problem:
    refused = may(actor, Operation.READ_USERS) or _refuse_asking(actor, query)
    return refused or await here.store.list_page(User, actor.tenant_id, query)


def _refuse_asking(actor: Actor, query: Query) -> Problem | None:
    """Who is shown a few members would find out the others by asking who has them."""
    hidden = sorted(map(graph_name, asked_fields(query) - BASIC_FIELDS)) if sees_basics_only(actor) else []
    if not hidden:
        return None
    return denied(f"With User.ReadBasic.All alone nobody is found or sorted by {', '.join(hidden)}.")


async def change_user(
    here: Installation, actor: Actor, name: str, members: Mapping[str, object], seen: int | None = None
) -> User | Problem:
    """Whoever may not change users may still change what is theirs to change of themselves."""

    async def decide() -> Deed[User] | Beyond[User] | Problem:
        refused = _may_change(actor, members)
        if refused is not None and names_oneself(actor, name):
            return await _change_own_profile(here, actor, members, seen)
        user = refused or await look_up(here, actor, name)
        if isinstance(user, Problem):
            return user
        stale = await refuse_stale(here, user, seen)
        if stale is not None:
            return stale
        asked = changed_user(user, await own_tenant(here, actor), members)
        return asked if isinstance(asked, Problem) else await _changed(here, actor, user, asked)

    return await carry_out(here, actor, decide)


def _may_change(actor: Actor, members: Mapping[str, object]) -> Problem | None:
    """A password alone takes less than everything else."""
    with_password = members.get("passwordProfile") is not None
    refused = may(actor, Operation.RESET_PASSWORD) if with_password else None
    alone = with_password and len(members) == 1
    return refused if refused is not None or alone else may(actor, Operation.CHANGE_USER)


async def change_own_profile(
    here: Installation, actor: Actor, members: Mapping[str, object], seen: int | None = None
) -> User | Problem:
    """PATCH /me: with a phone number, a language; the same for everybody, whichever roles they hold."""
    return await carry_out(here, actor, lambda: _change_own_profile(here, actor, members, seen))


async def _change_own_profile(
    here: Installation, actor: Actor, members: Mapping[str, object], seen: int | None
) -> Deed[User] | Problem:
    refused = may(actor, Operation.CHANGE_OWN_PROFILE, itself=True)
    user = refused or await look_up(here, actor, actor.id or "me")
    if isinstance(user, Problem):
        return user
    changed = await refuse_stale(here, user, seen) or changed_own_profile(user, members)
    if isinstance(changed, Problem):
        return changed
    return Deed(answer=as_written(user, changed), activity=did.UPDATE_USER, changes=change_of(user, changed))


async def _changed(here: Installation, actor: Actor, user: User, asked: Written) -> Beyond[User] | Problem:
    refused = await _refuse_change(here, actor, user, asked)
    if refused is not None:
        return refused
    left = await leave_an_administrator(here, user, asked.user)
    if isinstance(left, Problem):
        return left
    after = await with_new_password(here, asked)
    if isinstance(after, Problem):
        return after
    ended = tuple[Effect, ...]()
    if after.password != user.password:
        after = signed_out(after, here.clock())
        ended = await ended_by_password(here, after)
    answer, changes = as_written(user, after), change_of(user, after)
    return Beyond(Deed(answer=answer, activity=_activity(user, after), changes=changes, rests_on=left), ended)


async def _refuse_change(here: Installation, actor: Actor, user: User, asked: Written) -> Problem | None:
    refused = refuse_sensitive(actor, user, asked.user)
    if refused is None and asked.profile is not None:
        refused = refuse_password(actor, user)
    if refused is None and user.account_enabled and not asked.user.account_enabled:
        refused = refuse_oneself(actor, user, "disable")
    if refused is None and asked.user.user_principal_name != user.user_principal_name:
        refused = _taken(asked.user) if await _is_taken(here, asked.user) else None
    return refused


def _activity(before: User, after: User) -> Activity:
    """The gravest of what was done."""
    if before.password != after.password:
        return did.RESET_PASSWORD
    if before.account_enabled != after.account_enabled:
        return did.ENABLE_ACCOUNT if after.account_enabled else did.DISABLE_ACCOUNT
    return did.UPDATE_USER


async def delete_user(here: Installation, actor: Actor, name: str, seen: int | None = None) -> DeletedItem | Problem:
    """It can be restored for a while, with all that hung on it; what it had signed in to stays ended."""

    async def decide() -> Beyond[DeletedItem] | Problem:
        user = may(actor, Operation.DELETE_USER) or await look_up(here, actor, name)
        if isinstance(user, Problem):
            return user
        refused = (
            refuse_oneself(actor, user, "delete")
            or refuse_over_roles(actor, user)
            or await refuse_stale(here, user, seen)
        )
        return refused or await _deleted(here, user)

    return await carry_out(here, actor, decide)


async def _deleted(here: Installation, user: User) -> Beyond[DeletedItem] | Problem:
    left = await leave_an_administrator(here, user, None)
    if isinstance(left, Problem):
        return left
    now, links = here.clock(), await links_of_person(here.store, user)
    item = deleted(signed_out(user, now), links, now)
    changes = (Change(user, None), Change(None, item))
    ended = await ended_sessions(here.store, user, now)
    deed = Deed(answer=item, activity=did.DELETE_USER, changes=changes, rests_on=left, along=gone_along(item))
    return Beyond(deed, (*links.removals, *ended))


async def _is_taken(here: Installation, user: User) -> bool:
    holder = await here.store.find_user_by_name(user.tenant_id, user.user_principal_name)
    return holder is not None and holder.id != user.id


def _taken(user: User) -> Problem:
    return taken(f"There is a user {user.user_principal_name} already: choose another name.", "userPrincipalName")

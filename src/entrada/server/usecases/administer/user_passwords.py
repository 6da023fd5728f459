"""Passwords, by an administrator and by whoever they open for.  Graph: passwordProfile, resetPassword, changePassword.

Graph: authentication/methods/{id}/resetPassword; reference sections 35 and 38.
"""

from collections.abc import Awaitable, Callable
from typing import Final

from attrs import evolve

from entrada.core.directory.administration import people_activities as did
from entrada.core.directory.administration.actor import Actor
from entrada.core.directory.administration.change import Activity, Deed
from entrada.core.directory.administration.may import may
from entrada.core.directory.administration.operations import Operation
from entrada.core.directory.administration.problem import Problem, bad
from entrada.core.directory.administration.protection import is_oneself, refuse_over_roles
from entrada.core.directory.graph.user_members import NewProfile, Written
from entrada.core.directory.user import PasswordCredential, User
from entrada.core.errors.reason import Refusal
from entrada.core.protocol.effects import Effect
from entrada.server.usecases.administer.carry_out import Beyond, as_written, carry_out, change_of, told
from entrada.server.usecases.administer.user_lookup import look_up
from entrada.server.usecases.change_password import judge
from entrada.server.usecases.end_everything import ended_sessions, signed_out
from entrada.server.usecases.enrol import enrolment_link
from entrada.server.usecases.handed_over import Link, Temporary, generated_password
from entrada.server.usecases.installation import Installation
from entrada.server.usecases.lockout import forgotten
from entrada.server.usecases.new_credential import NewPassword, Unfit, new_credential

_PATH: Final = "passwordProfile.password"


def refuse_password(actor: Actor, user: User) -> Problem | None:
    """Whether *actor* must leave this user's password alone, whatever the rules say."""
    if user.home is not None:
        # One of its own would let a guest in past its home tenant, which may have locked it out.
        return bad("This user is a guest: it signs in, and has its password, where it is at home.", "passwordProfile")
    if is_oneself(actor, user):
        return bad("Your own password takes the present one: change it by changePassword.", "passwordProfile")
    return refuse_over_roles(actor, user)


async def with_new_password(here: Installation, asked: Written) -> User | Problem:
    """The user as written, with the password that was asked for, if it is good enough."""
    profile, user = asked.profile, asked.user
    if profile is None:
        return user
    if profile.password is None:
        return _due(user, profile)
    # Without the present one: nobody shall find out by trying whether a guess is somebody's password.
    made = await new_credential(
        here, evolve(user, password=None), NewPassword(once=profile.password, again=profile.password)
    )
    if isinstance(made, Unfit):
        return bad(made.fault, _PATH)
    # [U] Unless said otherwise, another one is due: a password that two people know is nobody's.
    return evolve(user, password=evolve(made, must_change=profile.must_change is not False))


def _due(user: User, profile: NewProfile) -> User | Problem:
    if profile.must_change is None or user.password is None:
        return user
    return evolve(user, password=evolve(user.password, must_change=profile.must_change))


async def ended_by_password(here: Installation, user: User) -> tuple[Effect, ...]:
    """All that is signed in, and the lockout with it."""
    return (*await ended_sessions(here.store, user, here.clock()), *forgotten(user.tenant_id, user.id))


async def reset_password(
    here: Installation, actor: Actor, name: str, new_password: str | None = None
) -> Temporary | Problem:
    """To *new_password*, or to a made-up one.  Either opens one sign-in, at which another one must be chosen."""
    password = new_password if new_password is not None else generated_password(here)

    async def given(user: User) -> PasswordCredential | Problem | None:
        if new_password is None:
            return PasswordCredential(hash=await here.hasher.hash(password), changed_at=here.clock(), must_change=True)
        user_then = await with_new_password(here, Written(user, NewProfile(new_password, must_change=True)))
        return user_then if isinstance(user_then, Problem) else user_then.password

    done = await carry_out(here, actor, lambda: _reset(here, actor, name, given))
    return done if isinstance(done, Problem) else Temporary(password)


async def reset_password_by_link(here: Installation, actor: Actor, name: str) -> Link | Problem:
    """At once the old password opens nothing; whoever opens the link first chooses another one."""

    async def none(_user: User) -> None:
        return None

    done = await carry_out(here, actor, lambda: _reset(here, actor, name, none))
    return done if isinstance(done, Problem) else Link(enrolment_link(here, done))


async def offer_password_link(here: Installation, actor: Actor, name: str) -> Link | Problem:
    """The present password, if there is one, stays good until the link is used."""

    async def decide() -> Beyond[User] | Problem:
        user = await _whom(here, actor, name, refuse_password)
        if isinstance(user, Problem):
            return user
        deed = Deed(answer=user, activity=did.OFFER_LINK, changes=(), about=user)
        return Beyond(deed, (told(here, actor, deed),))  # nothing is changed yet, and it is told all the same

    done = await carry_out(here, actor, decide)
    return done if isinstance(done, Problem) else Link(enrolment_link(here, done))


async def unlock(here: Installation, actor: Actor, name: str) -> User | Problem:
    """Failed sign-ins are forgotten, and a lockout ends."""

    async def decide() -> Beyond[User] | Problem:
        user = await _whom(here, actor, name, refuse_over_roles)
        if isinstance(user, Problem):
            return user
        deed = Deed(answer=user, activity=did.UNLOCK, changes=(), about=user)
        return Beyond(deed, (told(here, actor, deed), *forgotten(user.tenant_id, user.id)))

    return await carry_out(here, actor, decide)


async def change_own_password(here: Installation, actor: Actor, current: str, new: str) -> User | Problem:
    """By the present one; wrong ones count as at any other door.  All that is signed in ends."""

    async def decide() -> Beyond[User] | Problem:
        user = may(actor, Operation.CHANGE_OWN_PASSWORD, itself=True) or await look_up(here, actor, actor.id or "me")
        if isinstance(user, Problem):
            return user
        if user.authenticator is not None:
            return bad(f"Your account has an authenticator: change the password at {here.origin}/account, by a code.")
        judged = await judge(here, user, current, NewPassword(once=new, again=new), address=actor.address)
        if isinstance(judged, Refusal):
            return bad(f"{judged.text} {judged.advice}", "currentPassword")
        if isinstance(judged, Unfit):
            return bad(judged.fault, "newPassword")
        return await _with(here, judged, user, did.CHANGE_PASSWORD)

    return await carry_out(here, actor, decide)


async def _reset(
    here: Installation,
    actor: Actor,
    name: str,
    new: Callable[[User], Awaitable[PasswordCredential | Problem | None]],
) -> Beyond[User] | Problem:
    user = await _whom(here, actor, name, refuse_password)
    if isinstance(user, Problem):
        return user
    credential = await new(user)
    if isinstance(credential, Problem):
        return credential
    return await _with(here, evolve(user, password=credential), user, did.RESET_PASSWORD)


async def _with(here: Installation, changed: User, before: User, activity: Activity) -> Beyond[User]:
    after = signed_out(changed, here.clock())
    deed = Deed(answer=as_written(before, after), activity=activity, changes=change_of(before, after))
    return Beyond(deed, await ended_by_password(here, after))


async def _whom(
    here: Installation, actor: Actor, name: str, protected: Callable[[Actor, User], Problem | None]
) -> User | Problem:
    user = may(actor, Operation.RESET_PASSWORD) or await look_up(here, actor, name)
    return user if isinstance(user, Problem) else protected(actor, user) or user

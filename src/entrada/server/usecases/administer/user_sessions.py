"""Sign somebody out everywhere.  Graph: revokeSignInSessions; reference sections 19 and 38.

Graph's own permission for it, User.RevokeSessions.All, is not among those built in; the higher ones, which Graph takes
as well, are.
"""

from entrada.core.directory.administration import people_activities as did
from entrada.core.directory.administration.actor import Actor
from entrada.core.directory.administration.change import Deed
from entrada.core.directory.administration.may import may
from entrada.core.directory.administration.operations import Operation
from entrada.core.directory.administration.problem import Problem, bad
from entrada.core.directory.administration.protection import refuse_over_roles
from entrada.core.directory.user import User
from entrada.server.usecases.administer.carry_out import Beyond, as_written, carry_out, change_of, told
from entrada.server.usecases.administer.user_lookup import look_up, names_oneself
from entrada.server.usecases.end_everything import ended_sessions, signed_out
from entrada.server.usecases.installation import Installation


async def revoke_sessions(here: Installation, actor: Actor, name: str) -> User | Problem:
    """No session, code, refresh token or device approval from before is good any more."""

    async def decide() -> Beyond[User] | Problem:
        user = _may_revoke(actor, name) or await look_up(here, actor, name)
        if isinstance(user, Problem):
            return user
        refused = _refuse_guest(user) or refuse_over_roles(actor, user)
        if refused is not None:
            return refused
        after = signed_out(user, here.clock())
        changes = change_of(user, after)
        about = None if changes else user
        deed = Deed(answer=as_written(user, after), activity=did.REVOKE_SESSIONS, changes=changes, about=about)
        ended = await ended_sessions(here.store, user, here.clock())
        # Twice in one second leaves the user as it is, and is told twice all the same.
        return Beyond(deed, ended if changes else (*ended, told(here, actor, deed)))

    return await carry_out(here, actor, decide)


def _may_revoke(actor: Actor, name: str) -> Problem | None:
    if names_oneself(actor, name):
        return may(actor, Operation.REVOKE_OWN_SESSIONS, itself=True)
    return may(actor, Operation.REVOKE_SESSIONS)


def _refuse_guest(user: User) -> Problem | None:
    """Entra answers true, and nothing happens: what a tenant revokes of its guests has no effect on their sign-ins.

    Whoever has just lost a device must not believe that it did.
    """
    if user.home is None:
        return None
    return bad("This user is a guest: sign-ins are revoked where the account is at home.")

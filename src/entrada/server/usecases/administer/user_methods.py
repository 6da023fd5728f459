"""By what somebody proves who they are: list, take away.  Graph: user/authentication; reference sections 35 and 38.

A password is reset in `user_passwords`; nobody is given an authenticator by somebody else.
"""

from attrs import evolve

from entrada.core.credentials.attempts import Counter
from entrada.core.directory.administration import people_activities as did
from entrada.core.directory.administration.actor import Actor
from entrada.core.directory.administration.change import Deed
from entrada.core.directory.administration.may import may
from entrada.core.directory.administration.operations import Operation
from entrada.core.directory.administration.problem import Problem, bad, not_found
from entrada.core.directory.administration.protection import is_oneself, refuse_over_roles
from entrada.core.directory.graph.authentication_method_json import METHOD_OF_AUTHENTICATOR, methods_of
from entrada.core.directory.user import User
from entrada.core.protocol.effects import ForgetAttempts
from entrada.server.usecases.administer.carry_out import Beyond, as_written, carry_out, change_of
from entrada.server.usecases.administer.user_lookup import look_up, names_oneself
from entrada.server.usecases.end_everything import ended_sessions, signed_out
from entrada.server.usecases.installation import Installation


async def list_methods(here: Installation, actor: Actor, name: str) -> tuple[dict[str, object], ...] | Problem:
    """As Graph's JSON: a user's methods are no objects of their own here."""
    user = await _readable(here, actor, name)
    return user if isinstance(user, Problem) else methods_of(user)


async def find_method(here: Installation, actor: Actor, name: str, method_id: str) -> dict[str, object] | Problem:
    methods = await list_methods(here, actor, name)
    if isinstance(methods, Problem):
        return methods
    found = next((one for one in methods if one["id"] == method_id.lower()), None)
    return found or not_found("authentication method", method_id)


async def _readable(here: Installation, actor: Actor, name: str) -> User | Problem:
    refused = may(actor, Operation.READ_METHODS)
    if refused is not None and names_oneself(actor, name):
        refused = may(actor, Operation.READ_OWN_METHODS, itself=True)
    return refused or await look_up(here, actor, name)


async def delete_method(here: Installation, actor: Actor, name: str, method_id: str) -> User | Problem:
    """An authenticator that was lost: the next sign-in that needs a second factor sets up another one.

    Recovery codes go with it, and what is signed in ends: the phone may be in somebody's hands.
    """

    async def decide() -> Beyond[User] | Problem:
        user = may(actor, Operation.CHANGE_METHODS) or await look_up(here, actor, name)
        if isinstance(user, Problem):
            return user
        refused = _refuse(here, actor, user, method_id.lower())
        if refused is not None:
            return refused
        after = signed_out(evolve(user, authenticator=None, recovery_codes=()), here.clock())
        deed = Deed(answer=as_written(user, after), activity=did.DELETE_METHOD, changes=change_of(user, after))
        forgotten = ForgetAttempts(user.tenant_id, user.id, Counter.SECOND_FACTOR)
        return Beyond(deed, (*await ended_sessions(here.store, user, here.clock()), forgotten))

    return await carry_out(here, actor, decide)


def _refuse(here: Installation, actor: Actor, user: User, method_id: str) -> Problem | None:
    refused = refuse_over_roles(actor, user)
    if refused is not None:
        return refused
    if is_oneself(actor, user):
        return bad(f"Your own authenticator is replaced at {here.origin}/account, by a code.")
    if all(one["id"] != method_id for one in methods_of(user)):
        return not_found("authentication method", method_id)
    if method_id != METHOD_OF_AUTHENTICATOR:
        return bad("A password is not deleted: reset it, or disable the account.")
    return None

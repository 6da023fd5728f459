"""Change what one application proves itself with: look, judge, write, and tell it under a name of its own."""

from collections.abc import Callable
from typing import TypeVar

from entrada.core.directory.administration import application_activities as did
from entrada.core.directory.administration.actor import Actor
from entrada.core.directory.administration.change import Deed
from entrada.core.directory.administration.operations import Operation
from entrada.core.directory.administration.problem import Problem, bad
from entrada.core.directory.application import Application
from entrada.core.directory.application_rules import newly_broken
from entrada.server.usecases.administer.application_lookup import allowed, is_itself
from entrada.server.usecases.administer.carry_out import carry_out, change_of
from entrada.server.usecases.administer.trust import refuse_trusting
from entrada.server.usecases.administer.user_lookup import own_tenant
from entrada.server.usecases.installation import Installation

T = TypeVar("T")
Change = Callable[[Application], tuple[Application, T] | Problem]


async def change_credentials(
    here: Installation, actor: Actor, name: str, seen: int | None, change: Change[T], *, itself: bool = False
) -> T | Problem:
    """*change* answers with the application as it shall be, and what the caller is told.

    *itself*: an application may do it to itself without any permission, for it proves that it holds its key.
    """

    async def decide() -> Deed[T] | Problem:
        before = await allowed(here, actor, Operation.CHANGE_APPLICATION, name, seen, itself=itself)
        if isinstance(before, Problem):
            return before
        changed = change(before)
        if isinstance(changed, Problem):
            return changed
        after, answer = changed
        fault = newly_broken(before, after, await own_tenant(here, actor))
        if fault is not None:
            return bad(fault.message, fault.target or None)
        refused = None if itself and is_itself(actor, before) else await refuse_trusting(here, actor, before, after)
        return refused or Deed(answer=answer, activity=did.UPDATE_CREDENTIALS, changes=change_of(before, after))

    return await carry_out(here, actor, decide)

"""Let an administrator help somebody whose authenticator is lost: the next sign-in sets up another one."""

from attrs import evolve

from entrada.core.credentials.attempts import Counter
from entrada.core.directory.administration import own_activities as did
from entrada.core.directory.user import User
from entrada.core.protocol.effects import ForgetAttempts
from entrada.server.store.port import StoreContended
from entrada.server.usecases.audited import audited, operator
from entrada.server.usecases.end_everything import signed_out_everywhere
from entrada.server.usecases.installation import Installation


async def reset_second_factor(here: Installation, user: User) -> User:
    """Recovery codes go with it, and what is signed in ends: the phone may be in somebody's hands."""
    without = evolve(user, authenticator=None, recovery_codes=())
    forgotten = ForgetAttempts(user.tenant_id, user.id, Counter.SECOND_FACTOR)
    effects = await signed_out_everywhere(here.store, without, here.clock())
    reset = audited(here, operator(here, user.tenant_id), did.RESET_FACTOR, (*effects, forgotten), user)
    if not await here.store.commit(reset):
        raise StoreContended
    return without

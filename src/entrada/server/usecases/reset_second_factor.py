"""Let an administrator help somebody whose authenticator is lost: the next sign-in sets up another one."""

from attrs import evolve

from entrada.core.credentials.attempts import Attempts, Counter
from entrada.core.directory.user import User
from entrada.core.protocol.effects import ForgetAttempts
from entrada.server.store.port import StoreContended
from entrada.server.usecases.end_everything import signed_out_everywhere
from entrada.server.usecases.installation import Installation


async def reset_second_factor(here: Installation, user: User) -> User:
    """Recovery codes go with it, and what is signed in ends: the phone may be in somebody's hands."""
    without = evolve(user, authenticator=None, recovery_codes=())
    counted = Attempts(tenant_id=user.tenant_id, user_id=user.id, counter=Counter.SECOND_FACTOR)
    effects = await signed_out_everywhere(here, without, here.clock())
    if not await here.store.commit((*effects, ForgetAttempts(counted))):
        raise StoreContended
    return without

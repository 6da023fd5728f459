"""Count failed proofs where every replica sees them, and say when there have been too many.  Reference section 35."""

from attrs import frozen

from entrada.core.credentials import lockout
from entrada.core.credentials.attempts import Attempts, Counter
from entrada.core.directory.ids import TenantId, UserId
from entrada.core.directory.tenant import Tenant
from entrada.core.directory.user import User
from entrada.core.protocol.artefacts import purposes
from entrada.core.protocol.effects import ForgetAttempts, PutAttempts
from entrada.server.store.port import StoreContended
from entrada.server.usecases.installation import Installation


@frozen
class Guarded:
    """An account at one kind of place, whose failures count together."""

    tenant: Tenant
    user_id: UserId
    counter: Counter


async def is_locked_out(here: Installation, guarded: Guarded) -> bool:
    return lockout.is_locked(await _find(here, guarded), here.clock())


async def count_failure(here: Installation, guarded: Guarded, guess: str) -> bool:
    """Count a wrong password or code, or find that there were too many already: whether that was so.

    Whoever was quicker counted a failure too, so this ends with ours counted or the door locked.
    """
    digest = lockout.digest_of(guess, guarded.user_id, guess_key(here, guarded.tenant.id))
    policies = guarded.tenant.policies
    for _ in range(2 * policies.lockout_threshold + 3):
        attempts = await _find(here, guarded) or _fresh(guarded)
        if lockout.is_locked(attempts, here.clock()):
            return True
        counted = lockout.record_failure(attempts, digest, here.clock(), policies)
        if counted is attempts or await here.store.commit((PutAttempts(counted),)):
            return False
    raise StoreContended


async def forget_failures(here: Installation, guarded: Guarded) -> bool:
    """After a success; unless others failed so often meanwhile that the door is locked: whether that was so.

    So that guesses sent all at once do not get past the lock.
    """
    attempts = await _find(here, guarded)
    if lockout.is_locked(attempts, here.clock()):
        return True
    if attempts is not None:
        await here.store.commit((forgotten_at(guarded),))
    return False


async def weighed(here: Installation, guarded: Guarded, user: User | None) -> dict[str, str]:
    """What the log says of a refused proof: whose, by id, if somebody's; how its failures count.

    Nothing of what was typed: people type passwords into the field for the name.
    """
    attempts = await _find(here, guarded) or _fresh(guarded)
    locked = {"locked_until": str(attempts.locked_until)} if lockout.is_locked(attempts, here.clock()) else {}
    counted = {"counter": str(guarded.counter), "failures": str(attempts.failures), "locks": str(attempts.locks)}
    return {**({"user_id": user.id} if user else {}), **counted, **locked}


def forgotten(tenant_id: TenantId, user_id: UserId) -> tuple[ForgetAttempts, ...]:
    """What unlocks every door of an account."""
    return tuple(ForgetAttempts(tenant_id, user_id, counter) for counter in Counter)


def forgotten_at(guarded: Guarded) -> ForgetAttempts:
    """What unlocks the one door."""
    return ForgetAttempts(guarded.tenant.id, guarded.user_id, guarded.counter)


def guess_key(here: Installation, tenant_id: TenantId) -> bytes:
    return here.keyring.lasting_key(purpose=purposes.WRONG_GUESS, tenant=tenant_id)


async def _find(here: Installation, guarded: Guarded) -> Attempts | None:
    return await here.store.find_attempts(guarded.tenant.id, guarded.user_id, guarded.counter)


def _fresh(guarded: Guarded) -> Attempts:
    return Attempts(tenant_id=guarded.tenant.id, user_id=guarded.user_id, counter=guarded.counter)

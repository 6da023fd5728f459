"""Prove a second factor by a one-time code or a recovery code, or set one up.  RFC 6238; design section 6.

Whoever gets here knows the password, so every wrong code counts, where every replica sees it, and starting the sign-in
again forgets nothing.
"""

from collections.abc import Callable

from attrs import evolve

from entrada.core.credentials import lockout as rules
from entrada.core.credentials import recovery_code, totp
from entrada.core.credentials.attempts import Attempts, Counter
from entrada.core.directory.tenant import Tenant
from entrada.core.directory.user import Authenticator, User
from entrada.core.errors import catalogue as why
from entrada.core.errors.reason import Refusal
from entrada.core.jose.numeric_date import NumericDate, Seconds
from entrada.core.protocol.artefacts import purposes
from entrada.core.protocol.effects import Effect, PutAttempts, PutEntity, UseFactorStep
from entrada.core.protocol.sign_in.enrolling import Enrolling
from entrada.core.protocol.sign_in.proof import Claimant, Proof
from entrada.core.protocol.sign_in.second_factor import BOTH
from entrada.server.store.port import StoreContended
from entrada.server.usecases.installation import Installation
from entrada.server.usecases.lockout import Guarded, count_failure

_KEPT_FOR = Seconds(100 * 365 * 24 * 60 * 60)  # sealed at rest, for as long as the account has it


Spend = tuple[Effect, ...]
Check = Callable[[User, NumericDate], Spend | None]  # what spends the code; None: it is not right


async def enter_code(here: Installation, claimant: Claimant, code: str) -> Proof | Refusal:
    def check(user: User, now: NumericDate) -> Spend | None:
        secret = _opened(here, user.authenticator) if user.authenticator else None
        step = totp.step_of(code, secret, now) if secret else None
        return (UseFactorStep(user.tenant_id, user.id, step),) if step is not None else None

    return await _prove(here, claimant, code, check)


async def enter_recovery_code(here: Installation, claimant: Claimant, code: str) -> Proof | Refusal:
    def check(user: User, _: NumericDate) -> Spend | None:
        digest = recovery_code.digest(code)
        if digest not in user.recovery_codes:
            return None
        left = tuple(one for one in user.recovery_codes if one != digest)
        return (PutEntity(evolve(user, recovery_codes=left)),)

    return await _prove(here, claimant, code, check)


def begin_set_up(here: Installation, user: User) -> Enrolling:
    return Enrolling(
        user_id=user.id,
        secret=here.entropy(totp.SECRET_BYTES),
        recovery_codes=recovery_code.generate(here.entropy(recovery_code.COUNT * recovery_code.BYTES)),
    )


def confirm(here: Installation, enrolling: Enrolling, code: str) -> Enrolling | Refusal:
    """The authenticator knows the secret.  Wrong codes do not count: whoever enters them has the secret on the page."""
    step = totp.step_of(code, enrolling.secret, here.clock())
    return Refusal(why.WRONG_CODE) if step is None else evolve(enrolling, confirmed_step=step)


async def finish_set_up(here: Installation, claimant: Claimant, enrolling: Enrolling) -> Proof | Refusal:
    """Keep the authenticator and the digests of its recovery codes."""
    user, now = claimant.user, here.clock()
    sealed = here.seal(enrolling.secret, purpose=purposes.AUTHENTICATOR, tenant=user.tenant_id)
    enrolled = evolve(
        user,
        authenticator=Authenticator(sealed_secret=sealed, added_at=now),
        recovery_codes=recovery_code.digests(enrolling.recovery_codes),
    )
    spent = UseFactorStep(user.tenant_id, user.id, enrolling.confirmed_step or 0)
    if not await here.store.commit((PutEntity(enrolled), spent)):
        return Refusal(why.PROOF_STALE)  # the account was changed at this moment, perhaps by another such page
    return claimant.proof_after(enrolled, BOTH, now)


async def _prove(here: Installation, claimant: Claimant, typed: str, check: Check) -> Proof | Refusal:
    tenant = await here.store.find_tenant(claimant.user.tenant_id)
    if tenant is None:
        return Refusal(why.USER_DISABLED)
    for _ in range(2 * tenant.policies.lockout_threshold + 3):
        user = await here.store.find_user(tenant.id, claimant.user.id) or claimant.user
        attempts = await _attempts(here, user)
        if rules.is_locked(attempts, here.clock()):
            return Refusal(why.ACCOUNT_LOCKED)
        spent = check(user, here.clock())
        if spent is None:
            return await _wrong(here, tenant, user, typed)
        # The counters are put, not forgotten: a right code that others guessed beside fails here, and looks again
        # whether the door is locked by now.  So many guesses at once are no more guesses than one after another.
        if await here.store.commit((*spent, PutAttempts(_cleared(attempts)))):
            return claimant.proof_of(BOTH, here.clock())
        if not await _changed(here, user, attempts):
            return await _wrong(here, tenant, user, typed)  # so it was the code itself that was spent
    raise StoreContended


async def _wrong(here: Installation, tenant: Tenant, user: User, typed: str) -> Refusal:
    # The same digits half a minute later are another guess.
    guess = f"{here.clock() // totp.PERIOD} {typed}"
    locked = await count_failure(here, Guarded(tenant, user.id, Counter.SECOND_FACTOR), guess)
    return Refusal(why.ACCOUNT_LOCKED if locked else why.WRONG_CODE)


async def _attempts(here: Installation, user: User) -> Attempts:
    found = await here.store.find_attempts(user.tenant_id, user.id, Counter.SECOND_FACTOR)
    return found or Attempts(tenant_id=user.tenant_id, user_id=user.id, counter=Counter.SECOND_FACTOR)


async def _changed(here: Installation, user: User, attempts: Attempts) -> bool:
    again = await here.store.find_user(user.tenant_id, user.id)
    return again is None or again.version != user.version or (await _attempts(here, user)).version != attempts.version


def _cleared(attempts: Attempts) -> Attempts:
    return evolve(attempts, failures=0, locks=0, locked_until=NumericDate(0), recent=())


def _opened(here: Installation, authenticator: Authenticator) -> bytes:
    """Raises NotSealed: an authenticator that this installation has not sealed is a fault, not a wrong code."""
    return here.open(authenticator.sealed_secret, purpose=purposes.AUTHENTICATOR, lifetime=_KEPT_FOR).payload

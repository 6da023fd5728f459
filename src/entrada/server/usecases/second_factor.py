"""Prove a second factor by a one-time code or a recovery code, or set one up.  RFC 6238; design section 6.

Whoever gets here knows the password, so every wrong code counts, where every replica sees it, and starting the sign-in
again forgets nothing.
"""

from collections.abc import Callable

from attrs import evolve

from entrada.core.credentials import recovery_code, totp
from entrada.core.credentials.attempts import Counter
from entrada.core.directory.administration import own_activities as did
from entrada.core.directory.administration.actor import Actor
from entrada.core.directory.user import Authenticator, User
from entrada.core.errors import catalogue as why
from entrada.core.errors.reason import Reason, Refusal
from entrada.core.jose.numeric_date import NumericDate, Seconds
from entrada.core.protocol.artefacts import purposes
from entrada.core.protocol.effects import Effect, PutEntity, StartFactorSteps, UseFactorStep
from entrada.core.protocol.sign_in.enrolling import Enrolling
from entrada.core.protocol.sign_in.proof import Claimant, Proof, stamp_of
from entrada.core.protocol.sign_in.second_factor import BOTH
from entrada.server.store.port import StoreContended
from entrada.server.usecases.audited import audited
from entrada.server.usecases.installation import Installation
from entrada.server.usecases.lockout import Guarded, count_failure, forgotten_at, weighed

_KEPT_FOR = Seconds(100 * 365 * 24 * 60 * 60)  # sealed at rest, for as long as the account has it
_ATTEMPTS = 5  # of an account that others change at the same moment

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

    return await _prove(here, claimant, code, check, wrong=why.WRONG_RECOVERY_CODE)


async def enter_either(here: Installation, claimant: Claimant, code: str) -> Proof | Refusal:
    """A code of the authenticator, or a recovery code where the phone is lost."""
    is_one_time = "".join(code.split()).isdigit()
    return await (enter_code if is_one_time else enter_recovery_code)(here, claimant, code)


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


async def finish_set_up(here: Installation, by: Actor, claimant: Claimant, enrolling: Enrolling) -> Proof | Refusal:
    """Keep the authenticator and the digests of its recovery codes."""
    user, now = claimant.user, here.clock()
    sealed = here.seal(enrolling.secret, purpose=purposes.AUTHENTICATOR, tenant=user.tenant_id)
    authenticator = Authenticator(sealed_secret=sealed, added_at=now)
    codes = recovery_code.digests(enrolling.recovery_codes)
    spent = StartFactorSteps(user.tenant_id, user.id, enrolling.confirmed_step or 0)
    for _ in range(_ATTEMPTS):
        user = await here.store.find_user(user.tenant_id, user.id) or user
        if stamp_of(user) != stamp_of(claimant.user):
            return Refusal(why.PROOF_STALE)  # the credentials were changed at this moment, perhaps by another such page
        enrolled = evolve(user, authenticator=authenticator, recovery_codes=codes)
        effects = audited(here, by, did.REGISTER_FACTOR, (PutEntity(enrolled), spent), user)
        if await here.store.commit(effects):
            return claimant.proof_after(enrolled, BOTH, now)
    raise StoreContended


async def _prove(
    here: Installation, claimant: Claimant, typed: str, check: Check, *, wrong: Reason = why.WRONG_CODE
) -> Proof | Refusal:
    """A guess is counted as a failure before it is looked at; a right one takes that back in the commit that spends it.

    So no more of many guesses at once are looked at than of as many one after another, whoever is quicker.
    """
    tenant = await here.store.find_tenant(claimant.user.tenant_id)
    if tenant is None:
        return Refusal(why.USER_DISABLED)
    now, guarded = here.clock(), Guarded(tenant, claimant.user.id, Counter.SECOND_FACTOR)
    # The same digits half a minute later are another guess.
    if await count_failure(here, guarded, f"{now // totp.PERIOD} {typed}"):
        return Refusal(why.ACCOUNT_LOCKED, weighed=await weighed(here, guarded, claimant.user))
    if not await _spend(here, guarded, claimant.user, lambda user: check(user, now)):
        return Refusal(wrong, weighed=await weighed(here, guarded, claimant.user))
    return claimant.proof_of(BOTH, now)


async def _spend(here: Installation, guarded: Guarded, user: User, check: Callable[[User], Spend | None]) -> bool:
    """Whether the code was right, and nobody had used it."""
    seen = None
    for _ in range(_ATTEMPTS):
        user = await here.store.find_user(user.tenant_id, user.id) or user
        spent = check(user) if user.version != seen else None  # else it was the code itself that was spent
        if spent is None:
            return False
        if await here.store.commit((*spent, forgotten_at(guarded))):
            return True
        seen = user.version
    raise StoreContended


def _opened(here: Installation, authenticator: Authenticator) -> bytes:
    """Raises NotSealed: an authenticator that this installation has not sealed is a fault, not a wrong code."""
    return here.open(authenticator.sealed_secret, purpose=purposes.AUTHENTICATOR, lifetime=_KEPT_FOR).payload

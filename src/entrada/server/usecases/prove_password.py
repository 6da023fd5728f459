"""Prove who somebody is by a password: the one way in, whichever door asks.  Reference section 35.

Unknown and wrong answer alike, after the same work and the same statements: a name that nobody has fails, counts and
locks like any other (docs/decisions/0014).
"""

from typing import Final

from attrs import evolve, frozen

from entrada.core.credentials import lockout as rules
from entrada.core.credentials.attempts import Counter
from entrada.core.credentials.password import MAX_LENGTH
from entrada.core.credentials.place import place_of
from entrada.core.directory.ids import UserId
from entrada.core.directory.names import is_principal_name
from entrada.core.directory.tenant import Tenant
from entrada.core.directory.user import User
from entrada.core.errors import catalogue as why
from entrada.core.errors.reason import Refusal
from entrada.core.protocol.effects import PutEntity
from entrada.server.usecases import lockout
from entrada.server.usecases.installation import Installation
from entrada.server.usecases.lockout import Guarded

_NOBODIES: Final = 1 << 20  # counters that all unknown names of a tenant share: what strangers can fill is bounded


@frozen
class Claim:
    """Who somebody says to be, where we have that domain."""

    tenant: Tenant
    user: User | None
    user_id: UserId  # of a stand-in, where there is no such user


async def prove_password(here: Installation, username: str, password: str, *, address: str) -> User | Refusal:
    """The enabled user whose password it is.  *address* is where the attempt comes from."""
    if len(password) > MAX_LENGTH:
        return Refusal(why.PASSWORD_TOO_LONG)
    claim = await _find(here, username.strip())
    if claim is None:
        await here.hasher.verify(None, password)
        return Refusal(why.WRONG_PASSWORD)
    guarded = Guarded(claim.tenant, claim.user_id, await _counter(here, claim, address))
    refusal = await _try(here, claim.user, guarded, password)
    if refusal is not None or claim.user is None:
        weighed = await lockout.weighed(here, guarded, claim.user)
        return evolve(refusal or Refusal(why.WRONG_PASSWORD), weighed=weighed)
    if not claim.user.account_enabled or not claim.tenant.enabled:
        # Said only to whoever knows the password.
        return Refusal(why.USER_DISABLED, weighed={"user_id": claim.user.id})
    return await _upgraded(here, claim.user, password)


async def prove_password_alone(here: Installation, username: str, password: str, *, address: str) -> User | Refusal:
    """The same where there is no page on which to choose another password first."""
    user = await prove_password(here, username, password, address=address)
    if isinstance(user, User) and user.password is not None and user.password.must_change:
        return Refusal(why.PASSWORD_EXPIRED, weighed={"user_id": user.id})
    return user


async def _try(here: Installation, user: User | None, guarded: Guarded, password: str) -> Refusal | None:
    """While the door is locked nothing is verified: whatever is tried, the answer is the same, and costs nothing."""
    locked = Refusal(why.ACCOUNT_LOCKED)
    if await lockout.is_locked_out(here, guarded):
        return locked
    own = user.password if user and user.home is None else None  # a guest proves itself at home
    hashed = own.hash if own else None
    if await here.hasher.verify(hashed, password):
        return locked if await lockout.forget_failures(here, guarded) else None
    return locked if await lockout.count_failure(here, guarded, password) else Refusal(why.WRONG_PASSWORD)


async def _find(here: Installation, username: str) -> Claim | None:
    if not is_principal_name(username):
        return None  # nor is it looked up: a database may choke on what strangers type
    tenant = await here.store.find_tenant_by_domain(username.rpartition("@")[2].lower())
    if tenant is None:
        return None
    user = await here.store.find_user_by_name(tenant.id, username)
    return Claim(tenant, user, user.id if user else _nobody(here, tenant, username))


def _nobody(here: Installation, tenant: Tenant, username: str) -> UserId:
    digest = rules.digest_of(username.lower(), "nobody", lockout.guess_key(here, tenant.id))
    return UserId(f"00000000-0000-0000-0000-{int.from_bytes(digest) % _NOBODIES:012x}")


async def _counter(here: Installation, claim: Claim, address: str) -> Counter:
    familiar = await here.store.has_signed_in_from(claim.tenant.id, claim.user_id, place_of(address))
    return Counter.FAMILIAR if familiar else Counter.UNFAMILIAR


async def _upgraded(here: Installation, user: User, password: str) -> User:
    """*user* as the store has it once its hash is as strong as today's."""
    if user.password is None or not here.hasher.is_outdated(user.password.hash):
        return user
    stronger = evolve(user.password, hash=await here.hasher.hash(password))
    # Somebody else may be changing the user right now; then the next sign-in upgrades.
    await here.store.commit((PutEntity(evolve(user, password=stronger)),))
    return await here.store.find_user(user.tenant_id, user.id) or user

"""Prove who somebody is by a password: the one way in, whichever door asks."""

from typing import Final

from attrs import evolve

from entrada.core.directory.tenant import Tenant
from entrada.core.directory.user import User
from entrada.core.errors import catalogue as why
from entrada.core.errors.reason import Refusal
from entrada.core.protocol.effects import PutEntity
from entrada.server.store.port import DirectoryReader
from entrada.server.usecases.installation import Installation

MAX_PASSWORD: Final = 256


async def prove_password(here: Installation, username: str, password: str, *, address: str) -> User | Refusal:
    """The enabled user whose password it is.  Unknown and wrong answer alike, after the same work.

    *address* is where the attempt comes from.
    """
    if len(password) > MAX_PASSWORD:
        return Refusal(why.PASSWORD_TOO_LONG)
    user, tenant = await _find(here.store, username.strip())
    hashed = user.password.hash if user and user.password else None
    if not await here.hasher.verify(hashed, password) or user is None or tenant is None:
        return Refusal(why.WRONG_PASSWORD)
    if not user.account_enabled or not tenant.enabled:
        # Said only to whoever knows the password.
        return Refusal(why.USER_DISABLED)
    await _upgrade(here, user, password)
    return user


async def _find(store: DirectoryReader, username: str) -> tuple[User | None, Tenant | None]:
    tenant = await store.find_tenant_by_domain(username.rpartition("@")[2].lower())
    return (await store.find_user_by_name(tenant.id, username) if tenant else None), tenant


async def _upgrade(here: Installation, user: User, password: str) -> None:
    if user.password is None or not here.hasher.is_outdated(user.password.hash):
        return
    stronger = evolve(user.password, hash=await here.hasher.hash(password))
    # Somebody else may be changing the user right now; then the next sign-in upgrades.
    await here.store.commit((PutEntity(evolve(user, password=stronger)),))

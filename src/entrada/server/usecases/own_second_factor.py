"""Manage one's own second factor, which only a fresh second factor may: new recovery codes, another authenticator."""

from collections.abc import Callable

from attrs import evolve, frozen

from entrada.core.credentials import recovery_code
from entrada.core.directory.administration import own_activities as did
from entrada.core.directory.administration.actor import Actor
from entrada.core.directory.administration.change import Activity
from entrada.core.directory.user import User
from entrada.core.errors import catalogue as why
from entrada.core.errors.reason import Refusal
from entrada.core.protocol.effects import PutEntity
from entrada.core.protocol.sign_in.account import Account
from entrada.server.store.port import StoreContended
from entrada.server.usecases.audited import audited
from entrada.server.usecases.installation import Installation
from entrada.server.usecases.second_factor import enter_either

_ATTEMPTS = 3


@frozen
class _Told:
    by: Actor
    activity: Activity


async def renew_recovery_codes(
    here: Installation, by: Actor, account: Account, typed: str
) -> tuple[str, ...] | Refusal:
    """The new ones, to be shown once; the old ones are good no more."""
    codes = recovery_code.generate(here.entropy(recovery_code.COUNT * recovery_code.BYTES))
    digests = recovery_code.digests(codes)
    told = _Told(by, did.RENEW_CODES)
    refusal = await _change(here, told, account, typed, lambda user: evolve(user, recovery_codes=digests))
    return refusal or codes


async def remove_authenticator(here: Installation, by: Actor, account: Account, typed: str) -> Refusal | None:
    """With its recovery codes.  Who has to have one replaces it instead, at a sign-in that asks for both."""
    told = _Told(by, did.REMOVE_FACTOR)
    return await _change(here, told, account, typed, lambda user: evolve(user, authenticator=None, recovery_codes=()))


async def _change(
    here: Installation, told: _Told, account: Account, typed: str, change: Callable[[User], User]
) -> Refusal | None:
    proof = await enter_either(here, account.claimant, typed)
    if isinstance(proof, Refusal):
        return proof
    for _ in range(_ATTEMPTS):
        user = await here.store.find_user(account.user.tenant_id, account.user.id)
        if user is None or not proof.stands(user, here.clock()):
            return Refusal(why.PROOF_STALE)  # the credentials were changed at this moment, perhaps by another page
        if await here.store.commit(audited(here, told.by, told.activity, (PutEntity(change(user)),), user)):
            return None
    raise StoreContended

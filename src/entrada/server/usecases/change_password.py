"""Change the own password: prove the present one by the same door as a sign-in, then everything signed in ends."""

from attrs import evolve

from entrada.core.directory.administration import own_activities as did
from entrada.core.directory.administration.actor import Actor
from entrada.core.directory.user import User
from entrada.core.errors import catalogue as why
from entrada.core.errors.reason import Refusal
from entrada.server.store.port import StoreContended
from entrada.server.usecases.audited import audited
from entrada.server.usecases.end_everything import signed_out_everywhere
from entrada.server.usecases.installation import Installation
from entrada.server.usecases.new_credential import NewPassword, Unfit, new_credential
from entrada.server.usecases.prove_password import prove_password


async def change_password(
    here: Installation, by: Actor, user: User, current: str, new: NewPassword
) -> User | Unfit | Refusal:
    changed = await judge(here, user, current, new, address=by.address)
    return await keep(here, by, user, changed) if isinstance(changed, User) else changed


async def judge(
    here: Installation, user: User, current: str, new: NewPassword, *, address: str
) -> User | Unfit | Refusal:
    """*user* with the new password, which is not kept yet.

    A wrong present one counts as anywhere: this is no way around the lockout.
    """
    if user.home is not None:
        return Refusal(why.NO_PASSWORD_HERE, {"user": user.user_principal_name})
    proven = await prove_password(here, user.user_principal_name, current, address=address)
    if isinstance(proven, Refusal):
        wrong = proven.reason is why.WRONG_PASSWORD
        return evolve(proven, reason=why.CURRENT_PASSWORD_WRONG) if wrong else proven
    if proven.id != user.id:  # the name has gone to somebody else meanwhile
        return Refusal(why.CURRENT_PASSWORD_WRONG)
    credential = await new_credential(here, proven, new)
    if isinstance(credential, Unfit):
        return credential
    return evolve(proven, password=credential)


async def keep(here: Installation, by: Actor, user: User, changed: User) -> User:
    """Raises StoreContended when the account was changed since it was looked at."""
    effects = await signed_out_everywhere(here.store, changed, here.clock())
    before = evolve(changed, password=user.password)
    if not await here.store.commit(audited(here, by, did.CHANGE_PASSWORD, effects, before)):
        raise StoreContended
    return await here.store.find_user(changed.tenant_id, changed.id) or changed

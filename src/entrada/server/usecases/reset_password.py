"""Let an administrator help somebody back in: a password for one sign-in, a one-time link, or an end to the lockout."""

from typing import Final

from attrs import evolve, field, frozen

from entrada.core.directory.administration import own_activities as did
from entrada.core.directory.user import PasswordCredential, User
from entrada.core.errors import catalogue as why
from entrada.core.errors.reason import Refusal
from entrada.server.store.port import StoreContended
from entrada.server.usecases.audited import audited, operator
from entrada.server.usecases.end_everything import signed_out_everywhere
from entrada.server.usecases.enrol import enrolment_link
from entrada.server.usecases.installation import Installation
from entrada.server.usecases.lockout import forgotten

_LETTERS: Final = "abcdefghijkmnpqrstuvwxyz23456789"  # read without doubt: no l, o, 0, 1
_GROUPS: Final = 4
_GROUP: Final = 4  # letters of 5 bits: 80 bits in all


@frozen
class Temporary:
    password: str = field(repr=False)


@frozen
class Link:
    """Whoever opens it first, within three days, chooses the password."""

    url: str = field(repr=False)


async def reset_to_temporary(here: Installation, user: User) -> Temporary | Refusal:
    """A password that opens one sign-in, at which another one must be chosen."""
    password = generated_password(here)
    credential = PasswordCredential(hash=await here.hasher.hash(password), changed_at=here.clock(), must_change=True)
    done = await _reset(here, user, credential)
    return done if isinstance(done, Refusal) else Temporary(password)


async def reset_by_link(here: Installation, user: User) -> Link | Refusal:
    done = await _reset(here, user, None)
    return done if isinstance(done, Refusal) else await offer_link(here, done)


async def offer_link(here: Installation, user: User) -> Link | Refusal:
    """The present password, if there is one, stays good until the link is used."""
    return _refuse_guest(user) or Link(enrolment_link(here, user))


async def unlock(here: Installation, user: User) -> None:
    by = operator(here, user.tenant_id)
    await here.store.commit(audited(here, by, did.UNLOCK, forgotten(user.tenant_id, user.id), about=user))


async def _reset(here: Installation, user: User, credential: PasswordCredential | None) -> User | Refusal:
    """The old password and all that is signed in end now, and the lockout with them."""
    if refusal := _refuse_guest(user):
        return refusal
    changed = evolve(user, password=credential)
    effects = await signed_out_everywhere(here.store, changed, here.clock())
    reset = (*effects, *forgotten(user.tenant_id, user.id))
    if not await here.store.commit(audited(here, operator(here, user.tenant_id), did.RESET_PASSWORD, reset, user)):
        raise StoreContended
    return changed


def _refuse_guest(user: User) -> Refusal | None:
    """A password of its own would let a guest in past its home tenant, which may have locked it out."""
    return Refusal(why.NO_PASSWORD_HERE, {"user": user.user_principal_name}) if user.home is not None else None


def generated_password(here: Installation) -> str:
    letters = "".join(_LETTERS[byte % len(_LETTERS)] for byte in here.entropy(_GROUPS * _GROUP))
    return "-".join(letters[at : at + _GROUP] for at in range(0, len(letters), _GROUP))

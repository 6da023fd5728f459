"""Let somebody choose a first password by a one-time link."""

from attrs import evolve, field, frozen

from entrada.core.credentials import password as rules
from entrada.core.directory.user import PasswordCredential, User
from entrada.core.errors import catalogue as why
from entrada.core.errors.reason import Refusal
from entrada.core.jose.numeric_date import NumericDate, Seconds
from entrada.core.protocol.artefacts import purposes
from entrada.core.protocol.artefacts.enrolment import LIFETIME, Enrolment, pack_enrolment, unpack_enrolment
from entrada.core.protocol.effects import PutEntity
from entrada.core.sealing.envelope import NotSealed
from entrada.server.usecases.installation import Installation


@frozen
class Unfit:
    """The password is not good enough, in a sentence."""

    fault: str


@frozen(kw_only=True)
class NewPassword:
    once: str = field(repr=False)
    again: str = field(repr=False)


def enrolment_link(here: Installation, user: User) -> str:
    """Whoever opens it within three days chooses *user*'s password; once one is chosen it opens nothing."""
    changed_at = user.password.changed_at if user.password else NumericDate(0)
    enrolment = Enrolment(
        tenant_id=user.tenant_id, user_id=user.id, issued_at=here.clock(), credential_changed_at=changed_at
    )
    sealed = here.seal(pack_enrolment(enrolment), purpose=purposes.ENROLMENT, tenant=user.tenant_id)
    return f"{here.origin}/enrol?token={sealed}"


async def open_enrolment(here: Installation, token: str) -> User | Refusal:
    try:
        opened = here.open(token, purpose=purposes.ENROLMENT, lifetime=Seconds(LIFETIME))
        enrolment = unpack_enrolment(opened.tenant, opened.payload)
    except NotSealed:
        return Refusal(why.LINK_SPENT)
    user = await here.store.find_user(enrolment.tenant_id, enrolment.user_id)
    good = user is not None and enrolment.still_good(user, here.clock())
    return user if user is not None and good else Refusal(why.LINK_SPENT)


async def choose_password(here: Installation, token: str, new: NewPassword) -> User | Unfit | Refusal:
    user = await open_enrolment(here, token)
    if isinstance(user, Refusal):
        return user
    fault = rules.fault(new.once, user.user_principal_name)
    if new.once != new.again:
        fault = "The two passwords differ."
    if fault is not None:
        return Unfit(fault)
    now = here.clock()
    credential = PasswordCredential(hash=await here.hasher.hash(new.once), changed_at=now)
    changed = evolve(user, password=credential, sign_in_sessions_valid_from=now)
    # The link is spent by the first who uses it: the second finds another version.
    return changed if await here.store.commit((PutEntity(changed),)) else Refusal(why.LINK_SPENT)

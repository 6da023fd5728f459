"""Let somebody choose a first password by a one-time link."""

from attrs import evolve

from entrada.core.directory.administration import own_activities as did
from entrada.core.directory.administration.actor import Via
from entrada.core.directory.user import User
from entrada.core.errors import catalogue as why
from entrada.core.errors.reason import Refusal
from entrada.core.jose.numeric_date import NumericDate, Seconds
from entrada.core.protocol.artefacts import purposes
from entrada.core.protocol.artefacts.enrolment import LIFETIME, Enrolment, pack_enrolment, unpack_enrolment
from entrada.core.sealing.envelope import NotSealed
from entrada.server.usecases.audited import audited, in_person
from entrada.server.usecases.end_everything import signed_out_everywhere
from entrada.server.usecases.installation import Installation
from entrada.server.usecases.new_credential import NewPassword, Unfit, new_credential


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


async def choose_password(
    here: Installation, token: str, new: NewPassword, *, correlation_id: str, address: str = ""
) -> User | Unfit | Refusal:
    user = await open_enrolment(here, token)
    if isinstance(user, Refusal):
        return user
    credential = await new_credential(here, user, new)
    if isinstance(credential, Unfit):
        return credential
    changed = evolve(user, password=credential)
    # The link is spent by the first who uses it: the second finds another version.
    effects = await signed_out_everywhere(here.store, changed, credential.changed_at)
    by = in_person(user, Via.SIGN_IN, correlation_id, address=address)
    spent = await here.store.commit(audited(here, by, did.CHOOSE_PASSWORD, effects, user))
    return changed if spent else Refusal(why.LINK_SPENT)

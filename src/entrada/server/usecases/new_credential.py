"""Judge a new password for somebody, and make the credential of it.  NIST SP 800-63B-4 §3.1.1."""

from attrs import field, frozen

from entrada.core.credentials import password as rules
from entrada.core.directory.user import PasswordCredential, User
from entrada.server.usecases.installation import Installation


@frozen
class Unfit:
    """The password is not good enough, in a sentence."""

    fault: str


@frozen(kw_only=True)
class NewPassword:
    once: str = field(repr=False)
    again: str = field(repr=False)


async def new_credential(here: Installation, user: User, new: NewPassword) -> PasswordCredential | Unfit:
    fault = await _fault(here, user, new)
    if fault is not None:
        return Unfit(fault)
    return PasswordCredential(hash=await here.hasher.hash(new.once), changed_at=here.clock())


async def _fault(here: Installation, user: User, new: NewPassword) -> str | None:
    if new.once != new.again:
        return "The two passwords differ."
    tenant = await here.store.find_tenant(user.tenant_id)
    known = rules.known_words(user, tenant) if tenant else ()
    fault = rules.fault(new.once, user.user_principal_name, known)
    if fault is None and user.password is not None and await here.hasher.verify(user.password.hash, new.once):
        return "This is the current password: choose another one."
    return fault

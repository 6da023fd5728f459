"""Who somebody is in an organization: at home the account itself, elsewhere the guest that stands for it there."""

from entrada.core.directory.user import HomeAccount, User
from entrada.server.usecases.installation import Installation
from entrada.server.usecases.lookup import find_authority


async def find_member(here: Installation, user: User, organization: str) -> User | None:
    """*organization*: a domain or a tenant id.  No such organization and no guest there are one answer."""
    authority = await find_authority(here.store, organization)
    if authority is None or authority.tenant is None:
        return None
    if authority.tenant.id == user.tenant_id:
        return user
    guest = await here.store.find_guest(authority.tenant.id, user.id)
    own = HomeAccount(tenant_id=user.tenant_id, user_id=user.id)
    return guest if guest is not None and guest.home == own and guest.account_enabled else None

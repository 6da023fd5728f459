"""The `login_hint` claim: who signed in, for /authorize and /logout to read and for nobody else.

An application may hold one without having been told the person's name, so the name is not in it.  Reference section 36.
"""

from typing import Final

from entrada.core.directory.ids import TenantId, UserId
from entrada.core.directory.user import User
from entrada.core.jose.numeric_date import Seconds
from entrada.core.protocol import lifetimes
from entrada.core.protocol.artefacts import purposes
from entrada.core.protocol.artefacts.guid import to_bytes, to_text
from entrada.core.sealing.envelope import NotSealed
from entrada.server.usecases.installation import Installation

_KEPT: Final = Seconds(2 * lifetimes.FAMILY)  # applications remember accounts for as long as they can renew them


def seal_login_hint(here: Installation, account: User) -> str:
    """*account* at home: a guest signs in there too."""
    return here.seal(to_bytes(account.id), purpose=purposes.LOGIN_HINT, tenant=account.tenant_id)


async def read_login_hint(here: Installation, hint: str | None) -> str | None:
    """The user principal name that a hint of ours stands for; any other hint is a name, and stays as it is."""
    if hint is None or "@" in hint:
        return hint
    try:
        opened = here.open(hint, purpose=purposes.LOGIN_HINT, lifetime=_KEPT)
        account = UserId(to_text(opened.payload))
    except (NotSealed, ValueError):
        return hint
    user = await here.store.find_user(TenantId(opened.tenant), account)
    return user.user_principal_name if user else hint

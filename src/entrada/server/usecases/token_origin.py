"""The sign-in behind an access token of ours, and whether it still stands: read out of the token's `aio`."""

from entrada.core.directory.user import User
from entrada.core.protocol import lifetimes
from entrada.core.protocol.artefacts import purposes
from entrada.core.protocol.artefacts.origin import Origin, unpack_origin
from entrada.core.sealing.envelope import NotSealed
from entrada.server.usecases.installation import Installation


def open_origin(here: Installation, aio: str) -> Origin | None:
    try:
        opened = here.open(aio, purpose=purposes.ORIGIN, lifetime=lifetimes.FAMILY)
        return unpack_origin(opened.tenant, opened.payload)
    except NotSealed:
        return None


async def still_stands(here: Installation, aio: str, account: User) -> bool:
    """Neither its refresh tokens nor its *account*'s sessions have been revoked since."""
    origin = open_origin(here, aio)
    if origin is None or account.sign_in_sessions_valid_from > origin.authenticated_at:
        return False
    family = await here.store.find_family(origin.key)
    return family is not None and family.revoked_at is None

"""End whatever somebody is signed in to: every browser session and every refresh token.  RFC 9700 §4.14.2."""

from attrs import evolve

from entrada.core.directory.user import User
from entrada.core.jose.numeric_date import NumericDate
from entrada.core.protocol.effects import Effect, EndSession, PutEntity, RevokeSessionFamilies
from entrada.server.usecases.installation import Installation


async def signed_out_everywhere(here: Installation, user: User, now: NumericDate) -> tuple[Effect, ...]:
    """*user*, as it shall be, with nothing from before *now* good any more.

    Sessions of this very second, too, which the date alone would spare.
    """
    sessions = await here.store.list_sessions(user.tenant_id, user.id)
    ended = [EndSession(user.tenant_id, one.id, now) for one in sessions]
    families = [RevokeSessionFamilies(user.tenant_id, one.id, now) for one in sessions]
    return (PutEntity(evolve(user, sign_in_sessions_valid_from=now)), *ended, *families)

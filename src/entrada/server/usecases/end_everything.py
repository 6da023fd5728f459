"""End whatever somebody is signed in to: every browser session and every refresh token.  RFC 9700 §4.14.2."""

from attrs import evolve

from entrada.core.directory.user import User
from entrada.core.jose.numeric_date import NumericDate
from entrada.core.protocol.effects import Effect, EndSession, PutEntity, RevokeSessionFamilies
from entrada.server.store.port import Store


async def signed_out_everywhere(store: Store, user: User, now: NumericDate) -> tuple[Effect, ...]:
    """*user*, as it shall be, with nothing from before *now* good any more."""
    return (PutEntity(signed_out(user, now)), *await ended_sessions(store, user, now))


def signed_out(user: User, now: NumericDate) -> User:
    valid_from = max(now, user.sign_in_sessions_valid_from)  # never back: that would revive what had ended
    return evolve(user, sign_in_sessions_valid_from=valid_from)


async def ended_sessions(store: Store, user: User, now: NumericDate) -> tuple[Effect, ...]:
    """Sessions of this very second, too, which the date alone would spare.

    Also those that have ended in it, since a plain sign-out leaves their refresh tokens.
    """
    sessions = await store.list_sessions(user.tenant_id, user.id, now)
    ended = [EndSession(user.tenant_id, one.id, now) for one in sessions]
    families = [RevokeSessionFamilies(user.tenant_id, one.id, now) for one in sessions]
    return (*ended, *families)

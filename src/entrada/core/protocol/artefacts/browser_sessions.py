"""Who is signed in to a browser: the sign-on cookie.  It names sessions; the store says whether they still live.

Sliding time lives here, so that a silent sign-in writes nothing.
"""

from itertools import starmap

from attrs import evolve, frozen

from entrada.core.directory.ids import ClientId, SessionId, TenantId, UserId
from entrada.core.jose.numeric_date import NumericDate
from entrada.core.protocol import lifetimes
from entrada.core.protocol.artefacts.guid import to_bytes, to_text
from entrada.core.sealing.payload import Payload, pack, unpack

SEEN_AGAIN = 5 * 60  # seconds
MAX_ACCOUNTS = 8  # in one browser; the one unused longest makes room
MAX_APPS = 20  # a cookie is 4 kB at most


@frozen(kw_only=True)
class SignedIn:
    tenant_id: TenantId
    session_id: SessionId
    user_id: UserId
    persistent: bool
    seen_at: NumericDate
    apps: tuple[ClientId, ...] = ()  # signed in to without a code, which leaves no family to find them by
    with_factor: bool = False  # proved with this cookie: one that was copied before grows no stronger with the session

    def is_idle(self, now: NumericDate) -> bool:
        return now - self.seen_at > (lifetimes.SESSION if self.persistent else lifetimes.SESSION_IDLE)


class _PackedSession(Payload, frozen=True):
    tenant: bytes
    session: bytes
    user: bytes
    persistent: bool
    seen_at: int


class PackedSessions(Payload, frozen=True):
    sessions: tuple[_PackedSession, ...]
    apps: tuple[tuple[bytes, ...], ...] = ()  # session by session; left out when there are none
    with_factor: tuple[bool, ...] = ()  # likewise


def pack_sessions(sessions: tuple[SignedIn, ...]) -> bytes:
    apps = tuple(tuple(map(to_bytes, one.apps)) for one in sessions)
    factors = tuple(one.with_factor for one in sessions)
    return pack(
        PackedSessions(tuple(map(_packed, sessions)), apps if any(apps) else (), factors if any(factors) else ())
    )


def _packed(one: SignedIn) -> _PackedSession:
    return _PackedSession(
        to_bytes(one.tenant_id), to_bytes(one.session_id), to_bytes(one.user_id), one.persistent, one.seen_at
    )


def unpack_sessions(data: bytes) -> tuple[SignedIn, ...]:
    """Raises NotSealed for another shape."""
    packed = unpack(data, PackedSessions)
    apps = packed.apps or ((),) * len(packed.sessions)
    factors = packed.with_factor or (False,) * len(packed.sessions)
    return tuple(starmap(_unpacked, zip(packed.sessions, apps, factors, strict=True)))


def _unpacked(one: _PackedSession, apps: tuple[bytes, ...], with_factor: bool) -> SignedIn:  # noqa: FBT001
    return SignedIn(
        tenant_id=TenantId(to_text(one.tenant)),
        session_id=SessionId(to_text(one.session)),
        user_id=UserId(to_text(one.user)),
        persistent=one.persistent,
        seen_at=NumericDate(one.seen_at),
        apps=tuple(ClientId(to_text(app)) for app in apps),
        with_factor=with_factor,
    )


def with_session(sessions: tuple[SignedIn, ...], new: SignedIn) -> tuple[SignedIn, ...]:
    """*new* in front; an earlier session of the same user gives way."""
    others = [one for one in sessions if (one.tenant_id, one.user_id) != (new.tenant_id, new.user_id)]
    kept = sorted(others, key=lambda one: one.seen_at, reverse=True)[: MAX_ACCOUNTS - 1]
    return (new, *kept)


def seen(sessions: tuple[SignedIn, ...], session_id: SessionId, now: NumericDate) -> tuple[SignedIn, ...]:
    """*session_id* was used *now*; told every few minutes only, so that most answers leave the cookie alone."""
    return tuple(
        evolve(one, seen_at=now) if one.session_id == session_id and now - one.seen_at >= SEEN_AGAIN else one
        for one in sessions
    )


def signed_in_to(sessions: tuple[SignedIn, ...], session_id: SessionId, app: ClientId) -> tuple[SignedIn, ...]:
    """*app* has got an ID token, and no code, in the session: signing out must tell it too."""
    return tuple(
        evolve(one, apps=(app, *(other for other in one.apps if other != app))[:MAX_APPS])
        if one.session_id == session_id
        else one
        for one in sessions
    )

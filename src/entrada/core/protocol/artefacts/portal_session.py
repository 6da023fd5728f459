"""Who is signed in to the portal, in this browser: the portal's own cookie.

It says whose browser session it began with; whether that still lives, and what the person may do, is looked up at every
request.
"""

from attrs import field, frozen

from entrada.core.directory.ids import SessionId, TenantId, UserId
from entrada.core.jose.numeric_date import NumericDate, Seconds
from entrada.core.protocol.artefacts.guid import to_bytes, to_text
from entrada.core.sealing.payload import Payload, pack, unpack

IDLE = Seconds(2 * 60 * 60)
ABSOLUTE = Seconds(12 * 60 * 60)
SEEN_AGAIN = Seconds(5 * 60)


@frozen(kw_only=True)
class PortalSession:
    tenant_id: TenantId  # that is administered
    user_id: UserId  # as that tenant knows the person
    session_id: SessionId  # of the browser, in the tenant where the account is at home
    began_at: NumericDate
    seen_at: NumericDate
    secret: bytes = field(repr=False)  # what the CSRF token is made from

    def is_over(self, now: NumericDate) -> bool:
        return now - self.seen_at > IDLE or now - self.began_at > ABSOLUTE


class PackedPortalSession(Payload, frozen=True):
    tenant: bytes
    user: bytes
    session: bytes
    began_at: int
    seen_at: int
    secret: bytes


class PackedPortalNotice(Payload, frozen=True):
    secret: bytes
    sealed_at: int
    text: str


def pack_portal_session(one: PortalSession) -> bytes:
    ids = (to_bytes(one.tenant_id), to_bytes(one.user_id), to_bytes(one.session_id))
    return pack(PackedPortalSession(*ids, one.began_at, one.seen_at, one.secret))


def unpack_portal_session(data: bytes) -> PortalSession:
    """Raises NotSealed for another shape."""
    packed = unpack(data, PackedPortalSession)
    return PortalSession(
        tenant_id=TenantId(to_text(packed.tenant)),
        user_id=UserId(to_text(packed.user)),
        session_id=SessionId(to_text(packed.session)),
        began_at=NumericDate(packed.began_at),
        seen_at=NumericDate(packed.seen_at),
        secret=packed.secret,
    )


def pack_portal_notice(session: PortalSession, text: str, now: NumericDate) -> bytes:
    """What a form has done, for the page that follows; of this session, or a link could tell what never happened."""
    return pack(PackedPortalNotice(session.secret, now, text))


def unpack_portal_notice(data: bytes, session: PortalSession) -> tuple[NumericDate, str] | None:
    """None: of another session.  Raises NotSealed for another shape."""
    packed = unpack(data, PackedPortalNotice)
    return (NumericDate(packed.sealed_at), packed.text) if packed.secret == session.secret else None

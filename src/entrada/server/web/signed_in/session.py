"""The session of a browser at the portal and the console: a sealed cookie that names it, and all else looked up afresh.

So whoever is disabled, loses a role, signs out elsewhere or has their sessions revoked is stopped at the next click.
"""

import hashlib
import hmac
from typing import Final

from attrs import evolve, frozen
from starlette.requests import Request
from starlette.responses import Response

from entrada.core.directory.ids import ANY_TENANT, SessionId, TenantId, UserId
from entrada.core.directory.portal import APP_ID
from entrada.core.directory.tenant import Tenant
from entrada.core.directory.user import User
from entrada.core.jose import base64url
from entrada.core.jose.numeric_date import Seconds
from entrada.core.protocol.artefacts import portal_session, purposes
from entrada.core.protocol.artefacts.portal_session import PortalSession, pack_portal_session, unpack_portal_session
from entrada.core.sealing.envelope import NotSealed
from entrada.server.usecases.installation import Installation
from entrada.server.web.http.site import Site

COOKIE: Final = "portal"
KEPT: Final = "console-"
"""How the names of cookies begin that rest on the session: they open under its secret alone."""
_SECRET_BYTES: Final = 16
_REMEMBERED: Final = Seconds(2 * portal_session.ABSOLUTE)  # a session ends before: this is for where it was


@frozen
class Seated:
    """Somebody in a session that lives."""

    session: PortalSession
    user: User
    tenant: Tenant


def new_session(here: Installation, tenant_id: TenantId, user_id: UserId, session_id: SessionId) -> PortalSession:
    now, secret = here.clock(), here.entropy(_SECRET_BYTES)
    return PortalSession(
        tenant_id=tenant_id, user_id=user_id, session_id=session_id, began_at=now, seen_at=now, secret=secret
    )


def csrf_token(session: PortalSession) -> str:
    """Only our own pages know it: the session's secret never leaves its sealed cookie."""
    return base64url.encode(hashlib.sha256(b"csrf " + session.secret).digest())


def is_ours(session: PortalSession, sent: str) -> bool:
    return hmac.compare_digest(csrf_token(session).encode(), sent.encode())


def read_session(site: Site, request: Request) -> PortalSession | None:
    session = _unsealed(site, request)
    return None if session is None or session.is_over(site.here.clock()) else session


async def find_guests_tenant(site: Site, request: Request) -> TenantId | None:
    """Which directory a guest was in whose session is over: the next one must not go on in another, at home."""
    session = _unsealed(site, request)
    user = await site.here.store.find_user(session.tenant_id, session.user_id) if session is not None else None
    return user.tenant_id if user is not None and user.home is not None else None


def _unsealed(site: Site, request: Request) -> PortalSession | None:
    sealed = request.cookies.get(site.cookies.name(COOKIE), "")
    try:
        opened = site.here.open(sealed, purpose=purposes.PORTAL_SESSION, lifetime=_REMEMBERED)
        return unpack_portal_session(opened.payload)
    except (NotSealed, ValueError):
        return None


async def find_seat(here: Installation, session: PortalSession) -> Seated | None:
    """None where anything that the session rests on has ended."""
    store = here.store
    tenant = await store.find_tenant(session.tenant_id)
    user = await store.find_user(session.tenant_id, session.user_id)
    portal = await store.find_service_principal(session.tenant_id, APP_ID)
    if tenant is None or user is None or not (tenant.enabled and user.account_enabled):
        return None
    if portal is not None and not portal.account_enabled:
        return None
    if not await _lives(here, session, user):
        return None
    return Seated(session, user, tenant)


async def _lives(here: Installation, session: PortalSession, user: User) -> bool:
    """The browser's session, in the tenant where the account is at home."""
    account, now = user, here.clock()
    if user.home is not None:
        found = await here.store.find_user(user.home.tenant_id, user.home.user_id)
        home = await here.store.find_tenant(user.home.tenant_id)
        if found is None or home is None or not (found.account_enabled and home.enabled):
            return False
        account = found
    browser = await here.store.find_session(account.tenant_id, session.session_id)
    if browser is None or browser.user_id != account.id or browser.revoked_at is not None or now >= browser.ends_at:
        return False
    return account.sign_in_sessions_valid_from <= browser.authenticated_at


def write_session(site: Site, answer: Response, session: PortalSession) -> None:
    sealed = site.here.seal(pack_portal_session(session), purpose=purposes.PORTAL_SESSION, tenant=ANY_TENANT)
    set_cookie(site, answer, site.cookies.name(COOKIE), sealed, None)


def drop_session(site: Site, request: Request, answer: Response) -> None:
    """With what is kept for it in cookies of its own: the console's tokens."""
    set_cookie(site, answer, site.cookies.name(COOKIE), "", 0)
    for name in request.cookies:
        if name.startswith(site.cookies.name(KEPT)):
            set_cookie(site, answer, name, "", 0)


def keep_awake(site: Site, answer: Response, session: PortalSession) -> None:
    """Sliding time, told every few minutes only."""
    now = site.here.clock()
    if now - session.seen_at >= portal_session.SEEN_AGAIN:
        write_session(site, answer, evolve(session, seen_at=now))


def set_cookie(site: Site, answer: Response, name: str, value: str, max_age: int | None) -> None:
    answer.set_cookie(name, value, max_age=max_age, path="/", secure=site.cookies.secure, httponly=True, samesite="lax")

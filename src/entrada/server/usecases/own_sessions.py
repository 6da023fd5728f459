"""Where somebody is signed in, and the end of it: one session, or all of them.  Reference sections 19 and 36."""

from attrs import evolve, frozen

from entrada.core.directory.administration import own_activities as did
from entrada.core.directory.administration.actor import Actor
from entrada.core.directory.application import Application
from entrada.core.directory.ids import ClientId, SessionId
from entrada.core.directory.sign_in import BrowserSession
from entrada.core.directory.user import User
from entrada.core.protocol.effects import EndSession, RevokeSessionFamilies
from entrada.server.store.port import StoreContended
from entrada.server.usecases.audited import audited
from entrada.server.usecases.browser import Browser
from entrada.server.usecases.end_everything import signed_out_everywhere
from entrada.server.usecases.installation import Installation
from entrada.server.usecases.lookup import find_application

SHOWN = 30  # a program that signs in every minute must not make a page of a thousand rows
_ATTEMPTS = 3


@frozen(kw_only=True)
class OwnSession:
    session: BrowserSession
    apps: tuple[Application, ...]  # that it signed in to, by name
    present: bool  # the one that asks


@frozen(kw_only=True)
class OwnSessions:
    shown: tuple[OwnSession, ...]  # the one that asks first, then the newest
    more: int


@frozen
class Used:
    """An application that a session signed in to: it is told, by the session's id, that the session has ended."""

    client_id: ClientId
    session_id: SessionId


async def list_own_sessions(here: Installation, user: User, browser: Browser, present: SessionId) -> OwnSessions:
    live = await _live(here, user)
    ordered = sorted(live, key=lambda one: one.id != present)  # stable: the others stay newest first
    rows = [await _row(here, one, browser, present) for one in ordered[:SHOWN]]
    return OwnSessions(shown=tuple(rows), more=len(ordered) - len(rows))


async def end_own_session(
    here: Installation, user: User, browser: Browser, session_id: SessionId
) -> tuple[Used, ...] | None:
    """Whom to tell; None: *user* has no such session.  Its applications lose their refresh tokens."""
    session = await here.store.find_session(user.tenant_id, session_id)
    if session is None or session.user_id != user.id or session.revoked_at is not None:
        return None
    used = await _used(here, session, browser)
    now = here.clock()
    of_session = (session.tenant_id, session.id, now)
    await here.store.commit((EndSession(*of_session), RevokeSessionFamilies(*of_session)))
    return used


async def end_all_sessions(
    here: Installation, by: Actor, user: User, browser: Browser | None = None
) -> tuple[Used, ...]:
    """Whom to tell.  No session, code, refresh token or device approval from before is good any more."""
    for _ in range(_ATTEMPTS):
        used = await list_used(here, user, browser)
        effects = await signed_out_everywhere(here.store, user, here.clock())
        if await here.store.commit(audited(here, by, did.REVOKE_SESSIONS, effects, user)):
            return used
        # The account was changed at this moment: look again.
        user = await here.store.find_user(user.tenant_id, user.id) or user
    raise StoreContended


async def list_used(here: Installation, user: User, browser: Browser | None) -> tuple[Used, ...]:
    """What the newest sessions signed in to."""
    live = await _live(here, user)
    return tuple([one for session in live[:SHOWN] for one in await _used(here, session, browser)])


def without(browser: Browser, session_ids: set[SessionId]) -> Browser:
    return evolve(browser, sessions=tuple(one for one in browser.sessions if one.session_id not in session_ids))


async def _live(here: Installation, user: User) -> list[BrowserSession]:
    """Those that could still sign in somewhere; whether a browser has kept its cookie, only the browser knows."""
    now, since = here.clock(), user.sign_in_sessions_valid_from
    found = await here.store.list_sessions(user.tenant_id, user.id)
    return [one for one in found if one.ends_at > now and one.authenticated_at >= since]


async def _row(here: Installation, session: BrowserSession, browser: Browser, present: SessionId) -> OwnSession:
    ids = {one.client_id for one in await _used(here, session, browser)}
    found = [app for app in [await find_application(here.store, one) for one in ids] if app is not None]
    by_name = sorted(found, key=lambda app: (app.display_name.casefold(), app.app_id))
    return OwnSession(session=session, apps=tuple(by_name), present=session.id == present)


async def _used(here: Installation, session: BrowserSession, browser: Browser | None) -> tuple[Used, ...]:
    """By its token families; of this browser's own sessions the cookie knows more."""
    ids = set(await here.store.list_session_clients(session.tenant_id, session.id))
    if browser is not None:
        ids |= {app for one in browser.sessions if one.session_id == session.id for app in one.apps}
    return tuple(Used(one, session.id) for one in sorted(ids))

"""The browser behind a request: which accounts are signed in to it, and how it is told apart from others."""

import hashlib

from attrs import evolve, field, frozen

from entrada.core.directory.tenant import Tenant
from entrada.core.protocol.artefacts.browser_sessions import SignedIn
from entrada.core.protocol.sign_in import second_factor
from entrada.core.protocol.sign_in.account import Account
from entrada.server.usecases.installation import Installation


@frozen(kw_only=True)
class Browser:
    secret: str = field(repr=False)  # of its own cookie; an interaction names its digest
    is_new: bool = False  # the cookie was not there: the secret is fresh
    sessions: tuple[SignedIn, ...] = ()
    address: str = ""
    user_agent: str = ""

    @property
    def digest(self) -> bytes:
        return hashlib.sha256(self.secret.encode()).digest()


async def live_accounts(here: Installation, browser: Browser, tenant: Tenant | None = None) -> tuple[Account, ...]:
    """Those of the cookie's sessions that still live, whose user is enabled and whose tokens are still valid.

    With what stands for each in *tenant*, if that is not its home.
    """
    found = [await _live_account(here, one, tenant) for one in browser.sessions]
    return tuple(account for account in found if account is not None)


async def _live_account(here: Installation, signed_in: SignedIn, at: Tenant | None) -> Account | None:
    now = here.clock()
    if signed_in.is_idle(now):
        return None
    session = await here.store.find_session(signed_in.tenant_id, signed_in.session_id)
    if session is None or session.revoked_at is not None or now >= session.ends_at:
        return None
    user = await here.store.find_user(signed_in.tenant_id, session.user_id)
    if user is None or not user.account_enabled:
        return None
    if user.sign_in_sessions_valid_from > session.authenticated_at:
        return None
    tenant = await here.store.find_tenant(signed_in.tenant_id)
    if tenant is None or not tenant.enabled:
        return None
    away = at is not None and at.id != user.tenant_id
    guest = await here.store.find_guest(at.id, user.id) if at and away else None
    required = second_factor.is_required(user, guest, (tenant, at if guest else None))
    if not signed_in.with_factor:
        session = evolve(session, methods=second_factor.PASSWORD)
    return Account(session, user, guest, required)

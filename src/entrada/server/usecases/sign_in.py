"""Sign a person in with a password: prove it, open a browser session, leave a row in the sign-in log."""

from attrs import evolve, field, frozen

from entrada.core.directory.ids import ClientId, SessionId
from entrada.core.directory.sign_in import BrowserSession, SignIn
from entrada.core.directory.tenant import Tenant
from entrada.core.directory.user import User
from entrada.core.errors import catalogue as why
from entrada.core.errors.reason import Refusal
from entrada.core.jose.numeric_date import NumericDate
from entrada.core.protocol import lifetimes
from entrada.core.protocol.artefacts.browser_sessions import SignedIn, with_session
from entrada.core.protocol.artefacts.interaction import Interaction
from entrada.core.protocol.effects import EndSession, OpenSession, PutEntity
from entrada.server.store.port import DirectoryReader, StoreContended
from entrada.server.usecases.browser import Browser
from entrada.server.usecases.installation import Installation

MAX_PASSWORD = 256


@frozen(kw_only=True)
class Attempt:
    username: str
    password: str = field(repr=False)
    keep: bool  # "stay signed in"
    trace_id: str


@frozen
class SignedInNow:
    """The browser with its new session, and the interaction that knows of it."""

    browser: Browser
    interaction: Interaction


async def sign_in(
    here: Installation, attempt: Attempt, interaction: Interaction, browser: Browser
) -> SignedInNow | Refusal:
    user = await prove_password(here, attempt.username, attempt.password)
    if isinstance(user, Refusal):
        return user
    session = _session(here, user, attempt, browser)
    row = _row(here, session, attempt, interaction)
    replaced = [one for one in browser.sessions if (one.tenant_id, one.user_id) == (user.tenant_id, user.id)]
    ended = [EndSession(one.tenant_id, one.session_id, here.clock()) for one in replaced]
    if not await here.store.commit((OpenSession(session, row), *ended)):
        raise StoreContended
    signed_in = SignedIn(
        tenant_id=user.tenant_id,
        session_id=session.id,
        user_id=user.id,
        persistent=attempt.keep,
        seen_at=session.authenticated_at,
    )
    progress = evolve(interaction.progress, chosen=session.id, username=None, another=False)
    return SignedInNow(
        evolve(browser, sessions=with_session(browser.sessions, signed_in)),
        evolve(interaction, progress=progress),
    )


async def prove_password(here: Installation, username: str, password: str) -> User | Refusal:
    """The enabled user whose password it is.  Unknown and wrong answer alike, after the same work."""
    if len(password) > MAX_PASSWORD:
        return Refusal(why.PASSWORD_TOO_LONG)
    user, tenant = await _find(here.store, username.strip())
    hashed = user.password.hash if user and user.password else None
    if not await here.hasher.verify(hashed, password) or user is None or tenant is None:
        return Refusal(why.WRONG_PASSWORD)
    if not user.account_enabled or not tenant.enabled:
        # Said only to whoever knows the password.
        return Refusal(why.USER_DISABLED)
    await _upgrade(here, user, password)
    return user


async def _find(store: DirectoryReader, username: str) -> tuple[User | None, Tenant | None]:
    tenant = await store.find_tenant_by_domain(username.rpartition("@")[2].lower())
    return (await store.find_user_by_name(tenant.id, username) if tenant else None), tenant


async def _upgrade(here: Installation, user: User, password: str) -> None:
    if user.password is None or not here.hasher.is_outdated(user.password.hash):
        return
    stronger = evolve(user.password, hash=await here.hasher.hash(password))
    # Somebody else may be changing the user right now; then the next sign-in upgrades.
    await here.store.commit((PutEntity(evolve(user, password=stronger)),))


def _session(here: Installation, user: User, attempt: Attempt, browser: Browser) -> BrowserSession:
    now = here.clock()
    return BrowserSession(
        tenant_id=user.tenant_id,
        id=SessionId(here.new_id()),
        user_id=user.id,
        authenticated_at=now,
        methods=("pwd",),
        persistent=attempt.keep,
        ends_at=NumericDate(now + lifetimes.SESSION),
        user_agent=browser.user_agent,
        address=browser.address,
    )


def _row(here: Installation, session: BrowserSession, attempt: Attempt, interaction: Interaction) -> SignIn:
    return SignIn(
        tenant_id=session.tenant_id,
        id=attempt.trace_id,
        at=here.clock(),
        user_id=session.user_id,
        client_id=ClientId(interaction.parameters.get("client_id") or ""),
        session_id=session.id,
        address=session.address,
        user_agent=session.user_agent,
        correlation_id=interaction.correlation_id,
    )

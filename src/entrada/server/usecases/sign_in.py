"""Sign a person in with a password: prove it, open a browser session, leave a row in the sign-in log."""

from attrs import evolve, field, frozen

from entrada.core.credentials.place import place_of
from entrada.core.directory.ids import ClientId, SessionId
from entrada.core.directory.sign_in import BrowserSession, SignIn
from entrada.core.directory.user import User
from entrada.core.errors.reason import Refusal
from entrada.core.jose.numeric_date import NumericDate
from entrada.core.protocol import lifetimes
from entrada.core.protocol.artefacts.browser_sessions import SignedIn, with_session
from entrada.core.protocol.artefacts.interaction import Interaction
from entrada.core.protocol.effects import EndSession, OpenSession
from entrada.server.store.port import StoreContended
from entrada.server.usecases.browser import Browser
from entrada.server.usecases.installation import Installation
from entrada.server.usecases.prove_password import prove_password


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
    user = await prove_password(here, attempt.username, attempt.password, address=browser.address)
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
        address=place_of(session.address),
        user_agent=session.user_agent,
        correlation_id=interaction.correlation_id,
    )

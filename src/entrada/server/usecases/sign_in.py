"""Sign a person in: prove a password, and once everything needed is proved open a browser session, or strengthen one.

In between stand the pages that ask for more; an account that needs none gets its session from the password's form.
"""

from attrs import evolve, field, frozen

from entrada.core.credentials.place import place_of
from entrada.core.directory.ids import ClientId, SessionId
from entrada.core.directory.sign_in import BrowserSession, SignIn
from entrada.core.directory.tenant import Tenant
from entrada.core.errors.reason import Refusal
from entrada.core.jose.numeric_date import NumericDate
from entrada.core.protocol import lifetimes
from entrada.core.protocol.artefacts.browser_sessions import SignedIn, with_session
from entrada.core.protocol.artefacts.interaction import Interaction
from entrada.core.protocol.effects import EndSession, OpenSession, StrengthenSession
from entrada.core.protocol.sign_in import second_factor
from entrada.core.protocol.sign_in.account import Account
from entrada.core.protocol.sign_in.next_step import Progress
from entrada.core.protocol.sign_in.proof import Claimant, Proof, prove
from entrada.server.store.port import StoreContended
from entrada.server.usecases.browser import Browser
from entrada.server.usecases.installation import Installation
from entrada.server.usecases.prove_password import prove_password


@frozen(kw_only=True)
class Attempt:
    username: str
    password: str = field(repr=False)
    keep: bool  # "stay signed in"


@frozen
class SignedInNow:
    """The browser with its new or stronger session in front, and the interaction that knows of it."""

    browser: Browser
    interaction: Interaction


async def enter_password(here: Installation, attempt: Attempt, progress: Progress, address: str) -> Progress | Refusal:
    """The progress with the proof in it."""
    user = await prove_password(here, attempt.username, attempt.password, address=address)
    if isinstance(user, Refusal):
        return user
    now = here.clock()
    proof = prove(user, now, second_factor.PASSWORD, keep=attempt.keep, now=now)
    return progress.with_proof(proof, user.user_principal_name)


async def find_claimant(
    here: Installation, proof: Proof | None, accounts: tuple[Account, ...], tenant: Tenant | None
) -> Claimant | None:
    """Whose *proof* is, if it still stands.

    *accounts* are signed in to the browser; *tenant* is the one that the request is for.
    """
    if proof is None or proof.session_id not in (None, *(one.session.id for one in accounts)):
        return None
    user = await here.store.find_user(proof.tenant_id, proof.user_id)
    home = await here.store.find_tenant(proof.tenant_id)
    if user is None or home is None or not home.enabled or not proof.stands(user, here.clock()):
        return None
    away = tenant is not None and tenant.id != home.id
    guest = await here.store.find_guest(tenant.id, user.id) if tenant and away else None
    return Claimant(
        user=user,
        authenticated_at=proof.authenticated_at,
        methods=proof.methods,
        keep=proof.keep,
        second_factor_required=second_factor.is_required(user, guest, (home, tenant if guest else None)),
        proof=proof,
    )


async def admit(
    here: Installation, claimant: Claimant, interaction: Interaction, browser: Browser, trace_id: str
) -> SignedInNow | None:
    """To the session that *claimant* makes stronger, or to a new one.  None: the former has ended, so decide again."""
    session_id = claimant.proof.session_id if claimant.proof else None
    if session_id is None:
        return await open_session(here, claimant, interaction, browser, trace_id)
    known = next((one for one in browser.sessions if one.session_id == session_id), None)
    if known is None:
        return None
    now = here.clock()
    row = _row(known, browser, now, trace_id, interaction)
    if not await here.store.commit((StrengthenSession(known.tenant_id, session_id, claimant.methods, row),)):
        return None
    stronger = evolve(known, seen_at=now, with_factor=second_factor.has_one(claimant.methods))
    return _signed_in(stronger, browser, interaction)


async def open_session(
    here: Installation, claimant: Claimant, interaction: Interaction, browser: Browser, trace_id: str
) -> SignedInNow:
    """In place of the session that this browser had for the account."""
    user, now = claimant.user, here.clock()
    session = _session(here, claimant, browser)
    signed_in = SignedIn(
        tenant_id=user.tenant_id,
        session_id=session.id,
        user_id=user.id,
        persistent=claimant.keep,
        seen_at=now,
        with_factor=second_factor.has_one(claimant.methods),
    )
    row = _row(signed_in, browser, now, trace_id, interaction)
    replaced = [one for one in browser.sessions if (one.tenant_id, one.user_id) == (user.tenant_id, user.id)]
    ended = [EndSession(one.tenant_id, one.session_id, now) for one in replaced]
    if not await here.store.commit((OpenSession(session, row), *ended)):
        raise StoreContended
    return _signed_in(signed_in, browser, interaction)


def _signed_in(signed_in: SignedIn, browser: Browser, interaction: Interaction) -> SignedInNow:
    chosen = signed_in.session_id
    progress = evolve(interaction.progress, chosen=chosen, username=None, proof=None, enrolling=None)
    return SignedInNow(
        evolve(browser, sessions=with_session(browser.sessions, signed_in)),
        evolve(interaction, progress=progress),
    )


def _session(here: Installation, claimant: Claimant, browser: Browser) -> BrowserSession:
    return BrowserSession(
        tenant_id=claimant.user.tenant_id,
        id=SessionId(here.new_id()),
        user_id=claimant.user.id,
        authenticated_at=claimant.authenticated_at,
        methods=claimant.methods,
        persistent=claimant.keep,
        ends_at=NumericDate(claimant.authenticated_at + lifetimes.SESSION),
        user_agent=browser.user_agent,
        address=browser.address,
    )


def _row(signed_in: SignedIn, browser: Browser, now: NumericDate, trace_id: str, interaction: Interaction) -> SignIn:
    return SignIn(
        tenant_id=signed_in.tenant_id,
        id=trace_id,
        at=now,
        user_id=signed_in.user_id,
        client_id=ClientId(interaction.parameters.get("client_id") or ""),
        session_id=signed_in.session_id,
        address=place_of(browser.address),
        user_agent=browser.user_agent,
        correlation_id=interaction.correlation_id,
    )

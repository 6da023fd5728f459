"""Change one's own password in a browser that stays signed in: every other session ends, and this one opens anew.

Who has an authenticator enters a code, too: a stolen password must not replace itself.
"""

from attrs import evolve, field, frozen

from entrada.core.directory.administration.actor import Actor
from entrada.core.directory.my_account import MY_ACCOUNT
from entrada.core.directory.user import User
from entrada.core.errors import catalogue as why
from entrada.core.errors.reason import Refusal
from entrada.core.protocol.artefacts.interaction import Interaction
from entrada.core.protocol.authorize.errand import Errand
from entrada.core.protocol.error_fields import Trace
from entrada.core.protocol.parameters import Parameters
from entrada.core.protocol.sign_in.account import Account
from entrada.core.protocol.sign_in.next_step import Progress
from entrada.core.protocol.sign_in.second_factor import BOTH, PASSWORD
from entrada.core.protocol.version import Version
from entrada.server.usecases.browser import Browser
from entrada.server.usecases.change_password import judge, keep
from entrada.server.usecases.installation import Installation
from entrada.server.usecases.new_credential import NewPassword, Unfit
from entrada.server.usecases.own_sessions import Used, list_used
from entrada.server.usecases.second_factor import enter_either
from entrada.server.usecases.sign_in import open_session


@frozen
class Changed:
    browser: Browser  # with its new session
    ended: tuple[Used, ...]  # in the other sessions: whom to tell


@frozen(kw_only=True)
class Wanted:
    current: str = field(repr=False)
    new: NewPassword
    code: str = field(repr=False)  # where there is an authenticator


async def change_own_password(
    here: Installation, by: Actor, account: Account, wanted: Wanted, browser: Browser, trace: Trace
) -> Changed | Unfit | Refusal:
    used = await list_used(here, account.user, browser)
    judged = await judge(here, account.user, wanted.current, wanted.new, address=browser.address)
    # The code comes last, so that none is spent on a password that will not do.
    changed = await _with_factor(here, account, judged, wanted.code) if isinstance(judged, User) else judged
    if not isinstance(changed, User):
        return changed
    user, methods = await keep(here, by, account.user, changed), BOTH if changed.authenticator else PASSWORD
    claimant = evolve(account.claimant, user=user, authenticated_at=here.clock(), methods=methods)
    opened = await open_session(here, claimant, _interaction(user, browser, trace), browser, trace.trace_id)
    return Changed(opened.browser, tuple(one for one in used if one.session_id != account.session.id))


async def _with_factor(here: Installation, account: Account, changed: User, code: str) -> User | Refusal:
    if changed.authenticator is None:
        return changed
    proof = await enter_either(here, account.claimant, code)
    if isinstance(proof, Refusal):
        return proof
    user = await here.store.find_user(changed.tenant_id, changed.id)  # a recovery code has changed it
    if user is None or not proof.stands(user, here.clock()):
        return Refusal(why.PROOF_STALE)
    return evolve(user, password=changed.password)


def _interaction(user: User, browser: Browser, trace: Trace) -> Interaction:
    """What the sign-in log says of the new session."""
    return Interaction(
        segment=user.tenant_id,
        version=Version.V2,
        parameters=Parameters({"client_id": str(MY_ACCOUNT.app_id)}),
        browser=browser.digest,
        correlation_id=trace.correlation_id,
        progress=Progress(started_at=trace.at),
        errand=Errand.ACCOUNT,
    )

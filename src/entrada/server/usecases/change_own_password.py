"""Change one's own password in a browser that stays signed in: every other session ends, and this one opens anew."""

from attrs import evolve, frozen

from entrada.core.directory.my_account import MY_ACCOUNT
from entrada.core.directory.user import User
from entrada.core.errors.reason import Refusal
from entrada.core.protocol.artefacts.interaction import Interaction
from entrada.core.protocol.authorize.errand import Errand
from entrada.core.protocol.error_fields import Trace
from entrada.core.protocol.parameters import Parameters
from entrada.core.protocol.sign_in.account import Account
from entrada.core.protocol.sign_in.next_step import Progress
from entrada.core.protocol.version import Version
from entrada.server.usecases.browser import Browser
from entrada.server.usecases.change_password import change_password
from entrada.server.usecases.installation import Installation
from entrada.server.usecases.new_credential import NewPassword, Unfit
from entrada.server.usecases.own_sessions import Used, list_used
from entrada.server.usecases.sign_in import open_session


@frozen
class Changed:
    browser: Browser  # with its new session
    ended: tuple[Used, ...]  # in the other sessions: whom to tell


async def change_own_password(
    here: Installation, account: Account, current: str, new: NewPassword, browser: Browser, trace: Trace
) -> Changed | Unfit | Refusal:
    used = await list_used(here, account.user, browser)
    user = await change_password(here, account.user, current, new, address=browser.address)
    if not isinstance(user, User):
        return user
    claimant = evolve(account.claimant, user=user, authenticated_at=here.clock())
    opened = await open_session(here, claimant, _interaction(user, browser, trace), browser, trace.trace_id)
    return Changed(opened.browser, tuple(one for one in used if one.session_id != account.session.id))


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

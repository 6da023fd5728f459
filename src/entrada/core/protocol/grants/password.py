"""Sign somebody in by a password that the application asked for.  RFC 6749 §4.3; reference section 23.

RFC 9700 §2.4 forbids it, so a tenant has to allow it first.  Whether it does is asked before the password is looked at:
otherwise this would be a door at which to try passwords.
"""

from attrs import frozen

from entrada.core.directory.application import Application
from entrada.core.directory.sign_in import SignIn
from entrada.core.directory.tenant import Tenant
from entrada.core.errors import catalogue as why
from entrada.core.errors.reason import Refusal
from entrada.core.jose.numeric_date import NumericDate
from entrada.core.protocol.artefacts.origin import Origin
from entrada.core.protocol.audience import Authority, Global
from entrada.core.protocol.effects import LogSignIn, OpenFamily
from entrada.core.protocol.grants import standing as everybody
from entrada.core.protocol.grants.decision import Decision, Issue
from entrada.core.protocol.grants.standing import Standing
from entrada.core.protocol.grants.without_redirect import first_refresh_token
from entrada.core.protocol.token_family import TokenFamily
from entrada.core.protocol.tokens.granted import Granted

METHODS = ("pwd",)


@frozen(kw_only=True)
class Request:
    """The client is authenticated already, and so is the user."""

    client: Application
    scope: str
    sign_in: SignIn  # the row that the log gets


def refuse_place(authority: Authority) -> Refusal | None:
    if authority.segment == Global.COMMON:
        return Refusal(why.GRANT_NOT_AT_COMMON, {"grant_type": "password"})
    return None


def refuse_home(authority: Authority, domain: str, home: Tenant) -> Refusal | None:
    """*home*: whose *domain* the user name ends in.  Says nothing of who exists there."""
    if not home.policies.password_grant:
        return Refusal(why.PASSWORD_GRANT_OFF, {"domain": domain})
    if authority.tenant is not None and authority.tenant.id != home.id:
        return Refusal(why.ACCOUNT_OF_ANOTHER_TENANT, {"domain": domain, "tenant": authority.tenant.id})
    return None


def decide(
    request: Request, origin: Origin, standing: Standing, granted: Granted | Refusal, now: NumericDate
) -> Decision:
    """Grant or refuse.  The family hangs on no session: no browser was in it."""
    if refusal := everybody.refuse(standing, origin.authenticated_at, origin.methods):
        return Decision(refusal)
    if isinstance(granted, Refusal):
        return Decision(granted)
    successor = first_refresh_token(request.client, origin, now, issued_in=origin.tenant_id, scope=request.scope)
    issue = Issue(granted=granted, successor=successor if granted.offline else None)
    family = TokenFamily(
        key=origin.key, client_id=request.client.app_id, user_id=origin.user_id, session_id=None, issued_at=now
    )
    return Decision(issue, (OpenFamily(family), LogSignIn(request.sign_in)))

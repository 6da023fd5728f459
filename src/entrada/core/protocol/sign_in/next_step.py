"""Pick an account, sign in, or go on.  OpenID Connect Core §3.1.2.3; reference section 14."""

from attrs import frozen

from entrada.core.directory.ids import SessionId
from entrada.core.errors import catalogue as why
from entrada.core.errors.reason import Refusal
from entrada.core.jose.numeric_date import NumericDate
from entrada.core.protocol import lifetimes
from entrada.core.protocol.authorize.request import AuthorizeRequest
from entrada.core.protocol.authorize.usable_prompt import Prompt
from entrada.core.protocol.sign_in.account import Account


@frozen
class Progress:
    """What the person did since the request arrived, from the sealed interaction."""

    started_at: NumericDate
    chosen: SessionId | None = None  # picked, or just signed in
    username: str | None = None  # typed, or named by a hint; its password is asked next
    another: bool = False  # "use another account": no session, hint or picker decides
    consented: bool = False
    shown: bytes = b""  # what the consent page showed: only that can be accepted


@frozen
class PickAccount:
    accounts: tuple[Account, ...]


@frozen
class EnterUsername:
    pass


@frozen
class EnterPassword:
    username: str


Step = PickAccount | EnterUsername | EnterPassword | Account | Refusal


def next_step(request: AuthorizeRequest, accounts: tuple[Account, ...], progress: Progress, now: NumericDate) -> Step:
    """An Account when somebody suitable is signed in, freshly enough; consent comes after.

    A Refusal goes back to the client under prompt=none, and is shown to the person otherwise.
    """
    suitable = tuple(one for one in accounts if _fits(one, request))
    if request.prompt is Prompt.NONE:
        return _silent(request, suitable, now)
    if progress.chosen is not None:
        return _chosen(request, accounts, progress, now)
    if progress.username is not None or progress.another:
        return _ask(progress.username)
    if request.prompt in (Prompt.LOGIN, Prompt.CREATE):
        return _ask(request.login_hint)
    return _from_sessions(request, suitable, now)


def _from_sessions(request: AuthorizeRequest, accounts: tuple[Account, ...], now: NumericDate) -> Step:
    if request.login_hint:
        named = next((one for one in accounts if one.is_named(request.login_hint)), None)
        return named if named and _fresh(named, request, now) else _ask(request.login_hint)
    if request.prompt is Prompt.SELECT_ACCOUNT and accounts:
        return PickAccount(accounts)
    match accounts:
        case ():
            return _ask(None)
        case (one,) if _fresh(one, request, now):
            return one
        case (one,):
            return EnterPassword(one.user.user_principal_name)
        case _:
            return PickAccount(accounts)


def _chosen(request: AuthorizeRequest, accounts: tuple[Account, ...], progress: Progress, now: NumericDate) -> Step:
    account = next((one for one in accounts if one.session.id == progress.chosen), None)
    if account is None:
        return _ask(progress.username)
    if not _fits(account, request):
        facts = {"user": account.user.user_principal_name, "tenant": request.authority.name}
        return Refusal(why.ACCOUNT_NOT_IN_TENANT, {**facts, "client_id": request.client.app_id})
    # prompt=login and max_age want a password entered for this very request, and not long ago.
    authenticated_at = account.session.authenticated_at
    entered_now = progress.started_at <= authenticated_at and now - authenticated_at <= lifetimes.FACTOR
    if entered_now or (request.prompt is not Prompt.LOGIN and _fresh(account, request, now)):
        return account
    return EnterPassword(account.user.user_principal_name)


def _silent(request: AuthorizeRequest, accounts: tuple[Account, ...], now: NumericDate) -> Step:
    if request.login_hint:
        accounts = tuple(one for one in accounts if one.is_named(request.login_hint))
        if not accounts:
            return Refusal(why.SESSION_NOT_FOUND)
    match accounts:
        case (one,) if _fresh(one, request, now):
            return one
        case () | (_,):
            return Refusal(why.NO_SESSION)
        case _:
            return Refusal(why.SELECT_USER_ACCOUNT)


def _ask(username: str | None) -> Step:
    return EnterPassword(username) if username else EnterUsername()


def _fits(account: Account, request: AuthorizeRequest) -> bool:
    tenant = request.authority.tenant
    return tenant is None or account.member.tenant_id == tenant.id


def _fresh(account: Account, request: AuthorizeRequest, now: NumericDate) -> bool:
    return request.max_age is None or now - account.session.authenticated_at <= request.max_age

"""Pick an account, sign in, or go on.  OpenID Connect Core §3.1.2.3; reference section 14."""

from attrs import evolve, field, frozen

from entrada.core.directory.ids import SessionId
from entrada.core.errors import catalogue as why
from entrada.core.errors.reason import Refusal
from entrada.core.jose.numeric_date import NumericDate
from entrada.core.protocol import lifetimes
from entrada.core.protocol.authorize.request import AuthorizeRequest
from entrada.core.protocol.authorize.usable_prompt import Prompt
from entrada.core.protocol.sign_in import second_factor
from entrada.core.protocol.sign_in.account import Account
from entrada.core.protocol.sign_in.enrolling import Enrolling
from entrada.core.protocol.sign_in.proof import Claimant, Proof


@frozen
class Progress:
    """What the person did since the request arrived, from the sealed interaction."""

    started_at: NumericDate
    chosen: SessionId | None = None  # picked, or just signed in
    username: str | None = None  # typed, or named by a hint; its password is asked next, or was right: then see proof
    another: bool = False  # "use another account": no session, hint or picker decides
    consented: bool = False
    shown: bytes = b""  # what the consent page showed: only that can be accepted
    proof: Proof | None = None  # of a first factor or both, while no session is open
    enrolling: Enrolling | None = field(default=None, repr=False)  # the authenticator being set up
    replacing: bool = False  # the authenticator, by another one

    def with_proof(self, proof: Proof, username: str) -> "Progress":
        """*username* is asked for the password again, should the proof not last."""
        return evolve(self, proof=proof, username=username, chosen=None, another=False)

    def with_another(self) -> "Progress":
        """Whoever this was, somebody else goes on."""
        return Progress(started_at=self.started_at, another=True)


@frozen
class PickAccount:
    accounts: tuple[Account, ...]


@frozen
class EnterUsername:
    pass


@frozen
class EnterPassword:
    username: str


@frozen
class EnterCode:
    claimant: Claimant


@frozen
class SetUpAuthenticator:
    claimant: Claimant


@frozen
class SaveRecoveryCodes:
    claimant: Claimant
    enrolling: Enrolling = field(repr=False)


@frozen
class ChangePassword:
    claimant: Claimant


@frozen
class Admit:
    """Everything that is needed is proved: a session may open."""

    claimant: Claimant


Page = PickAccount | EnterUsername | EnterPassword | EnterCode | SetUpAuthenticator | SaveRecoveryCodes | ChangePassword
Step = Page | Admit | Account | Refusal


def next_step(
    request: AuthorizeRequest,
    accounts: tuple[Account, ...],
    progress: Progress,
    now: NumericDate,
    proved: Claimant | None = None,
) -> Step:
    """An Account when somebody suitable is signed in, freshly and strongly enough; consent comes after.

    *proved* is whose proof in *progress* still stands.  A Refusal goes back to the client under prompt=none, and is
    shown to the person otherwise.
    """
    if proved is not None and request.prompt is not Prompt.NONE:
        return _still_missing(proved, request, progress, now) or Admit(proved)
    step = _who(request, accounts, progress, now)
    if not isinstance(step, Account):
        return step
    missing = _still_missing(step.claimant, request, progress, now)
    if missing is None:
        return step
    return missing if request.prompt is not Prompt.NONE else _refuse_silently(missing, step, request)


def _still_missing(claimant: Claimant, request: AuthorizeRequest, progress: Progress, now: NumericDate) -> Page | None:
    if progress.replacing and (page := _replacement(claimant, progress, now)):
        return page
    asked = claimant.second_factor_required or second_factor.is_asked_by(request.claims, request.acr_values)
    if asked and not second_factor.has_one(claimant.methods):
        return EnterCode(claimant) if claimant.user.authenticator else _enrol(claimant, progress, now)
    if claimant.user.password is not None and claimant.user.password.must_change:
        return _change(claimant)
    return None


def _change(claimant: Claimant) -> Page:
    """Who has an authenticator shows it in this very sign-in: whoever has stolen the password must not replace it."""
    shown = claimant.proof is not None and second_factor.has_one(claimant.methods)
    return ChangePassword(claimant) if shown or claimant.user.authenticator is None else EnterCode(claimant)


def _replacement(claimant: Claimant, progress: Progress, now: NumericDate) -> Page | None:
    """Password and code are shown in this very sign-in; the old authenticator is good until the new one is there."""
    authenticator = claimant.user.authenticator
    if authenticator is not None and authenticator.added_at >= progress.started_at:
        return None
    if claimant.proof is None:
        return EnterPassword(claimant.user.user_principal_name)
    if authenticator is not None and not second_factor.has_one(claimant.methods):
        return EnterCode(claimant)
    return _enrol(claimant, progress, now)


def _enrol(claimant: Claimant, progress: Progress, now: NumericDate) -> Page:
    if now - claimant.authenticated_at > lifetimes.FACTOR:
        # Whoever finds a browser open must not make its account their own.
        return EnterPassword(claimant.user.user_principal_name)
    enrolling = progress.enrolling
    if enrolling is None or enrolling.user_id != claimant.user.id or enrolling.confirmed_step is None:
        return SetUpAuthenticator(claimant)
    return SaveRecoveryCodes(claimant, enrolling)


def _refuse_silently(missing: Page, account: Account, request: AuthorizeRequest) -> Refusal:
    if isinstance(missing, ChangePassword):
        return Refusal(why.PASSWORD_CHANGE_FORBIDDEN, {"user": account.user.user_principal_name})
    return second_factor.refuse_silently(account.user, request)


def _who(request: AuthorizeRequest, accounts: tuple[Account, ...], progress: Progress, now: NumericDate) -> Step:
    if request.prompt is Prompt.NONE:
        return _silent(request, accounts, now)
    if progress.chosen is not None:
        return _chosen(request, accounts, progress, now)
    if progress.username is not None or progress.another:
        return _ask(progress.username)
    if request.prompt in (Prompt.LOGIN, Prompt.CREATE):
        return _ask(request.login_hint)
    return _from_sessions(request, tuple(one for one in accounts if _fits(one, request)), now)


def _from_sessions(request: AuthorizeRequest, accounts: tuple[Account, ...], now: NumericDate) -> Step:
    if request.login_hint:
        named = next((one for one in accounts if one.is_named(request.login_hint)), None)
        return named if named and _fresh(named, request, now) else _ask(request.login_hint)
    if request.prompt is Prompt.SELECT_ACCOUNT and accounts:
        return PickAccount(accounts)
    match _hinted(request, accounts):
        case ():
            return _ask(None)
        case (one,) if _fresh(one, request, now):
            return one
        case (one,):
            return EnterPassword(one.user.user_principal_name)
        case several:
            return PickAccount(several)


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
    """*accounts* are all that are signed in: why none of them will do is told apart."""
    suitable = _hinted(request, tuple(one for one in accounts if _fits(one, request)))
    if request.session_id is not None:
        return _of_session(request, accounts, now)
    if request.login_hint:
        suitable = tuple(one for one in suitable if one.is_named(request.login_hint))
        if not suitable:
            return Refusal(why.SESSION_NOT_FOUND)
    match suitable:
        case (one,) if _fresh(one, request, now):
            return one
        case () if accounts:
            return Refusal(why.ACCOUNTS_OF_OTHER_TENANTS, {"tenant": request.authority.name})
        case () | (_,):
            return Refusal(why.NO_SESSION)
        case _:
            return Refusal(why.SELECT_USER_ACCOUNT)


def _of_session(request: AuthorizeRequest, accounts: tuple[Account, ...], now: NumericDate) -> Step:
    named = next((one for one in accounts if one.session.id == request.session_id), None)
    if named is None:
        return Refusal(why.SESSION_NOT_FOUND)
    if not _fits(named, request):
        return Refusal(why.SESSION_UNSUITABLE, {"tenant": request.authority.name})
    return named if _fresh(named, request, now) else Refusal(why.NO_SESSION)


def _hinted(request: AuthorizeRequest, accounts: tuple[Account, ...]) -> tuple[Account, ...]:
    """Those that the hints point at, or all of them when none is: a hint chooses among accounts and bars nobody."""
    by_session = tuple(one for one in accounts if one.session.id == request.session_id)
    suffix = f"@{request.domain_hint or ''}".casefold()
    by_domain = tuple(one for one in accounts if one.user.user_principal_name.casefold().endswith(suffix))
    return by_session or by_domain or accounts


def _ask(username: str | None) -> Step:
    return EnterPassword(username) if username else EnterUsername()


def _fits(account: Account, request: AuthorizeRequest) -> bool:
    tenant = request.authority.tenant
    return tenant is None or account.member.tenant_id == tenant.id


def _fresh(account: Account, request: AuthorizeRequest, now: NumericDate) -> bool:
    return request.max_age is None or now - account.session.authenticated_at <= request.max_age

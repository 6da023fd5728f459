"""Whose account a request is about, and the sealed value by which a form proves that our own page showed it."""

from typing import Final
from urllib.parse import urlencode

from attrs import evolve, frozen
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from entrada.core.directory.administration.actor import Actor, Via
from entrada.core.directory.user import User
from entrada.core.errors import catalogue as why
from entrada.core.errors.reason import Refusal
from entrada.core.protocol import lifetimes
from entrada.core.protocol.artefacts import purposes
from entrada.core.protocol.artefacts.account_form import AccountForm, pack_account_form, unpack_account_form
from entrada.core.protocol.artefacts.browser_sessions import seen
from entrada.core.protocol.error_fields import Trace
from entrada.core.protocol.parameters import Parameters
from entrada.core.protocol.sign_in import second_factor
from entrada.core.protocol.sign_in.account import Account
from entrada.core.sealing.envelope import NotSealed
from entrada.server.usecases.audited import in_person
from entrada.server.usecases.browser import Browser, live_accounts
from entrada.server.usecases.installation import Installation
from entrada.server.web.http import decision_log
from entrada.server.web.http.error_page import page
from entrada.server.web.http.form import read_form, read_query
from entrada.server.web.http.pages import ALONE, HEADERS
from entrada.server.web.http.site import Site
from entrada.server.web.http.trace import trace_of

SIGN_IN: Final = "/common/account/signin"  # of the identity site, which leads back here
_FIELD: Final = "ctx"


@frozen(kw_only=True)
class Visit:
    """Somebody at the pages of the own account, in a browser where others may be signed in, too."""

    site: Site
    account: Account
    accounts: tuple[Account, ...]
    browser: Browser
    trace: Trace

    @property
    def here(self) -> Installation:
        return self.site.here

    @property
    def is_fresh(self) -> bool:
        """The password was entered lately, by whoever sits there."""
        return self.here.clock() - self.account.session.authenticated_at <= lifetimes.FACTOR

    def acting(self, user: User) -> Actor:
        """*user*, this account or what it is elsewhere, in what is done to the directory at these pages."""
        return in_person(user, Via.ACCOUNT, self.trace.correlation_id, address=self.browser.address)

    @property
    def hidden(self) -> list[tuple[str, str]]:
        """The hidden inputs of a form."""
        form = AccountForm(session_id=self.account.session.id, browser=self.browser.digest, sealed_at=self.here.clock())
        return [(_FIELD, self.here.seal(pack_account_form(form), purpose=purposes.ACCOUNT_FORM))]

    def answered(self, answer: Response) -> Response:
        """With the cookies of a session that was used just now."""
        answer.headers.update(ALONE)
        sessions = seen(self.browser.sessions, self.account.session.id, self.trace.at)
        self.site.cookies.write(self.here, answer, evolve(self.browser, sessions=sessions), self.browser)
        return answer


async def arrive(site: Site, request: Request) -> Visit | Response:
    """By a link or a bookmark: whoever `user` names, or the only one that is signed in; else through the sign-in."""
    query, browser = read_query(request), site.cookies.read(site.here, request)
    named = None if isinstance(query, Refusal) else query.get("user")
    accounts = await live_accounts(site.here, browser)
    meant = [one for one in accounts if named in (None, one.user.id)]
    if len(meant) != 1:
        return redirect(SIGN_IN, status=302)
    return _complete(site, request, browser, accounts, meant[0])


async def reopen(site: Site, request: Request) -> tuple[Visit, Parameters] | Response:
    """By a form of ours."""
    form, browser = await read_form(request), site.cookies.read(site.here, request)
    opened = form if isinstance(form, Refusal) else _open(site.here, form, browser)
    if isinstance(opened, Refusal) or isinstance(form, Refusal):
        return _refused(site, request, opened if isinstance(opened, Refusal) else Refusal(why.ACCOUNT_PAGE_STALE))
    accounts = await live_accounts(site.here, browser)
    meant = [one for one in accounts if one.session.id == opened.session_id]
    if not meant:
        return redirect(SIGN_IN)  # signed out meanwhile, in another tab or from afar
    visit = _complete(site, request, browser, accounts, meant[0])
    return visit if isinstance(visit, Response) else (visit, form)


def redirect(path: str, query: dict[str, str] | None = None, status: int = 303) -> Response:
    return RedirectResponse(f"{path}?{urlencode(query)}" if query else path, status, HEADERS)


def set_up(user: User) -> str:
    """Where an authenticator is set up: after a fresh password, whatever was proved before."""
    return _asking(user, {"acr_values": "mfa"})


def replace(user: User) -> str:
    """Where another one takes the place of an authenticator: after a fresh password and a code of the old one."""
    return _asking(user, {"replace": "authenticator"})


def _asking(user: User, what: dict[str, str]) -> str:
    return f"{SIGN_IN}?{urlencode({'prompt': 'login', **what, 'login_hint': user.user_principal_name})}"


def _complete(
    site: Site, request: Request, browser: Browser, accounts: tuple[Account, ...], account: Account
) -> Visit | Response:
    """A sign-in that lacks something by now is not good for this either: the sign-in pages ask for it."""
    password = account.user.password
    lacks_factor = account.second_factor_required and not second_factor.has_one(account.session.methods)
    if lacks_factor or (password is not None and password.must_change):
        status = 303 if request.method == "POST" else 302
        return redirect(SIGN_IN, {"login_hint": account.user.user_principal_name}, status)
    trace = trace_of(site.here, request)
    return Visit(site=site, account=account, accounts=accounts, browser=browser, trace=trace)


def _open(here: Installation, form: Parameters, browser: Browser) -> AccountForm | Refusal:
    stale = Refusal(why.ACCOUNT_PAGE_STALE)
    try:
        sealed = here.open(form.get(_FIELD) or "", purpose=purposes.ACCOUNT_FORM, lifetime=lifetimes.INTERACTION)
        opened = unpack_account_form(sealed.payload)
    except (NotSealed, ValueError):
        return stale
    too_old = here.clock() - opened.sealed_at > lifetimes.INTERACTION
    return stale if too_old or opened.browser != browser.digest else opened


def _refused(site: Site, request: Request, refusal: Refusal) -> Response:
    trace = trace_of(site.here, request)
    decision_log.refused("account", refusal, trace)
    return page(site, refusal, trace, "Nothing was changed")

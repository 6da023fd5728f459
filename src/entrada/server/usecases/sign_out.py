"""End browser sessions, and say where the person may return to.  OpenID Connect RP-Initiated Logout."""

from attrs import evolve, field, frozen

from entrada.core.directory.application import Application
from entrada.core.directory.ids import SessionId, TenantId, UserId
from entrada.core.directory.user import HomeAccount
from entrada.core.jose.invalid_token import InvalidToken
from entrada.core.protocol.effects import EndSession
from entrada.core.protocol.logout.frontchannel import frontchannel_urls
from entrada.core.protocol.logout.return_uri import return_uri
from entrada.core.protocol.sign_in.account import Account
from entrada.core.protocol.tokens.app_token import is_app_only
from entrada.server.usecases.browser import Browser, live_accounts
from entrada.server.usecases.installation import Installation
from entrada.server.usecases.login_hint import read_login_hint
from entrada.server.usecases.lookup import find_application


@frozen(kw_only=True)
class SignOutRequest:
    id_token_hint: str | None = field(default=None, repr=False)
    logout_hint: str | None = None
    client_id: str | None = None
    post_logout_redirect_uri: str | None = None
    state: str | None = None


@frozen
class Choose:
    """Several accounts are signed in and nothing names one, or what is named is not signed in here."""

    accounts: tuple[Account, ...]
    may_return_to: str | None  # if one of them signs out of an application that registered it


@frozen(kw_only=True)
class SignedOut:
    accounts: tuple[Account, ...]
    remaining: tuple[Account, ...]  # still signed in to this browser
    browser: Browser
    return_to: str | None
    frontchannel: tuple[str, ...]  # pages of applications to load in frames, so that they end their sessions too


@frozen(kw_only=True)
class _Hint:
    """What a valid id_token_hint says: which client's it is, whose, and of which session."""

    client: Application | None
    account: HomeAccount
    session_id: str | None  # `sid`, where the client has the claim


@frozen(kw_only=True)
class _Asked:
    """The request, its hints read once."""

    request: SignOutRequest
    hint: _Hint | None
    username: str | None  # that logout_hint stands for
    accounts: tuple[Account, ...]

    @property
    def named(self) -> tuple[Account, ...]:
        return tuple(one for one in self.accounts if self._names(one))

    @property
    def must_ask(self) -> bool:
        """Whoever is named must not be taken for the one who happens to be signed in."""
        names_somebody = self.hint is not None or self.username is not None
        return not self.named and (len(self.accounts) > 1 or (bool(self.accounts) and names_somebody))

    def _names(self, account: Account) -> bool:
        if self.hint is not None:
            own = HomeAccount(tenant_id=account.user.tenant_id, user_id=account.user.id)
            if own == self.hint.account or account.session.id == self.hint.session_id:
                return True
        return self.username is not None and account.is_named(self.username)


async def ask_or_sign_out(here: Installation, request: SignOutRequest, browser: Browser) -> Choose | SignedOut:
    asked = await _read(here, request, browser)
    if not asked.must_ask:
        return await _sign_out(here, asked, browser, asked.named or asked.accounts)
    apps = [app for one in asked.accounts for app in await _apps(here, one, browser)]
    return Choose(asked.accounts, return_uri(request.post_logout_redirect_uri, None, _clients(asked, apps)))


async def sign_out_chosen(
    here: Installation, request: SignOutRequest, browser: Browser, chosen: SessionId | None
) -> SignedOut:
    """Of the session *chosen*, or of all."""
    asked = await _read(here, request, browser)
    accounts = tuple(one for one in asked.accounts if chosen in (None, one.session.id))
    return await _sign_out(here, asked, browser, accounts)


async def _read(here: Installation, request: SignOutRequest, browser: Browser) -> _Asked:
    return _Asked(
        request=request,
        hint=await _read_hint(here, request.id_token_hint),
        username=await read_login_hint(here, request.logout_hint),
        accounts=await live_accounts(here, browser),
    )


async def _read_hint(here: Installation, token: str | None) -> _Hint | None:
    """A token of ours, however old: it only has to show that the client once knew the person."""
    if token is None:
        return None
    try:
        claims = await here.signing_keys.verify(token, here.clock())
        if "scp" in claims or is_app_only(claims):
            return None  # an access token tells nothing of a sign-in
        client_id, tenant_id, user_id = (claims.text(name) for name in ("aud", "tid", "oid"))
        session_id = claims.text("sid") if "sid" in claims else None
    except InvalidToken:
        return None
    user = await here.store.find_user(TenantId(tenant_id), UserId(user_id))
    # A guest's token names its entry in the tenant it visits; signed in is its account at home.
    home = user.home if user is not None else None
    return _Hint(
        client=await find_application(here.store, client_id),
        account=home or HomeAccount(tenant_id=TenantId(tenant_id), user_id=UserId(user_id)),
        session_id=session_id,
    )


async def _sign_out(here: Installation, asked: _Asked, browser: Browser, accounts: tuple[Account, ...]) -> SignedOut:
    now, request = here.clock(), asked.request
    ended = {one.session.id for one in accounts}
    # Settled before the sessions end, since both depend on the apps they signed in to.
    apps = [(app, one.session.id) for one in accounts for app in await _apps(here, one, browser)]
    clients = _clients(asked, [app for app, _ in apps])
    if accounts:
        await here.store.commit([EndSession(one.user.tenant_id, one.session.id, now) for one in accounts])
    return SignedOut(
        accounts=accounts,
        remaining=tuple(one for one in asked.accounts if one.session.id not in ended),
        browser=evolve(browser, sessions=tuple(one for one in browser.sessions if one.session_id not in ended)),
        return_to=return_uri(request.post_logout_redirect_uri, request.state, clients),
        frontchannel=frontchannel_urls(apps),
    )


async def _apps(here: Installation, account: Account, browser: Browser) -> list[Application]:
    """The applications that the account's session signed in to."""
    ids = await here.store.list_session_clients(account.user.tenant_id, account.session.id)
    ids |= {app for one in browser.sessions if one.session_id == account.session.id for app in one.apps}
    found = [await find_application(here.store, client_id) for client_id in sorted(ids)]
    return [client for client in found if client is not None]


def _clients(asked: _Asked, apps: list[Application]) -> list[Application]:
    """Whose redirect URIs may be returned to: the client that a hint names, and the *apps* of the ending sessions."""
    found = [asked.hint.client] if asked.hint is not None and asked.hint.client is not None else []
    # client_id alone proves nothing, but must agree with what does.
    return [client for client in [*found, *apps] if asked.request.client_id in (None, client.app_id)]

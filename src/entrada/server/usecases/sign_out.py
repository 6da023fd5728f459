"""End browser sessions, and say where the person may return to.  OpenID Connect RP-Initiated Logout."""

from attrs import evolve, field, frozen

from entrada.core.directory.application import Application
from entrada.core.directory.ids import TenantId, UserId
from entrada.core.jose.invalid_token import InvalidToken
from entrada.core.protocol.effects import EndSession
from entrada.core.protocol.logout.frontchannel import frontchannel_urls
from entrada.core.protocol.logout.return_uri import return_uri
from entrada.core.protocol.sign_in.account import Account
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


@frozen(kw_only=True)
class Hint:
    """What a valid id_token_hint says: whose session, and at which client."""

    client_id: str
    user_id: str  # at home


@frozen
class Choose:
    """Several accounts are signed in and nothing names one, or what is named is not signed in here."""

    accounts: tuple[Account, ...]
    may_return_to: str | None  # if one of them signs out of an application that registered it


@frozen(kw_only=True)
class SignedOut:
    accounts: tuple[Account, ...]
    browser: Browser
    return_to: str | None
    frontchannel: tuple[str, ...]  # pages of applications to load in frames, so that they end their sessions too


async def read_hint(here: Installation, request: SignOutRequest) -> Hint | None:
    """A token of ours, however old: it only has to show that the client once knew the person."""
    if request.id_token_hint is None:
        return None
    try:
        claims = await here.signing_keys.verify(request.id_token_hint, here.clock())
        if "scp" in claims:
            return None  # an access token tells nothing of a sign-in
        client_id, tenant_id, user_id = (claims.text(name) for name in ("aud", "tid", "oid"))
    except InvalidToken:
        return None
    user = await here.store.find_user(TenantId(tenant_id), UserId(user_id))
    # A guest's token names its entry in the tenant it visits; signed in is its account at home.
    return Hint(client_id=client_id, user_id=user.home.user_id if user and user.home else user_id)


async def ask_or_sign_out(here: Installation, request: SignOutRequest, browser: Browser) -> Choose | SignedOut:
    accounts = await live_accounts(here, browser)
    request = evolve(request, logout_hint=await read_login_hint(here, request.logout_hint))
    hint = await read_hint(here, request)
    named = tuple(one for one in accounts if _is_named(one, request, hint))
    if not named and (len(accounts) > 1 or (accounts and hint is not None)):
        apps = [app for one in accounts for app in await _apps(here, one, browser)]
        clients = await _clients(here, request, apps)
        return Choose(accounts, return_uri(request.post_logout_redirect_uri, None, clients))
    return await sign_out(here, request, browser, named or accounts)


async def sign_out(
    here: Installation, request: SignOutRequest, browser: Browser, accounts: tuple[Account, ...]
) -> SignedOut:
    now = here.clock()
    ended = {one.session.id for one in accounts}
    # Settled before the sessions end, since both depend on the apps they signed in to.
    apps = [(app, one.session.id) for one in accounts for app in await _apps(here, one, browser)]
    clients = await _clients(here, request, [app for app, _ in apps])
    if accounts:
        await here.store.commit([EndSession(one.user.tenant_id, one.session.id, now) for one in accounts])
    return SignedOut(
        accounts=accounts,
        browser=evolve(browser, sessions=tuple(one for one in browser.sessions if one.session_id not in ended)),
        return_to=return_uri(request.post_logout_redirect_uri, request.state, clients),
        frontchannel=frontchannel_urls(apps),
    )


def _is_named(account: Account, request: SignOutRequest, hint: Hint | None) -> bool:
    if hint is not None and account.user.id == hint.user_id:
        return True
    return request.logout_hint is not None and account.is_named(request.logout_hint)


async def _apps(here: Installation, account: Account, browser: Browser) -> list[Application]:
    """The applications that the account's session signed in to."""
    ids = await here.store.list_session_clients(account.user.tenant_id, account.session.id)
    ids |= {app for one in browser.sessions if one.session_id == account.session.id for app in one.apps}
    found = [await find_application(here.store, client_id) for client_id in sorted(ids)]
    return [client for client in found if client is not None]


async def _clients(here: Installation, request: SignOutRequest, apps: list[Application]) -> list[Application]:
    """Whose redirect URIs may be returned to: the client that a hint names, and the *apps* of the ending sessions."""
    hint = await read_hint(here, request)
    hinted = await find_application(here.store, hint.client_id) if hint else None
    found = [*([hinted] if hinted else []), *apps]
    # client_id alone proves nothing, but must agree with what does.
    return [client for client in found if request.client_id in (None, client.app_id)]

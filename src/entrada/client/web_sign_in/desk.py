"""What every answer of the web sign-in needs at hand: settings, sessions, the authority, cookies, clock and entropy."""

import hashlib
import hmac
from collections.abc import Callable, Iterable
from typing import Final
from urllib.parse import unquote, urlsplit

from attrs import define, field

from entrada.client.discovery.provider import Provider
from entrada.client.errors import BadSettings
from entrada.client.flow import Flow
from entrada.client.grants.credential import credential_of
from entrada.client.grants.identity import SCOPES
from entrada.client.grants.registration import Registration
from entrada.client.web_sign_in.cookies import SetCookie, TransactionCookies
from entrada.client.web_sign_in.error_pages import MakePage, Page, answer, make_page
from entrada.client.web_sign_in.exchange import Cookie, Request, Response, json_answer
from entrada.client.web_sign_in.return_to import safe_return_to
from entrada.client.web_sign_in.sealer import Box, box, new_master, read_keys
from entrada.client.web_sign_in.session import seen
from entrada.client.web_sign_in.sessions.port import SessionStore
from entrada.client.web_sign_in.sessions.sessions import Found, Sessions, key_of
from entrada.client.web_sign_in.sign_in import SignIn
from entrada.client.web_sign_in.web_app import ResponseMode, WebApp
from entrada.client.web_sign_in.web_settings import WebSettings
from entrada.client.web_sign_in.whereabouts import Place, place_of
from entrada.core.jose import base64url
from entrada.core.jose.numeric_date import NumericDate

_MOST_PLACES: Final = 16  # on loopback hosts a port is anybody's to name
_NAMED_BY: Final = 10  # characters of a digest: cookies ignore ports, and two applications of one host must not meet


@define
class Desk:
    """One for the life of the application."""

    settings: WebSettings
    store: SessionStore
    clock: Callable[[], NumericDate] = field(repr=False)
    entropy: Callable[[int], bytes] = field(repr=False)
    page: MakePage = field(default=make_page, repr=False)
    registration: Registration = field(init=False, repr=False)
    sessions: Sessions = field(init=False, repr=False)
    asks: Box = field(init=False, repr=False)  # seals what a link to sign in asks for
    cookie: str = field(init=False)
    _transactions: Box = field(init=False, repr=False)
    _sign_ins: dict[str, SignIn] = field(factory=dict[str, SignIn], init=False, repr=False)

    def __attrs_post_init__(self) -> None:
        settings = self.settings
        if settings.key is None and self.store.lasts:
            raise BadSettings(
                "Sessions that outlast the process need a key that does",
                advice='Set key, made by: python3 -c "import secrets; print(secrets.token_urlsafe(32))"',
            )
        written = (settings.key, *settings.old_keys) if settings.key is not None else ()
        masters = read_keys(written) or (new_master(self.entropy),)
        sessions, self.asks, self._transactions = (
            box(masters, purpose, settings.client_id, self.entropy) for purpose in ("session", "ask", "transaction")
        )
        self.sessions = Sessions(self.store, sessions, settings.session, self.entropy)
        self.registration = Registration(
            provider=Provider(settings.authority),
            client_id=settings.client_id,
            credential=credential_of(settings),
            allowed_tenants=settings.allowed_tenants,
        )
        self.cookie = (
            settings.cookie or "sign-in-" + hashlib.sha256(settings.client_id.encode()).hexdigest()[:_NAMED_BY]
        )

    @property
    def provider(self) -> Provider:
        return self.registration.provider

    # ---- who is there ----

    def place(self, request: Request) -> Place:
        return place_of(request, self.settings)

    def brought(self, request: Request) -> str:
        """The key of the session that the browser's cookie names, whether there is such a session or not."""
        return key_of(request.cookies.get(self.cookie_name(self.place(request)), ""))

    def found(self, request: Request) -> Flow[Found | None]:
        """Whose session the browser brings, noting now and then that it is used."""
        return (yield from self.found_by(self.brought(request)))

    def found_by(self, key: str) -> Flow[Found | None]:
        now = self.clock()
        return (yield from self.sessions.run(lambda: self._find(key, now))) if key else None

    def _find(self, key: str, now: NumericDate) -> Found | None:
        found = self.sessions.find_key(key, now)
        if found is None:
            return None
        return self.sessions.change(found, lambda session: seen(session, self.settings.session, now), now)

    # ---- signing in ----

    def sign_in(self, place: Place) -> SignIn:
        """The redirect URI is of the place; keys and metadata are fetched once for all."""
        known = self._sign_ins.get(place.url(""))
        if known is None:
            if len(self._sign_ins) >= _MOST_PLACES:
                self._sign_ins.clear()
            known = self._sign_ins[place.url("")] = SignIn(self._app(place), self.registration)
        return known

    def _app(self, place: Place) -> WebApp:
        settings = self.settings
        return WebApp(
            authority=settings.authority,
            client_id=settings.client_id,
            credential=self.registration.credential,
            redirect_uri=place.url(f"{settings.prefix}/callback"),
            scopes=SCOPES,
            allowed_tenants=settings.allowed_tenants,
            response_mode=ResponseMode(settings.response_mode),
        )

    # ---- cookies ----

    def cookie_name(self, place: Place) -> str:
        return f"__Host-{self.cookie}" if place.is_secure else self.cookie

    def session_cookie(self, place: Place, id_: str | None) -> Cookie:
        """None drops it."""
        age = self.settings.session.absolute if id_ is not None else 0
        return Cookie(name=self.cookie_name(place), value=id_ or "", max_age=age, secure=place.is_secure)

    def transactions(self, place: Place) -> TransactionCookies:
        mode = ResponseMode(self.settings.response_mode)
        return TransactionCookies(
            prefix=f"{self.cookie_name(place)}-try-", sealer=self._transactions, response_mode=mode
        )

    def set_cookies(self, place: Place, cookies: Iterable[SetCookie]) -> tuple[Cookie, ...]:
        # SameSite=None counts with Secure only, which browsers take from http on loopback hosts too.
        return tuple(
            Cookie(
                name=one.name,
                value=one.value,
                max_age=one.max_age,
                same_site=one.same_site.capitalize(),
                secure=place.is_secure or one.same_site == "none",
            )
            for one in cookies
        )

    # ---- answers ----

    def path(self, place: Place, name: str) -> str:
        return f"{place.root}{self.settings.prefix}/{name}"

    def back(self, place: Place, asked: str | None) -> str:
        """Where a sign-in returns to: a page of ours, and none of the sign-in itself, which would go round for ever."""
        wanted = safe_return_to(asked, place.home)
        path = unquote(urlsplit(wanted).path)
        return place.home if path.startswith(self.path(place, "")) else wanted

    def answer(self, request: Request, page: Page) -> Response:
        """A page for a person; for a script the same as JSON."""
        if request.navigates or not request.headers.get("accept", "").startswith("application/json"):
            return answer(page, self.page)
        members = {
            "error": page.error,
            "message": page.message,
            "advice": page.advice,
            "trace_id": page.trace_id,
            "login_url": page.login_url,
        }
        return json_answer(page.status, {name: value for name, value in members.items() if value})

    # ---- forgery of requests ----

    def csrf(self, request: Request) -> str:
        """A word that only pages of this browser's session can know.  Empty without a session."""
        id_ = request.cookies.get(self.cookie_name(self.place(request)), "")
        return base64url.encode(hashlib.sha256(b"csrf " + id_.encode()).digest()) if id_ else ""

    def is_ours(self, request: Request) -> bool:
        """Was the form on a page of our own?  By what the browser says of itself, or by the word in the form."""
        site, origin = request.headers.get("sec-fetch-site"), request.headers.get("origin")
        if site is not None and site not in ("same-origin", "none"):
            return False
        if site == "same-origin" or origin == self.place(request).origin:
            return True
        return _same(request.form.get("csrf", ""), self.csrf(request))


def _same(sent: str, expected: str) -> bool:
    return bool(expected) and hmac.compare_digest(sent.encode(errors="replace"), expected.encode())

"""The whole web sign-in of an application, free of any framework: an adapter hands in requests and sends the answers.

Everything that behaves is decided here once, as flows over plain values; so FastAPI, Flask and Django behave alike.

    site = Site(settings)                                    for the life of the application
    answer = run(site.answer("login", request))              each of ROUTES below `settings.prefix`
    seen = run(site.require(request, Needs(roles={"Admin"})))    a `User`, or the Response to send instead
    token = run(site.token_for(request, ["api://x/read"]))   raises InteractionRequired
    answer = run(site.failed(request, error))                for whatever of EntradaError a view let through
"""

from collections.abc import Callable, Generator, Iterable, Mapping
from contextlib import contextmanager
from typing import Final, TypeAlias

from attrs import define, evolve, field

from entrada.client.errors import BadSettings, EntradaError, InteractionRequired, OAuthError
from entrada.client.flow import Flow
from entrada.client.tokens import AccessToken
from entrada.client.web_sign_in import log
from entrada.client.web_sign_in.desk import Desk
from entrada.client.web_sign_in.downstream import ApiReply, ApiRequest, call_api
from entrada.client.web_sign_in.error_pages import MakePage, make_page, page_of
from entrada.client.web_sign_in.exchange import Request, Response, json_answer
from entrada.client.web_sign_in.guard import NOTHING, Guard, Needs
from entrada.client.web_sign_in.sessions.memory import MemorySessions
from entrada.client.web_sign_in.sessions.port import SessionStore
from entrada.client.web_sign_in.sign_in import Asked
from entrada.client.web_sign_in.signing_in import SigningIn
from entrada.client.web_sign_in.signing_out import SigningOut
from entrada.client.web_sign_in.stand_in import StandIn
from entrada.client.web_sign_in.tokens import token_for
from entrada.client.web_sign_in.user import User
from entrada.client.web_sign_in.web_settings import Api, WebSettings
from entrada.core.jose.numeric_date import NumericDate

Action: TypeAlias = Callable[[Request], Flow[Response]]

ROUTES: Final[Mapping[str, tuple[str, ...]]] = {  # the last segment of the path, and the methods it takes
    "login": ("GET",),
    "callback": ("GET", "POST"),
    "logout": ("GET", "POST"),
    "frontchannel-logout": ("GET",),
    "backchannel-logout": ("POST",),
    "me": ("GET",),
}


@define
class Site:
    settings: WebSettings
    clock: Callable[[], NumericDate] = field(kw_only=True, repr=False)
    entropy: Callable[[int], bytes] = field(kw_only=True, repr=False)
    store: SessionStore = field(factory=MemorySessions, kw_only=True)
    page: MakePage = field(default=make_page, kw_only=True, repr=False)
    stand_in: StandIn | None = field(default=None, init=False)  # of tests
    _desk: Desk = field(init=False, repr=False)
    _signing_in: SigningIn = field(init=False, repr=False)
    _signing_out: SigningOut = field(init=False, repr=False)
    _guard: Guard = field(init=False, repr=False)

    def __attrs_post_init__(self) -> None:
        self._desk = Desk(self.settings, self.store, self.clock, self.entropy, self.page)
        self._signing_in, self._signing_out = SigningIn(self._desk), SigningOut(self._desk)
        self._guard = Guard(self._desk, self._signing_in)

    # ---- routes ----

    def answer(self, name: str, request: Request) -> Flow[Response]:
        """Of one of ROUTES; never raises one of our errors."""
        try:
            return (yield from self._actions()[name](request))
        except EntradaError as failure:
            return (yield from self.failed(request, failure))

    def _actions(self) -> Mapping[str, Action]:
        return {
            "login": self.login,
            "callback": self.callback,
            "logout": self.logout,
            "frontchannel-logout": self.frontchannel_logout,
            "backchannel-logout": self.backchannel_logout,
            "me": self.me,
        }

    def login(self, request: Request) -> Flow[Response]:
        return self._signing_in.login(request)

    def callback(self, request: Request) -> Flow[Response]:
        return self._signing_in.callback(request)

    def logout(self, request: Request) -> Flow[Response]:
        return self._signing_out.logout(request)

    def frontchannel_logout(self, request: Request) -> Flow[Response]:
        return self._signing_out.frontchannel_logout(request)

    def backchannel_logout(self, request: Request) -> Flow[Response]:
        return self._signing_out.backchannel_logout(request)

    def me(self, request: Request) -> Flow[Response]:
        user = yield from self.user_of(request)
        if user is None:
            return json_answer(401, {"error": "login_required"}, WWW_Authenticate='Cookie realm="sign-in"')
        return json_answer(200, user.to_members())

    def failed(self, request: Request, failure: EntradaError) -> Flow[Response]:
        """What to send when a view lets one of our errors through."""
        if isinstance(failure, InteractionRequired):
            try:
                return (yield from self.interaction(request, failure))
            except EntradaError as another:
                failure = another
        log.failed(failure, request)
        return self._desk.answer(request, page_of(failure))

    # ---- who is there ----

    def user_of(self, request: Request) -> Flow[User | None]:
        if self.stand_in is not None:
            return self.stand_in.user
        found = yield from self._desk.found(request)
        return found.session.user if found is not None else None

    def require(self, request: Request, needs: Needs = NOTHING) -> Flow[User | Response]:
        """The user, if they may; else what to send: to the sign-in and back, 401 as JSON, or a page that says 403."""
        if self.stand_in is not None:
            user = self.stand_in.user
            return user if needs.admits(user) else self._guard.refused(request, user)
        found = yield from self._guard.require(request, needs)
        return found if isinstance(found, Response) else found.session.user

    def socket_user(self, request: Request, needs: Needs = NOTHING) -> Flow[User | None]:
        """Of a websocket: no page of another origin may open one with the cookies of a person.  RFC 6455 §10.2."""
        if self.stand_in is None and request.headers.get("origin") not in (None, self._desk.place(request).origin):
            return None
        seen = yield from self.require(request, needs)
        return None if isinstance(seen, Response) else seen

    def csrf(self, request: Request) -> str:
        """For the hidden field `csrf` of a form that posts to `logout`, or to a page that asks `is_ours`."""
        return self._desk.csrf(request)

    def is_ours(self, request: Request) -> bool:
        """Was it posted by a page of this application?  Others of the same host get past SameSite."""
        return self._desk.is_ours(request)

    def path(self, request: Request, name: str) -> str:
        """Of one of ROUTES, as browsers ask for it."""
        return self._desk.path(self._desk.place(request), name)

    def interaction(self, request: Request, error: InteractionRequired) -> Flow[Response]:
        """A page is asked for again after the sign-in; a script is told in JSON, with a link that signs in for this."""
        found = yield from self._desk.found(request)
        return (yield from self._signing_in.interaction(request, error, found))

    def sign_in(self, request: Request, asked: Asked | None = None) -> Flow[Response]:
        """To the authority and back to this page, whoever is there already."""
        return self._signing_in.challenge(request, asked)

    # ---- where a framework has sessions of its own ----

    def as_nobody(self, request: Request) -> Request:
        """Without the session that the browser brings."""
        name = self._desk.cookie_name(self._desk.place(request))
        return evolve(request, cookies={one: value for one, value in request.cookies.items() if one != name})

    def forget(self, request: Request) -> Flow[None]:
        """End that session; the authority is not told, and signs the person in again when asked."""
        desk = self._desk
        id_ = request.cookies.get(desk.cookie_name(desk.place(request)), "")
        if id_:
            yield from desk.sessions.run(lambda: desk.sessions.end(id_))

    # ---- their tokens ----

    def token_for(
        self, request: Request, scopes: Iterable[str], claims: str | None = None, *, force: bool = False
    ) -> Flow[AccessToken]:
        """*force*: a new one, however good the old.  Raises InteractionRequired, also where nobody is signed in."""
        wanted = tuple(scopes)
        if self.stand_in is not None:
            return self.stand_in.token_for(wanted, self.clock())
        found = yield from self._desk.found(request)
        if found is None:
            said = OAuthError(error="login_required", claims=claims)
            raise InteractionRequired("Nobody is signed in", said, scopes=wanted, advice="Sign in.")
        return (yield from token_for(self._desk, found, wanted, claims, force=force))

    def api(self, name: str) -> Api:
        """Of the settings.  Raises BadSettings."""
        found = self.settings.apis.get(name)
        if found is None:
            raise BadSettings(f"No API is called {name!r}", advice=f"Name it in apis; there are: {self._api_names()}.")
        return found

    def call(self, request: Request, api: Api, asked: ApiRequest) -> Flow[ApiReply]:
        """Call an API in the name of whoever is signed in.  Raises InteractionRequired, Unreachable, BadSettings."""
        return call_api(api, asked, lambda scopes, claims: self.token_for(request, scopes, claims))

    def _api_names(self) -> str:
        return ", ".join(sorted(self.settings.apis)) or "none"

    # ---- tests ----

    @contextmanager
    def as_user(self, stand_in: StandIn) -> Generator[User]:
        """Meanwhile every request is theirs: for an application's own tests, where no browser signs in."""
        before, self.stand_in = self.stand_in, stand_in
        try:
            yield stand_in.user
        finally:
            self.stand_in = before

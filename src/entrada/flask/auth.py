"""`Entrada`: sign people in to a Flask application.  The words are those of `entrada.fastapi` and `entrada.django`."""

from collections.abc import Callable, Collection, Generator, Iterable
from contextlib import ExitStack, contextmanager
from functools import partial
from typing import Final, ParamSpec, cast, overload

import flask
from attrs import define, field
from werkzeug.local import LocalProxy

from entrada.client.driver import Send, clock, entropy
from entrada.client.errors import BadSettings, EntradaError
from entrada.client.web_sign_in.api_client import ApiSession
from entrada.client.web_sign_in.downstream import ApiReply, ApiRequest
from entrada.client.web_sign_in.error_pages import MakePage
from entrada.client.web_sign_in.guard import Needs
from entrada.client.web_sign_in.hands import Hands
from entrada.client.web_sign_in.sessions.memory import MemorySessions
from entrada.client.web_sign_in.sessions.port import SessionStore
from entrada.client.web_sign_in.site import ROUTES, Site
from entrada.client.web_sign_in.stand_in import stand_in
from entrada.client.web_sign_in.user import User
from entrada.client.web_sign_in.web_settings import Api, WebSettings
from entrada.core.jose.numeric_date import NumericDate, Seconds
from entrada.flask.exchange import answer_of, with_form
from entrada.flask.guarded import Guarded, View, guarded
from entrada.flask.running import Running, install, page, running, this_request

P = ParamSpec("P")
_SETTINGS: Final = "ENTRADA"  # of `app.config`

current_user = cast("User | None", LocalProxy(lambda: running().user()))
"""Who sent the request.  A proxy: ask `if current_user`, since `is None` is never true of it."""


@define(eq=False)
class Entrada:
    """*settings*, or each application's own in `app.config["ENTRADA"]`; one object may serve several applications."""

    settings: WebSettings | None = None
    sessions: SessionStore | None = field(default=None, kw_only=True)  # None: in the memory of the process
    page: MakePage = field(default=page, kw_only=True, repr=False)  # of what people see when something goes wrong
    send: Send | None = field(default=None, kw_only=True, repr=False)  # for tests, as clock and entropy are
    clock: Callable[[], NumericDate] = field(default=clock, kw_only=True, repr=False)
    entropy: Callable[[int], bytes] = field(default=entropy, kw_only=True, repr=False)
    _running: list[Running] = field(factory=list[Running], init=False, repr=False)

    def init_app(self, app: flask.Flask) -> None:
        """Raises BadSettings."""
        settings = self.settings or cast("dict[str, object]", app.config).get(_SETTINGS)
        if not isinstance(settings, WebSettings):
            raise BadSettings("The sign-in has no settings", advice=f"Give Entrada or app.config[{_SETTINGS!r}] some.")
        store = self.sessions if self.sessions is not None else MemorySessions()
        site = Site(settings, clock=self.clock, entropy=self.entropy, store=store, page=self.page)
        made = Running(site, Hands(settings, self.clock, self.entropy, self.send))
        self._running.append(made)
        install(app, made)
        app.register_blueprint(_blueprint(settings.prefix))
        app.register_error_handler(EntradaError, _failed)
        app.context_processor(lambda: {"current_user": current_user})

    def close(self) -> None:
        """The connections to the authority; they are opened again when they are needed."""
        for one in self._running:
            one.hands.close()

    @overload
    def login_required(self, view: View[P], /) -> Guarded[P]: ...

    @overload
    def login_required(
        self,
        view: None = None,
        /,
        *,
        roles: Collection[str] = (),
        scopes: Collection[str] = (),
        groups: Collection[str] = (),
        any_of: bool = False,
        acr: str | None = None,
        max_age: int | None = None,
    ) -> Callable[[View[P]], Guarded[P]]: ...

    def login_required(
        self,
        view: View[P] | None = None,
        /,
        *,
        roles: Collection[str] = (),
        scopes: Collection[str] = (),
        groups: Collection[str] = (),
        any_of: bool = False,
        acr: str | None = None,
        max_age: int | None = None,
    ) -> Guarded[P] | Callable[[View[P]], Guarded[P]]:
        """For people who are signed in and may: all *roles* and *groups* are needed, or *any_of* them.

        Browsers are sent to sign in and come back; scripts get 401 as JSON.  Stands below `@app.route`.
        """
        age = Seconds(max_age) if max_age is not None else None
        needs = Needs(roles=roles, scopes=scopes, groups=groups, any_of=any_of, acr=acr, max_age=age)
        return guarded(view, needs) if view is not None else partial(guarded, needs=needs)

    def user(self) -> User | None:
        """Who sent the request."""
        return running().user()

    def csrf(self) -> str:
        """For the hidden field `csrf` of a form that posts to `logout`, or to a view that asks `is_ours`."""
        return running().site.csrf(this_request())

    def is_ours(self) -> bool:
        """Was this form posted by a page of this application?  It reads the form."""
        return running().site.is_ours(with_form(flask.request))

    def token(self, *scopes: str, claims: str | None = None, force: bool = False) -> str:
        """An access token of theirs; *claims* are a challenge of the API, as JSON; *force*: a new one in any case.

        Raises InteractionRequired: let through, it sends them to consent and back.
        """
        here = running()
        return here.run(here.site.token_for(this_request(), scopes, claims, force=force)).value

    def api(self, base_url: str, scopes: Iterable[str]) -> ApiSession:
        """A client of that API in the name of whoever asks."""
        return ApiSession(partial(_called, Api(base_url=base_url, scopes=tuple(scopes))))

    def session(self, name: str) -> ApiSession:
        """Of an API that the settings name.  Raises BadSettings."""
        return ApiSession(partial(_called, running().site.api(name)))

    @contextmanager
    def as_user(
        self,
        *,
        name: str = "Test User",
        username: str = "test@example.com",
        roles: Iterable[str] = (),
        scopes: Iterable[str] = (),
        groups: Iterable[str] | None = (),
        token: str = "a-token-of-a-test",
    ) -> Generator[User]:
        """For tests: meanwhile every request is theirs.  *groups*: None is somebody in too many for a token."""
        made = stand_in(name=name, username=username, roles=roles, scopes=scopes, groups=groups, token=token)
        with ExitStack() as stack:
            for one in self._running:
                stack.enter_context(one.site.as_user(made))
            yield made.user


def _blueprint(prefix: str) -> flask.Blueprint:
    made = flask.Blueprint("entrada", __name__, url_prefix=prefix)
    for name, methods in ROUTES.items():
        made.add_url_rule(f"/{name}", name.replace("-", "_"), partial(_answered, name), methods=methods)
    return made


def _answered(name: str) -> flask.Response:
    here = running()
    return answer_of(here.run(here.site.answer(name, with_form(flask.request))))


def _failed(failure: EntradaError) -> flask.Response:
    here = running()
    return answer_of(here.run(here.site.failed(this_request(), failure)))


def _called(api: Api, asked: ApiRequest) -> ApiReply:
    here = running()
    return here.run(here.site.call(this_request(), api, asked))

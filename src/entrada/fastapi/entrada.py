"""Sign people in to a FastAPI or Starlette application.

    auth = Entrada(settings)
    auth.install(app)

    @app.get("/reports")
    async def reports(user: CurrentUser) -> ...

What happens is decided in `client.web_sign_in.site`; here are the shapes that read naturally in this framework.
"""

from collections.abc import Awaitable, Callable, Collection, Generator, Iterable
from contextlib import contextmanager
from functools import partial
from typing import Any, Final, TypeVar, cast

from attrs import evolve
from fastapi import Depends
from starlette.applications import Starlette
from starlette.exceptions import WebSocketException
from starlette.requests import HTTPConnection, Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route
from starlette.websockets import WebSocket

from entrada.client.api_protection.asgi import POLICY_VIOLATION
from entrada.client.driver import SendAsync, clock, entropy
from entrada.client.errors import EntradaError
from entrada.client.flow import Flow
from entrada.client.web_sign_in import exchange
from entrada.client.web_sign_in.api_client import ApiClient
from entrada.client.web_sign_in.downstream import ApiReply, ApiRequest
from entrada.client.web_sign_in.error_pages import MakePage, make_page
from entrada.client.web_sign_in.guard import NOTHING, Needs
from entrada.client.web_sign_in.hands import AsyncHands
from entrada.client.web_sign_in.sessions.memory import MemorySessions
from entrada.client.web_sign_in.sessions.port import SessionStore
from entrada.client.web_sign_in.site import ROUTES, Site
from entrada.client.web_sign_in.stand_in import stand_in
from entrada.client.web_sign_in.user import User
from entrada.client.web_sign_in.web_settings import Api, WebSettings
from entrada.core.jose.numeric_date import NumericDate, Seconds
from entrada.fastapi.current import NoteCurrent, current
from entrada.fastapi.exchange import answer_of, form_of_view, posted_form, request_of

T = TypeVar("T")
_HANDLERS: Final = "starlette.exception_handlers"  # in a scope: what the application knows how to answer


class Answered(Exception):
    """The sign-in answers instead of the view; `install` sees to it."""

    def __init__(self, answer: exchange.Response) -> None:
        super().__init__(f"The sign-in answers with {answer.status}.")
        self.answer = answer


class Entrada:
    """One for the life of the application.  Raises BadSettings and BadCredential.

    *sessions*: memory, unless another is given; of several processes they must share one.  *page* makes the pages that
    people see when something goes wrong.  *send*, *clock* and *entropy* are for tests.
    """

    def __init__(
        self,
        settings: WebSettings,
        *,
        sessions: SessionStore | None = None,
        page: MakePage = make_page,
        send: SendAsync | None = None,
        clock: Callable[[], NumericDate] = clock,
        entropy: Callable[[int], bytes] = entropy,
    ) -> None:
        store = sessions if sessions is not None else MemorySessions()
        self.site = Site(settings, store=store, page=page, clock=clock, entropy=entropy)
        self._hands = AsyncHands(settings, clock, entropy, send)

    def install(self, app: Starlette) -> None:
        """The routes below `settings.prefix`, before the application's own, and what answers for its views."""
        app.router.routes[:0] = self.routes()
        app.add_exception_handler(Answered, self._answered)
        app.add_exception_handler(EntradaError, self._failed)
        app.add_middleware(NoteCurrent, auth=self)

    def routes(self) -> list[BaseRoute]:
        prefix = self.site.settings.prefix
        return [
            Route(
                f"{prefix}/{name}",
                partial(self._route, name),
                methods=list(methods),
                name=f"entrada.{name}",
                include_in_schema=False,
            )
            for name, methods in ROUTES.items()
        ]

    async def close(self) -> None:
        """The connections of the running event loop, as at the end of a lifespan."""
        await self._hands.close()

    # ---- who is there ----

    async def user(self, connection: HTTPConnection) -> User | None:
        self._tell(connection)
        return await self._run(self.site.user_of(request_of(connection)))

    async def required(self, connection: HTTPConnection, needs: Needs = NOTHING) -> User:
        """Raises Answered where they may not, or not yet; of a websocket, what closes it with 1008."""
        self._tell(connection)
        asked = request_of(connection)
        if connection.scope["type"] == "websocket":
            seen = await self._run(self.site.socket_user(asked, needs))
            if seen is None:
                raise WebSocketException(POLICY_VIOLATION, "Sign in")
            return seen
        found = await self._run(self.site.require(asked, needs))
        if isinstance(found, exchange.Response):
            raise Answered(found)
        return found

    def require(
        self,
        *,
        roles: Collection[str] = (),
        scopes: Collection[str] = (),
        groups: Collection[str] = (),
        any_of: bool = False,
        acr: str | None = None,
        max_age: int | None = None,
    ) -> Callable[[HTTPConnection], Awaitable[User]]:
        """A dependency: `Depends(auth.require(roles={"Admin"}))`.  All are needed, or *any_of* them."""
        needs = Needs(
            roles=roles,
            scopes=scopes,
            groups=groups,
            any_of=any_of,
            acr=acr,
            max_age=None if max_age is None else Seconds(max_age),
        )

        async def required(connection: HTTPConnection) -> User:
            return await self.required(connection, needs)

        return required

    # ---- forms ----

    def csrf(self, request: Request) -> str:
        """For the hidden field `csrf` of a form that posts to `logout`, or to a view that asks `is_ours`."""
        return self.site.csrf(request_of(request))

    async def is_ours(self, request: Request) -> bool:
        """Was it posted by a page of this application?  It reads the form, where the browser does not say enough."""
        plain = request_of(request)
        return self.site.is_ours(plain) or self.site.is_ours(evolve(plain, form=await form_of_view(request)))

    # ---- their tokens ----

    async def token(self, *scopes: str, claims: str | None = None, force: bool = False) -> str:
        """An access token of whoever asks; *force*: a new one, however good the old.

        Raises InteractionRequired, which becomes the way to consent and back.
        """
        asked = request_of(current().connection)
        return (await self._run(self.site.token_for(asked, scopes, claims, force=force))).value

    def api(self, base_url: str, scopes: Iterable[str]) -> ApiClient:
        """For a view: a client of that API in the name of whoever asks."""
        return self._client(Api(base_url=base_url, scopes=tuple(scopes)))

    def client(self, name: str) -> Any:
        """A dependency, for an API of the settings: `graph: Annotated[ApiClient, auth.client("graph")]`.

        Raises BadSettings.
        """
        api = self.site.api(name)

        def client() -> ApiClient:
            return self._client(api)

        return Depends(client)

    def _client(self, api: Api) -> ApiClient:
        async def call(asked: ApiRequest) -> ApiReply:
            return await self._run(self.site.call(request_of(current().connection), api, asked))

        return ApiClient(call)

    # ---- tests ----

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
        """Meanwhile every request is theirs, in tests of an application.  *groups*: None is too many for a token."""
        one = stand_in(name=name, username=username, roles=roles, scopes=scopes, groups=groups, token=token)
        with self.site.as_user(one) as user:
            yield user

    # ---- answers ----

    async def _route(self, name: str, request: Request) -> Response:
        asked = evolve(request_of(request), form=await posted_form(request))
        return answer_of(await self._run(self.site.answer(name, asked)))

    async def _answered(self, _: Request, error: Exception) -> Response:
        return answer_of(cast("Answered", error).answer)

    async def _failed(self, connection: Any, error: Exception) -> Any:
        """Of a request, or of a websocket, which can be told in its closing alone."""
        if isinstance(connection, WebSocket):
            await connection.close(POLICY_VIOLATION)
            return None
        return answer_of(await self._run(self.site.failed(request_of(connection), cast("EntradaError", error))))

    def _tell(self, connection: HTTPConnection) -> None:
        """An application that is mounted below ours answers for itself, and must know how."""
        known: tuple[dict[Any, Any], object] | None = connection.scope.get(_HANDLERS)
        if known is not None:
            known[0].setdefault(Answered, self._answered)
            known[0].setdefault(EntradaError, self._failed)

    async def _run(self, flow: Flow[T]) -> T:
        return await self._hands.run(flow)

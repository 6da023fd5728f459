"""The application under test, made with FastAPI."""

import asyncio
import threading
from collections.abc import Coroutine
from typing import Annotated, Any

from attrs import define, field
from fastapi import Depends, FastAPI
from fastapi.responses import PlainTextResponse

from entrada.client.web_sign_in.sessions.memory import MemorySessions
from entrada.client.web_sign_in.sessions.port import SessionStore
from entrada.fastapi import ApiClient, CurrentUser, Entrada, User
from tests.web_sign_in import asgi_calls
from tests.web_sign_in.app_under_test import Asked, Seen
from tests.web_sign_in.authority import WRITE
from tests.web_sign_in.world import Making


def application(making):
    async def send(call):
        await asyncio.sleep(0)  # as a network would, it lets others go on
        return making.call(call)

    app = FastAPI(default_response_class=PlainTextResponse)
    auth = Entrada(making.settings, sessions=making.store, send=send, clock=making.clock)
    auth.install(app)
    add_pages(app, auth)
    add_calls(app, auth)
    return app


def add_pages(app, auth):
    @app.get("/")
    async def home(user: CurrentUser | None):
        return user.name if user is not None else "nobody"

    @app.get("/reports")
    async def reports(user: CurrentUser):
        return user.name

    @app.get("/admin")
    async def admin(user: Annotated[User, Depends(auth.require(roles={"Admin"}))]):
        return user.name

    @app.get("/writers")
    async def writers(user: Annotated[User, Depends(auth.require(scopes={WRITE}))]):
        return "ink"

    @app.get("/vault")
    async def vault(user: Annotated[User, Depends(auth.require(max_age=600))]):
        return "gold"

    @app.get("/groups")
    async def groups(user: CurrentUser):
        return "unknown" if user.known_groups is None else " ".join(sorted(user.known_groups))


def add_calls(app, auth):
    @app.get("/colors")
    async def colors(user: CurrentUser, api: Annotated[ApiClient, auth.client("colors")]):
        told: Any = (await api.get("colors")).json()
        return ", ".join(told["colors"])

    @app.post("/paint")
    async def paint(user: CurrentUser, api: Annotated[ApiClient, auth.client("colors")]):
        await api.post("paint", json={})
        return "painted"


@define
class FastApiUnderTest:
    """In one event loop for the application's life, as a server has it."""

    app: FastAPI
    loop: asyncio.AbstractEventLoop = field(factory=asyncio.new_event_loop)
    thread: threading.Thread = field(init=False)

    def __attrs_post_init__(self) -> None:
        self.thread = threading.Thread(target=self.loop.run_forever)
        self.thread.start()

    def send(self, asked: Asked) -> Seen:
        return self._done(asgi_calls.sent(self.app, asked))

    def send_together(self, asked: list[Asked]) -> list[Seen]:
        async def together() -> list[Seen]:
            return await asyncio.gather(*(asgi_calls.sent(self.app, one) for one in asked))

        return self._done(together())

    def close(self) -> None:
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join()
        self.loop.close()

    def _done(self, work: Coroutine[Any, Any, Any]) -> Any:
        return asyncio.run_coroutine_threadsafe(work, self.loop).result()


class FastApiMaker:
    def store(self) -> SessionStore:
        return MemorySessions()

    def make(self, making: Making) -> FastApiUnderTest:
        return FastApiUnderTest(application(making))

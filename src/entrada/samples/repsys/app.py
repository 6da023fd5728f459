"""repsys on FastAPI: what a web application has to write that signs people in with `entrada.fastapi`.

OpenID Connect Core 1.0 §3.1, RP-Initiated Logout 1.0 and Front-Channel Logout 1.0 are all in `auth.install`.
"""

from collections.abc import AsyncGenerator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Annotated

from fastapi import FastAPI, HTTPException, Request
from starlette.responses import HTMLResponse, RedirectResponse
from starlette.staticfiles import StaticFiles

from entrada.fastapi import ApiClient, CurrentUser, Entrada
from entrada.samples.repsys.pages import STATIC, Pages
from entrada.samples.repsys.reading import read_colors, read_mail
from entrada.samples.repsys.settings import GRAPH_SCOPES, RepsysSettings


def application(settings: RepsysSettings, entropy: Callable[[int], bytes], auth: Entrada | None = None) -> FastAPI:
    """*auth*: in tests, one that acts as its people."""
    pages = Pages()
    auth = auth or Entrada(settings.for_sign_in(), page=pages.of_sign_in, entropy=entropy)
    app = FastAPI(openapi_url=None, lifespan=_closing(auth))
    app.mount("/static", StaticFiles(directory=STATIC))
    _reports(app, auth, pages)
    auth.install(app)
    return app


def _closing(auth: Entrada) -> Callable[[FastAPI], AbstractAsyncContextManager[None]]:
    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncGenerator[None]:
        yield
        await auth.close()

    return lifespan


def _reports(app: FastAPI, auth: Entrada, pages: Pages) -> None:
    def page(name: str, request: Request, user: CurrentUser | None, **context: object) -> HTMLResponse:
        return pages.answer(name, user=user, csrf=auth.csrf(request), **context)

    @app.get("/")
    async def home(
        request: Request, user: CurrentUser | None, graph: Annotated[ApiClient, auth.client("graph")]
    ) -> HTMLResponse:
        if user is None:
            return page("welcome.html", request, None)
        claims = sorted((name, str(value)) for name, value in user.claims.items())
        return page("home.html", request, user, claims=claims, mail=await read_mail(graph))

    @app.get("/colors")
    async def colors(
        request: Request, user: CurrentUser, api: Annotated[ApiClient, auth.client("colors")]
    ) -> HTMLResponse:
        """Whoever opens it for the first time is asked whether repsys may read colors, and comes back."""
        return page("colors.html", request, user, colors=await read_colors(api))

    @app.post("/auth/refresh")
    async def refresh(request: Request, user: CurrentUser) -> RedirectResponse:
        """A new access token now; ordinarily it is renewed by itself when the old one has expired."""
        if not await auth.is_ours(request):
            raise HTTPException(403, "That did not come from a page of repsys.")
        await auth.token(*GRAPH_SCOPES, force=True)
        return RedirectResponse("/", 303)

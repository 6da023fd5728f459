"""The routes of the Colors API, and what each asks of its caller."""

from collections.abc import Callable
from typing import Annotated, Any

from fastapi import FastAPI, HTTPException, Path, Security
from starlette.middleware.cors import CORSMiddleware
from starlette.types import ASGIApp, Receive, Scope, Send

from entrada.client.api_protection.asgi import BodyLimit
from entrada.client.authority import entra_authority
from entrada.client.settings import Settings
from entrada.fastapi.api import BearerAuth, Principal
from entrada.samples.colors.documentation import documentation
from entrada.samples.colors.palette import Paint, Palette, PaletteFull
from entrada.samples.colors.settings import ColorsSettings
from entrada.samples.colors.wire import Color, Colors, Washed

_SCOPES = {"Colors.Read": "Read colors", "Colors.Write": "Mix colors"}
_REFUSED: dict[int | str, dict[str, Any]] = {
    401: {"description": "No access token, or none for this API; WWW-Authenticate says which."},
    403: {"description": "The access token does not reach this far."},
}
_LARGEST = 16_384  # bytes of a body; a color has some thirty
_NAME = Path(examples=["crimson"])


def application(settings: ColorsSettings, entropy: Callable[[int], bytes], api: BearerAuth | None = None) -> FastAPI:
    """*api*: in tests, one that acts as its callers."""
    api = api or bearer_auth(settings)
    app = FastAPI(
        title="Colors API",
        summary="Colors, for those who may see them.",
        version="1.0",
        docs_url=None,  # the built-in page loads its scripts from somebody else's host
        redoc_url=None,
        responses=_REFUSED,
        generate_unique_id_function=lambda route: route.name,
    )
    _colors(app, api, Palette(), entropy)
    documentation(app, settings, api.init_oauth(settings.spa_client_id, scopes="Colors.Read"))
    app.add_middleware(
        CORSMiddleware,
        allow_origin_regex=settings.spa_origins,
        allow_methods=["GET", "POST"],
        allow_headers=["Authorization", "Content-Type"],
        expose_headers=["WWW-Authenticate"],
    )
    app.add_middleware(BodyLimit, largest=_LARGEST)  # FastAPI reads a body before it asks for the token
    if settings.root_path:
        app.add_middleware(Below, prefix=settings.root_path)
    return app


class Below:
    """Behind a proxy that takes *prefix* off the path: links and the description name it again."""

    def __init__(self, app: ASGIApp, prefix: str) -> None:
        self._app, self._prefix = app, prefix

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            scope = {**scope, "root_path": self._prefix, "path": self._prefix + scope["path"]}
        await self._app(scope, receive, send)


def bearer_auth(settings: ColorsSettings) -> BearerAuth:
    told = Settings(
        authority=entra_authority(settings.authority), client_id=settings.client_id, ca_file=settings.ca_file
    )
    return BearerAuth(told, scopes=_SCOPES)


def _colors(app: FastAPI, api: BearerAuth, palette: Palette, entropy: Callable[[int], bytes]) -> None:
    reader = Security(api.needs(roles="Colors.ReadAll"), scopes=["Colors.Read"])
    writer = Security(api, scopes=["Colors.Write"])
    painter = Security(api.needs(roles="Painter"))

    @app.get("/colors", summary="Every color")
    async def list_colors(caller: Annotated[Principal, reader]) -> Colors:
        """For people with the scope Colors.Read, and for applications with the role Colors.ReadAll."""
        return Colors(colors=[_wire(paint) for paint in palette.all()])

    @app.get("/colors/random", summary="One color, whichever")
    async def random_color(caller: Annotated[Principal, reader]) -> Color:
        return _wire(palette.random(entropy))

    @app.get("/colors/{name}", summary="One color", responses={404: {"description": "There is none of that name."}})
    async def get_color(caller: Annotated[Principal, reader], name: Annotated[str, _NAME]) -> Color:
        paint = palette.find(name)
        if paint is None:
            raise HTTPException(404, "There is no color of that name.")
        return _wire(paint)

    @app.post(
        "/colors", status_code=201, summary="Mix a color", responses={409: {"description": "There is one already."}}
    )
    async def create_color(caller: Annotated[Principal, writer], color: Color) -> Color:
        """For people with the scope Colors.Write, which an administrator grants."""
        try:
            mixed = palette.mix(Paint(color.name, color.hex))
        except PaletteFull:
            raise HTTPException(507, "The palette is full. Have a painter wash it.") from None
        if not mixed:
            raise HTTPException(409, "There is a color of that name already.")
        return color

    @app.post("/admin/wash", summary="Remove what was mixed")
    async def wash(caller: Annotated[Principal, painter]) -> Washed:
        """For whoever has the app role Painter, a person or an application."""
        return Washed(removed=palette.wash())


def _wire(paint: Paint) -> Color:
    return Color(name=paint.name, hex=paint.hex)

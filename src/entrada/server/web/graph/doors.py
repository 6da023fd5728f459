"""Where Graph is reached; what answers is loaded with the first request, since a sign-in needs none of it."""

from typing import ClassVar, Final

from starlette.convertors import Convertor, register_url_convertor
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from entrada.server.web.http.site import Site

_ROOT: Final = "/v1.0"
_METHODS: Final = ("GET", "POST", "PATCH", "PUT", "DELETE", "OPTIONS")


class _Anything(Convertor[str]):
    """Starlette's own `path` ends at a line break, and a path with one would be answered by nobody."""

    regex: ClassVar[str] = r"[\s\S]*"

    def convert(self, value: str) -> str:
        return value

    def to_string(self, value: str) -> str:
        return value


register_url_convertor("anything", _Anything())


def routes(site: Site) -> list[BaseRoute]:
    async def description(_request: Request) -> Response:
        from entrada.server.web.graph import over_http  # noqa: PLC0415

        return over_http.description(site)

    async def metadata(_request: Request) -> Response:
        from entrada.server.web.graph import over_http  # noqa: PLC0415

        return over_http.metadata()

    async def batch(request: Request) -> Response:
        from entrada.server.web.graph import over_http  # noqa: PLC0415

        return await over_http.batched(site, request)

    async def everything(request: Request) -> Response:
        from entrada.server.web.graph import over_http  # noqa: PLC0415

        return await over_http.answered(site, request)

    async def elsewhere(request: Request) -> Response:
        request.path_params["path"] = f"users/{request.path_params['user']}/getMemberObjects"
        return await everything(request)

    return [
        Route(f"{_ROOT}/openapi.json", description, methods=["GET"]),
        Route(f"{_ROOT}/$metadata", metadata, methods=["GET"]),
        Route(f"{_ROOT}/$batch", batch, methods=list(_METHODS)),
        Route(f"{_ROOT}/{{path:anything}}", everything, methods=list(_METHODS)),
        # As `_claim_sources` of a token spells it.
        Route("/{tenant}/users/{user}/getMemberObjects", elsewhere, methods=["POST", "OPTIONS"]),
    ]

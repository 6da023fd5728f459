"""Where the admin API of the gateway is reached; what answers is loaded with the first request."""

from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from entrada.server.web.http.site import Site

ROOT: Final = "/gateway/v1"
_METHODS: Final = ("GET", "POST", "PATCH", "PUT", "DELETE", "OPTIONS")


def routes(site: Site) -> list[BaseRoute]:
    async def description(_request: Request) -> Response:
        from entrada.server.web.gateway_admin import over_http  # noqa: PLC0415

        return over_http.description(site)

    async def everything(request: Request) -> Response:
        from entrada.server.web.gateway_admin import over_http  # noqa: PLC0415

        return await over_http.answered(site, request)

    return [
        Route(f"{ROOT}/openapi.json", description, methods=["GET"]),
        Route(f"{ROOT}/{{path:path}}", everything, methods=list(_METHODS)),
    ]

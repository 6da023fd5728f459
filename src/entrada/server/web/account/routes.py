"""The account site's paths."""

from collections.abc import Awaitable, Callable

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from entrada.server.web.account import overview, password, second_factor, sessions
from entrada.server.web.http.site import Site

_GET = ["GET"]
_POST = ["POST"]


def routes(site: Site) -> list[BaseRoute]:
    # fmt: off
    return [
        _route(site, "/account",                overview.show,            _GET),
        _route(site, "/account/ended",          overview.ended,           _GET),
        _route(site, "/account/sessions",       sessions.end_one,         _POST),
        _route(site, "/account/everywhere",     sessions.end_all,         _POST),
        _route(site, "/account/consents",       sessions.take_back,       _POST),
        _route(site, "/account/password",       password.show,            _GET),
        _route(site, "/account/password",       password.change,          _POST),
        _route(site, "/account/recovery-codes", second_factor.renew,      _POST),
        _route(site, "/account/authenticator",  second_factor.remove,     _POST),
    ]
    # fmt: on


Endpoint = Callable[[Site, Request], Awaitable[Response]]


def _route(site: Site, path: str, endpoint: Endpoint, methods: list[str]) -> Route:
    async def answer(request: Request) -> Response:
        return await endpoint(site, request)

    return Route(path, answer, methods=methods)

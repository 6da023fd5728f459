"""Who may come in: a request to Graph with its bearer token, its permissions, and CORS.  Reference section 38."""

from collections.abc import Awaitable, Callable, Collection
from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from entrada.server.web.by_token.bearer import Caller, Unauthenticated, WithoutUser, authenticate
from entrada.server.web.graph.graph_error import graph_error
from entrada.server.web.http.json_answer import NO_STORE, json_answer
from entrada.server.web.http.site import Site

Handler = Callable[[Site, Request, Caller], Awaitable[Response]]
HandlerForAnybody = Callable[[Site, Request, Caller | WithoutUser], Awaitable[Response]]

_CORS: Final = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Allow-Methods": "GET, POST, OPTIONS",
    "Access-Control-Allow-Headers": "authorization, content-type, client-request-id, sdkversion, consistencylevel",
    "Access-Control-Expose-Headers": "request-id, client-request-id",
}


def route(site: Site, path: str, methods: Collection[str], handler: HandlerForAnybody) -> Route:
    """For users and applications alike; *handler* asks what they may."""

    async def answer(request: Request) -> Response:
        if request.method == "OPTIONS":
            return Response(status_code=204, headers=_CORS)
        caller = await authenticate(site.here, request)
        if isinstance(caller, Unauthenticated):
            return graph_error(site, request, 401, "InvalidAuthenticationToken", caller.message)
        return await handler(site, request, caller)

    return Route(path, answer, methods=[*methods, "OPTIONS"])


def users_route(site: Site, path: str, methods: Collection[str], any_of: Collection[str], handler: Handler) -> Route:
    """For somebody who is signed in, with one of the scopes *any_of*."""

    async def answer(site: Site, request: Request, caller: Caller | WithoutUser) -> Response:
        if isinstance(caller, WithoutUser):
            message = "An application's own token speaks for no user: this request needs somebody who is signed in."
            return graph_error(site, request, 403, "Authorization_RequestDenied", message)
        if caller.scopes.isdisjoint(any_of):
            return insufficient(site, request, any_of)
        return await handler(site, request, caller)

    return route(site, path, methods, answer)


def insufficient(site: Site, request: Request, any_of: Collection[str]) -> Response:
    message = f"Insufficient privileges: the token needs one of {', '.join(sorted(any_of))}."
    return graph_error(site, request, 403, "Authorization_RequestDenied", message)


def answered(members: object) -> Response:
    return json_answer(members, headers={**NO_STORE, **_CORS})

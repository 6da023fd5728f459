"""What becomes of a surprise: an answer with a trace id, and a log line that it leads to.  Never a traceback."""

from collections.abc import Awaitable, Callable
from typing import Final

from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from entrada.core.errors import catalogue as why
from entrada.core.errors.reason import Refusal
from entrada.core.protocol.error_fields import Trace
from entrada.server.store.port import StoreContended, StoreUnavailable
from entrada.server.usecases.installation import TooBusy
from entrada.server.web.http import decision_log
from entrada.server.web.http.answer import answer_refusal
from entrada.server.web.http.site import Site
from entrada.server.web.http.trace import trace_of

PASSING: Final = (StoreUnavailable, StoreContended, TooBusy)
_NOT_FOUND: Final = 404
_ADVICE: Final = "Check the address: it leads to no page and no endpoint of this server."


class Faults:
    """Outside of every route, and inside of what Starlette would answer by itself."""

    def __init__(self, app: ASGIApp, site: Site) -> None:
        self._app, self._site = app, site

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        await self._guard(scope, receive, send)

    async def _guard(self, scope: Scope, receive: Receive, send: Send) -> None:
        started = False

        async def watched(message: Message) -> None:
            nonlocal started
            started = True
            await send(message)

        try:
            await self._app(scope, receive, watched)
        except ClientDisconnect:
            return  # whoever asked has gone: there is nobody to answer, and nothing is wrong here
        except Exception as error:  # noqa: BLE001 - the last one to catch it
            request = Request(scope)
            trace = trace_of(self._site.here, request)
            _log(trace, error)
            if not started:
                await _answer(self._site, request, trace, error)(scope, receive, send)


def _log(trace: Trace, error: Exception) -> None:
    if isinstance(error, PASSING):
        # One line: while a database is away every request says so, and no traceback says more.
        decision_log.unavailable("request", trace, error)
    else:
        decision_log.failed("request", trace, error)


def _answer(site: Site, request: Request, trace: Trace, error: Exception) -> Response:
    passing = isinstance(error, PASSING)
    refusal = Refusal(why.TEMPORARILY_UNAVAILABLE if passing else why.SERVER_FAULT)
    answer = answer_refusal(site, request, trace, refusal, "Something went wrong")
    if passing:
        answer.headers["Retry-After"] = "2"
    return answer


def unrouted(site: Site) -> Callable[[Request, Exception], Awaitable[Response]]:
    """404 and 405 of paths that nobody registered."""

    async def answer(request: Request, error: Exception) -> Response:
        if not isinstance(error, HTTPException):
            raise error
        if error.status_code == _NOT_FOUND and "text/html" in request.headers.get("accept", ""):
            context = {"heading": "There is nothing here", "message": _ADVICE, "link": "/"}
            return site.pages.render("done.html", context, status=_NOT_FOUND)
        return PlainTextResponse(f"{error.status_code} {error.detail}\n", error.status_code, error.headers)

    return answer

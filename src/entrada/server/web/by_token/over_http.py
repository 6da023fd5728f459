"""An answer's way over HTTP: what is passing, what went wrong, which headers it has.  RFC 6750; section 38."""

from collections.abc import Awaitable, Callable, Collection, Mapping
from typing import Final

from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from entrada.core.directory.administration.problem import Problem
from entrada.core.protocol.error_fields import Trace
from entrada.server.store.port import StoreContended, StoreUnavailable
from entrada.server.usecases.installation import TooBusy
from entrada.server.web.by_token.asked import Answer
from entrada.server.web.by_token.bearer import Unauthenticated
from entrada.server.web.by_token.cors import CORS
from entrada.server.web.by_token.error_body import error_body
from entrada.server.web.by_token.read_body import LARGEST
from entrada.server.web.http import decision_log
from entrada.server.web.http.json_answer import NO_STORE, json_answer

_PASSING: Final = (StoreUnavailable, StoreContended, TooBusy)
_ABOUT: Final[Mapping[int, Mapping[str, str]]] = {
    401: {"WWW-Authenticate": 'Bearer realm="", error="invalid_token"'},
    413: {"Connection": "close"},  # the rest of the body is not read
    503: {"Retry-After": "2"},
}


async def guarded(site: str, ask: Callable[[], Awaitable[Answer | Problem]], trace: Trace) -> Answer | Problem:
    try:
        return await ask()
    except ClientDisconnect:
        raise
    except _PASSING as error:
        decision_log.unavailable(site, trace, error)
        return Problem(status=503, code="ServiceUnavailable", message="Try again in a moment; nothing was written.")
    except Exception as error:  # noqa: BLE001 - whatever it was, clients of this read errors of this form
        decision_log.failed(site, trace, error)
        message = "Something went wrong here. The log of this server tells what, under this request-id."
        return Problem(status=500, code="InternalServerError", message=message)


def finished(site: str, found: Answer | Problem, trace: Trace, methods: Callable[[], Collection[str]]) -> Response:
    """*methods* are those that the address takes."""
    response = _refused(site, found, trace, methods) if isinstance(found, Problem) else _response(found)
    response.headers["request-id"] = trace.trace_id
    response.headers["client-request-id"] = trace.correlation_id
    return response


def unauthenticated(caller: Unauthenticated) -> Problem:
    return Problem(status=401, code="InvalidAuthenticationToken", message=caller.message)


def headers_of(request: Request) -> Mapping[str, str]:
    """A header that is said twice is one list.  RFC 9110 §5.3."""
    found: dict[str, str] = {}
    for name, value in request.headers.items():
        found[name] = f"{found[name]}, {value}" if name in found else value
    return found


async def body_of(request: Request) -> bytes | None:
    """None: too large, of which no more is read."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > LARGEST:
            return None
    return bytes(body)


def _response(found: Answer) -> Response:
    headers = {**NO_STORE, **CORS, **found.headers}
    if found.body is None:
        return Response(status_code=found.status, headers=headers)
    if isinstance(found.body, str):
        return Response(found.body, found.status, headers, media_type="text/plain")
    return json_answer(found.body, found.status, headers)


def _refused(site: str, problem: Problem, trace: Trace, methods: Callable[[], Collection[str]]) -> Response:
    decision_log.told(site, problem.status, problem.code, problem.message, trace)
    response = json_answer(error_body(problem, trace), problem.status, {**NO_STORE, **CORS})
    response.headers.update(_ABOUT.get(problem.status, {}))
    if problem.status == 405:
        response.headers["Allow"] = ", ".join(_allowed(methods()))
    return response


def _allowed(methods: Collection[str]) -> list[str]:
    return sorted({*methods, "OPTIONS"} | ({"HEAD"} if "GET" in methods else set()))

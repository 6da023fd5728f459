"""Graph over HTTP: who asks, what they ask, and the answer with its headers.  RFC 6750; reference section 38."""

from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from typing import Final
from urllib.parse import parse_qsl

from attrs import evolve
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from entrada.core.directory.administration.problem import Problem
from entrada.core.protocol.error_fields import Trace
from entrada.server.store.port import StoreContended, StoreUnavailable
from entrada.server.usecases.installation import TooBusy
from entrada.server.web.graph.actor_of import actor_of
from entrada.server.web.graph.answer import answer, choose, methods_of
from entrada.server.web.graph.asked import Answer, Asked
from entrada.server.web.graph.batch import answer_batch
from entrada.server.web.graph.bearer import Unauthenticated, authenticate
from entrada.server.web.graph.cors import CORS
from entrada.server.web.graph.edmx import edmx
from entrada.server.web.graph.error_body import error_body
from entrada.server.web.graph.openapi import openapi
from entrada.server.web.graph.read_body import LARGEST, too_large
from entrada.server.web.graph.table import TABLE
from entrada.server.web.http import decision_log
from entrada.server.web.http.json_answer import NO_STORE, PUBLIC, json_answer
from entrada.server.web.http.site import Site
from entrada.server.web.http.trace import trace_of

_ANOTHER_TENANT: Final = "users/of another tenant/getMemberObjects"
_PASSING: Final = (StoreUnavailable, StoreContended, TooBusy)
_ABOUT: Final[Mapping[int, Mapping[str, str]]] = {
    401: {"WWW-Authenticate": 'Bearer realm="", error="invalid_token"'},
    413: {"Connection": "close"},  # the rest of the body is not read
    503: {"Retry-After": "2"},
}


def description(site: Site) -> Response:
    return json_answer(openapi(site.here.origin, TABLE), headers=PUBLIC)


def metadata() -> Response:
    return Response(edmx(TABLE), media_type="application/xml", headers=PUBLIC)


async def answered(site: Site, request: Request) -> Response:
    """One request."""
    trace = trace_of(site.here, request)

    async def asked_here() -> Answer | Problem:
        return await _found(site, request, trace, _asked(request), partial(_body, request))

    return _finished(request, await _guarded(asked_here, trace), trace)


async def batched(site: Site, request: Request) -> Response:
    """Several in one: each as if it came alone, with the token that came with all."""
    trace = trace_of(site.here, request)

    async def one(asked: Asked) -> Answer | Problem:
        async def asked_here() -> Answer | Problem:
            return await _found(site, request, trace, asked, partial(_same, asked.body))

        found = await _guarded(asked_here, trace)
        if isinstance(found, Problem):
            decision_log.told("graph", found.status, found.code, found.message, trace)
        return found

    async def all_of_them() -> Answer | Problem:
        if request.method == "OPTIONS":
            return Answer(status=204)
        if request.method != "POST":
            message = f"This address takes POST, not {request.method}."
            return Problem(status=405, code="MethodNotAllowed", message=message)
        caller = await authenticate(site.here, request)
        if isinstance(caller, Unauthenticated):
            return _unauthenticated(caller)
        body = await _body(request)
        if body is None:
            return too_large()
        asked = Asked(method="POST", path="$batch", headers=_headers(request), body=body)
        return await answer_batch(asked, one, trace)

    return _finished(request, await _guarded(all_of_them, trace), trace)


async def _guarded(ask: Callable[[], Awaitable[Answer | Problem]], trace: Trace) -> Answer | Problem:
    try:
        return await ask()
    except ClientDisconnect:
        raise
    except _PASSING as error:
        decision_log.unavailable("graph", trace, error)
        return Problem(status=503, code="ServiceUnavailable", message="Try again in a moment; nothing was written.")
    except Exception as error:  # noqa: BLE001 - whatever it was, Graph's clients read Graph's errors
        decision_log.failed("graph", trace, error)
        message = "Something went wrong here. The log of this server tells what, under this request-id."
        return Problem(status=500, code="InternalServerError", message=message)


def _finished(request: Request, found: Answer | Problem, trace: Trace) -> Response:
    response = _refused(request, found, trace) if isinstance(found, Problem) else _response(found)
    response.headers["request-id"] = trace.trace_id
    response.headers["client-request-id"] = trace.correlation_id
    return response


async def _found(
    site: Site, request: Request, trace: Trace, asked: Asked, read: Callable[[], Awaitable[bytes | None]]
) -> Answer | Problem:
    if asked.method == "OPTIONS":
        return Answer(status=204)
    row = choose(asked)
    if isinstance(row, Problem):
        return row
    caller = await authenticate(site.here, request)
    if isinstance(caller, Unauthenticated):
        return _unauthenticated(caller)
    if request.path_params.get("tenant", caller.tenant_id).lower() != caller.tenant_id:
        asked = evolve(asked, path=_ANOTHER_TENANT)  # whoever may read users learns that this one is not here
    if row.takes_body:
        body = await read()
        if body is None:
            return too_large()
        asked = evolve(asked, body=body)
    return await answer(site.here, actor_of(caller, request, trace), row, asked)


def _unauthenticated(caller: Unauthenticated) -> Problem:
    return Problem(status=401, code="InvalidAuthenticationToken", message=caller.message)


async def _same(body: bytes) -> bytes:
    return body


def _asked(request: Request) -> Asked:
    query = request.scope["query_string"].decode("ascii", "replace")
    return Asked(
        method=request.method,
        path=request.path_params["path"],
        query=tuple(parse_qsl(query, keep_blank_values=True, errors="replace")),
        headers=_headers(request),
    )


def _headers(request: Request) -> Mapping[str, str]:
    """A header that is said twice is one list.  RFC 9110 §5.3."""
    found: dict[str, str] = {}
    for name, value in request.headers.items():
        found[name] = f"{found[name]}, {value}" if name in found else value
    return found


async def _body(request: Request) -> bytes | None:
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


def _refused(request: Request, problem: Problem, trace: Trace) -> Response:
    decision_log.told("graph", problem.status, problem.code, problem.message, trace)
    response = json_answer(error_body(problem, trace), problem.status, {**NO_STORE, **CORS})
    response.headers.update(_ABOUT.get(problem.status, {}))
    if problem.status == 405:
        response.headers["Allow"] = ", ".join(_allowed(request))
    return response


def _allowed(request: Request) -> list[str]:
    path = request.path_params.get("path")
    methods = {"POST"} if path is None else set(methods_of(path))
    return sorted(methods | {"OPTIONS"} | ({"HEAD"} if "GET" in methods else set()))

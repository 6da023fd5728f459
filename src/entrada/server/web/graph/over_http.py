"""Graph over HTTP: who asks, what they ask, and the answer with its headers.  RFC 6750; reference section 38."""

from collections.abc import Awaitable, Callable, Collection
from functools import partial
from typing import Final
from urllib.parse import parse_qsl

from attrs import evolve
from starlette.requests import Request
from starlette.responses import Response

from entrada.core.directory.administration.problem import Problem
from entrada.core.protocol.error_fields import Trace
from entrada.server.web.by_token.actor_of import actor_of
from entrada.server.web.by_token.asked import Answer, Asked
from entrada.server.web.by_token.bearer import Unauthenticated, authenticate
from entrada.server.web.by_token.over_http import body_of, finished, guarded, headers_of, unauthenticated
from entrada.server.web.by_token.read_body import too_large
from entrada.server.web.graph.answer import answer, choose, methods_of
from entrada.server.web.graph.batch import answer_batch
from entrada.server.web.graph.edmx import edmx
from entrada.server.web.graph.openapi import openapi
from entrada.server.web.graph.table import TABLE
from entrada.server.web.http import decision_log
from entrada.server.web.http.json_answer import PUBLIC, json_answer
from entrada.server.web.http.site import Site
from entrada.server.web.http.trace import trace_of

_ANOTHER_TENANT: Final = "users/of another tenant/getMemberObjects"


def description(site: Site) -> Response:
    return json_answer(openapi(site.here.origin, TABLE), headers=PUBLIC)


def metadata() -> Response:
    return Response(edmx(TABLE), media_type="application/xml", headers=PUBLIC)


async def answered(site: Site, request: Request) -> Response:
    """One request."""
    trace = trace_of(site.here, request)

    async def asked_here() -> Answer | Problem:
        return await _found(site, request, trace, _asked(request), partial(body_of, request))

    return _finished(request, await guarded("graph", asked_here, trace), trace)


async def batched(site: Site, request: Request) -> Response:
    """Several in one: each as if it came alone, with the token that came with all."""
    trace = trace_of(site.here, request)

    async def one(asked: Asked) -> Answer | Problem:
        async def asked_here() -> Answer | Problem:
            return await _found(site, request, trace, asked, partial(_same, asked.body))

        found = await guarded("graph", asked_here, trace)
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
            return unauthenticated(caller)
        body = await body_of(request)
        if body is None:
            return too_large()
        asked = Asked(method="POST", path="$batch", headers=headers_of(request), body=body)
        return await answer_batch(asked, one, trace)

    return _finished(request, await guarded("graph", all_of_them, trace), trace)


def _finished(request: Request, found: Answer | Problem, trace: Trace) -> Response:
    return finished("graph", found, trace, lambda: _methods(request))


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
        return unauthenticated(caller)
    if request.path_params.get("tenant", caller.tenant_id).lower() != caller.tenant_id:
        asked = evolve(asked, path=_ANOTHER_TENANT)  # whoever may read users learns that this one is not here
    if row.takes_body:
        body = await read()
        if body is None:
            return too_large()
        asked = evolve(asked, body=body)
    return await answer(site.here, actor_of(caller, request, trace), row, asked)


async def _same(body: bytes) -> bytes:
    return body


def _asked(request: Request) -> Asked:
    query = request.scope["query_string"].decode("ascii", "replace")
    return Asked(
        method=request.method,
        path=request.path_params["path"],
        query=tuple(parse_qsl(query, keep_blank_values=True, errors="replace")),
        headers=headers_of(request),
    )


def _methods(request: Request) -> Collection[str]:
    path = request.path_params.get("path")
    return {"POST"} if path is None else methods_of(path)

"""The gateway's admin API over HTTP: who asks, what they ask, and the answer with its ETag.  RFC 6750; RFC 9110."""

from collections.abc import Mapping
from typing import Final
from urllib.parse import parse_qsl

from starlette.requests import Request
from starlette.responses import Response

from entrada.core.directory.administration.may import may
from entrada.core.directory.administration.problem import Problem
from entrada.core.protocol.error_fields import Trace
from entrada.server.web.by_token.actor_of import actor_of
from entrada.server.web.by_token.asked import Answer, Asked, Json
from entrada.server.web.by_token.bearer import Caller, Unauthenticated, WithoutUser, authenticate
from entrada.server.web.by_token.entity_tag import entity_tag, read_if_match
from entrada.server.web.by_token.over_http import body_of, finished, guarded, headers_of, unauthenticated
from entrada.server.web.by_token.read_body import read_body, too_large
from entrada.server.web.gateway_admin.openapi import openapi
from entrada.server.web.gateway_admin.row import Call, Done, One, Reply, Some
from entrada.server.web.gateway_admin.table import Chosen, choose, methods_of
from entrada.server.web.http.json_answer import PUBLIC, json_answer
from entrada.server.web.http.site import Site
from entrada.server.web.http.trace import trace_of

_SITE: Final = "gateway admin"


def description(site: Site) -> Response:
    return json_answer(openapi(site.here.origin), headers=PUBLIC)


async def answered(site: Site, request: Request) -> Response:
    trace, path = trace_of(site.here, request), str(request.path_params["path"])

    async def asked_here() -> Answer | Problem:
        return await _found(site, request, path, trace)

    return finished(_SITE, await guarded(_SITE, asked_here, trace), trace, lambda: methods_of(path))


async def _found(site: Site, request: Request, path: str, trace: Trace) -> Answer | Problem:
    if request.method == "OPTIONS":
        return Answer(status=204)
    chosen = choose("GET" if request.method == "HEAD" else request.method, path)
    if isinstance(chosen, Problem):
        return chosen
    caller = await authenticate(site.here, request)
    if isinstance(caller, Unauthenticated):
        return unauthenticated(caller)
    refused = may(actor_of(caller, request, trace), chosen.row.permission)
    call = refused or await _call(site, request, chosen, caller, trace)
    return call if isinstance(call, Problem) else _dressed(await chosen.row.handle(call))


async def _call(
    site: Site, request: Request, chosen: Chosen, caller: Caller | WithoutUser, trace: Trace
) -> Call | Problem:
    seen = read_if_match(request.headers.get("if-match"))
    if isinstance(seen, Problem):
        return seen
    members = await _members(request) if chosen.row.takes else dict[str, object]()
    if isinstance(members, Problem):
        return members
    return Call(
        here=site.here,
        actor=actor_of(caller, request, trace),
        keys=chosen.keys,
        query=_query(request),
        members=members,
        seen=seen.version,
    )


async def _members(request: Request) -> Json | Problem:
    body = await body_of(request)
    if body is None:
        return too_large()
    return read_body(Asked(method=request.method, path="", headers=headers_of(request), body=body))


def _query(request: Request) -> Mapping[str, str]:
    query = request.scope["query_string"].decode("ascii", "replace")
    return dict(parse_qsl(query, keep_blank_values=True, errors="replace"))


def _dressed(reply: Reply) -> Answer | Problem:
    match reply:
        case Problem():
            return reply
        case Done():
            return Answer(status=204)
        case Some(items):
            return Answer(status=200, body={"value": list(items)})
        case One():
            return _of_one(reply)


def _of_one(reply: One) -> Answer:
    status = 201 if reply.made else 200
    if reply.version is None:
        return Answer(status=status, body=reply.members)
    tag = entity_tag(reply.version)
    return Answer(status=status, body={"@odata.etag": tag, **reply.members}, headers={"ETag": tag})

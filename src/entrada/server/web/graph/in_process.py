"""Ask Graph from within the process, as somebody who needs no token: the command line, as the operator."""

import json
from urllib.parse import parse_qsl, unquote, urlsplit

from entrada.core.directory.administration.actor import Actor
from entrada.core.directory.administration.problem import Problem
from entrada.core.directory.ids import parse_guid
from entrada.core.protocol.error_fields import Trace
from entrada.server.usecases.installation import Installation
from entrada.server.web.by_token.asked import Asked
from entrada.server.web.by_token.error_body import error_body
from entrada.server.web.graph.answer import answer, choose


async def ask(
    here: Installation, actor: Actor, method: str, path: str, body: object | None = None, *, seen: str | None = None
) -> tuple[int, object]:
    """Status and decoded JSON of *path*, which begins after /v1.0 and may carry query options.

    *seen* is the ETag the caller read.  Raises what the store raises.
    """
    asked = _asked(method, path, body, seen)
    row = choose(asked)
    found = row if isinstance(row, Problem) else await answer(here, actor, row, asked)
    if isinstance(found, Problem):
        correlation_id = parse_guid(actor.correlation_id) or here.new_id()
        return found.status, error_body(
            found, Trace(trace_id=here.new_id(), correlation_id=correlation_id, at=here.clock())
        )
    return found.status, found.body


def _asked(method: str, path: str, body: object | None, seen: str | None) -> Asked:
    parts = urlsplit(path)
    headers = {"content-type": "application/json", "consistencylevel": "eventual"}
    return Asked(
        method=method.upper(),
        path=unquote(parts.path),
        query=tuple(parse_qsl(parts.query, keep_blank_values=True)),
        headers={**headers, "if-match": seen} if seen else headers,
        body=b"" if body is None else json.dumps(body).encode(),
    )

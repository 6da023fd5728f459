"""`POST /$batch`: up to twenty requests in one, each answered as if it came alone.  OData JSON 4.01 §19.

They are answered one after another, as they stand; a request may depend on those before it.
"""

import json
from collections.abc import Awaitable, Callable, Iterator, Mapping
from typing import Final, cast
from urllib.parse import parse_qsl, unquote, urlsplit

from attrs import frozen

from entrada.core.directory.administration.problem import Problem
from entrada.core.directory.graph.json_members import (
    MemberFault,
    Members,
    choice,
    each,
    line,
    objects,
    reading,
    text,
    without_doubles,
)
from entrada.core.protocol.error_fields import Trace
from entrada.server.web.by_token.asked import Answer, Asked
from entrada.server.web.by_token.error_body import error_body
from entrada.server.web.by_token.read_body import read_body
from entrada.server.web.graph.dress import ROOT
from entrada.server.web.graph.replies import Json

MOST: Final = 20
_METHODS: Final = ("GET", "POST", "PATCH", "PUT", "DELETE")
_LONGEST_ID: Final = 128
_LONGEST_ADDRESS: Final = 8192
_JSON: Final = "application/json"
_TEXT: Final = "text/plain"

AnswerOne = Callable[[Asked], Awaitable[Answer | Problem]]


@frozen
class Step:
    id: str
    asked: Asked
    depends_on: tuple[str, ...]


async def answer_batch(asked: Asked, answer_one: AnswerOne, trace: Trace) -> Answer | Problem:
    """*answer_one* lets each in or not, as it does whoever asks for one thing alone."""
    steps = _read(asked)
    if isinstance(steps, Problem):
        return steps
    refused = set[str]()
    responses: list[Json] = []
    for step in steps:
        failed = next((one for one in step.depends_on if one in refused), None)
        found = await answer_one(step.asked) if failed is None else _not_tried(failed)
        if isinstance(found, Problem):
            refused.add(step.id)
        responses.append(_response(step, found, trace))
    return Answer(status=200, body={"responses": responses})


def _not_tried(failed: str) -> Problem:
    message = f"Request '{failed}', on which this one depends, was refused; this one was not tried."
    return Problem(status=424, code="FailedDependency", message=message)


def _response(step: Step, found: Answer | Problem, trace: Trace) -> Json:
    if isinstance(found, Problem):
        body: object = error_body(found, trace)
        return {"id": step.id, "status": found.status, "headers": {"Content-Type": _JSON}, "body": body}
    about = {} if found.body is None else {"Content-Type": _TEXT if isinstance(found.body, str) else _JSON}
    said = {} if found.body is None else {"body": found.body}
    return {"id": step.id, "status": found.status, "headers": {**about, **found.headers}, **said}


def _read(asked: Asked) -> tuple[Step, ...] | Problem:
    body = read_body(asked)
    return body if isinstance(body, Problem) else reading(lambda: _steps(Members(body, "batch")))


def _steps(batch: Members) -> tuple[Step, ...]:
    steps = batch.required("requests", objects(_step, "request", most=MOST))
    batch.finish()
    if not steps:
        raise MemberFault("requests is empty: what shall be answered?", "requests")
    without_doubles([one.id for one in steps], "id", "requests")
    known = set[str]()
    for place, step in enumerate(steps):
        for other in step.depends_on:
            if other not in known:
                message = f"'{other[:80]}' is the id of no request before this one."
                raise MemberFault(message, f"requests[{place}].dependsOn")
        known.add(step.id)
    return steps


def _step(members: Members) -> Step:
    step_id = members.required("id", line(_LONGEST_ID))
    method = members.required("method", choice(*_METHODS))
    path, query = members.required("url", _address)
    none: tuple[Mapping[str, str], tuple[str, ...]] = ({}, ())
    headers = members.emptied("headers", _headers, none[0], none[0])
    body = members.given("body", _anything, None)
    depends_on = members.emptied("dependsOn", each(text, most=MOST), none[1], none[1])
    depends_on += members.emptied(
        "depends_on", each(text, most=MOST), none[1], none[1]
    )  # as the SDK for Python spells it
    members.only("atomicityGroup", why="Nothing is undone here: each request stands for itself.")
    sent = b"" if body is None else json.dumps(body).encode()
    typed = {"content-type": _JSON} if isinstance(body, Mapping) else {}
    asked = Asked(method=method, path=path, query=query, headers={**typed, **headers}, body=sent)
    return Step(step_id, asked, depends_on)


def _address(value: object, path: str) -> tuple[str, tuple[tuple[str, str], ...]]:
    """`/me`, `me`, `/v1.0/me`, and `https://…/v1.0/me` of any host: the SDKs spell each."""
    try:
        parts = urlsplit(line(_LONGEST_ADDRESS)(value, path))
    except ValueError:
        raise MemberFault(f"{path} is no address.", path) from None
    below = parts.path
    if f"{below}/".startswith(f"{ROOT}/"):
        below = below[len(ROOT) :]
    elif parts.netloc:
        raise MemberFault(f"{path} is an address here: what follows {ROOT}, such as /users.", path)
    return unquote(below, errors="replace"), tuple(parse_qsl(parts.query, keep_blank_values=True, errors="replace"))


def _headers(value: object, path: str) -> Mapping[str, str]:
    """Names in lower case.  Who asks was said once, for all."""
    if not isinstance(value, dict):
        raise MemberFault(f"{path} is an object: names and texts.", path)
    return dict(_each_header(cast("dict[str, object]", value), path))


def _each_header(value: Mapping[str, object], path: str) -> Iterator[tuple[str, str]]:
    for name, said in value.items():
        if name.lower() != "authorization":
            yield name.lower(), text(said, f"{path}.{name[:80]}")


def _anything(value: object, _path: str) -> object:
    return value

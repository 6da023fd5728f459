"""Answer a request to Graph for somebody who is known already: the same over HTTP and within the process."""

from collections.abc import Mapping

from attrs import evolve

from entrada.core.directory.administration.actor import Actor
from entrada.core.directory.administration.problem import Problem
from entrada.server.usecases.installation import Installation
from entrada.server.web.by_token.asked import Answer, Asked
from entrada.server.web.graph.dress import ROOT, dressed
from entrada.server.web.graph.endpoint import Call, Endpoint, Expand
from entrada.server.web.graph.find_endpoint import find
from entrada.server.web.graph.read_call import read_call
from entrada.server.web.graph.replies import Json, One, Some
from entrada.server.web.graph.table import TABLE


def choose(asked: Asked) -> Endpoint | Problem:
    """The row that answers."""
    methods = methods_of(asked.path)
    if not methods:
        message = f"Nothing is answered at this address; {ROOT}/openapi.json lists what is."
        return Problem(status=404, code="ResourceNotFound", message=message)
    row = methods.get("GET" if asked.method == "HEAD" else asked.method)
    if row is None:
        message = f"This address takes {', '.join(sorted(methods))}, not {asked.method[:20]}."
        return Problem(status=405, code="MethodNotAllowed", message=message)
    return row


def methods_of(path: str) -> Mapping[str, Endpoint]:
    found = find(TABLE, path)
    return found.by_method if found else {}


async def answer(here: Installation, actor: Actor, row: Endpoint, asked: Asked) -> Answer | Problem:
    call = read_call(here, actor, row, asked)
    if isinstance(call, Problem):
        return call
    reply = await row.handle(call)
    if isinstance(reply, (One, Some)) and call.options.expand:
        reply = await _expanded(call, row, reply)
    return reply if isinstance(reply, Problem) else dressed(call, row, asked, reply)


async def _expanded(call: Call, row: Endpoint, reply: One | Some) -> One | Some | Problem:
    if isinstance(reply, One):
        members = await _with_expansions(call, row, reply.members)
        return members if isinstance(members, Problem) else evolve(reply, members=members)
    items: list[Json] = []
    for one in reply.items:
        members = await _with_expansions(call, row, one)
        if isinstance(members, Problem):
            return members
        items.append(members)
    return evolve(reply, items=tuple(items))


async def _with_expansions(call: Call, row: Endpoint, members: Json) -> Json | Problem:
    found: dict[str, object] = dict(members)
    expands = row.resource.expands if row.resource else dict[str, Expand]()
    for name, selected in call.options.expand.items():
        hanging = await expands[name](call, str(members["id"]))
        if isinstance(hanging, Problem):
            return hanging
        found[name] = [_selected(one, selected) for one in hanging]
    return found


def _selected(members: Json, names: tuple[str, ...]) -> Json:
    """Of something expanded; what kind of object it is is told always."""
    return {name: value for name, value in members.items() if name in names or "@" in name} if names else members

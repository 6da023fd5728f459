"""How an answer is dressed: contexts, links to the next page, ETags, `Prefer`.  Reference section 38; RFC 7240."""

from collections.abc import Iterator
from typing import Final
from urllib.parse import quote, urlencode

from entrada.core.directory.query.query import After
from entrada.server.web.by_token.asked import Answer, Asked
from entrada.server.web.by_token.entity_tag import entity_tag
from entrada.server.web.graph.endpoint import Call, Endpoint, Resource
from entrada.server.web.graph.page_token import seal_place
from entrada.server.web.graph.replies import Done, Json, One, Plain, Some, Text

ROOT: Final = "/v1.0"
_LEGIBLE: Final = "$/()='"


def dressed(call: Call, row: Endpoint, asked: Asked, reply: One | Some | Plain | Text | Done) -> Answer:
    match reply:
        case One():
            return _one(call, row, asked, reply)
        case Some():
            return Answer(status=200, body=_page(call, row, asked, reply))
        case Plain(type=name, members=members):
            return Answer(status=200, body={"@odata.context": f"{_metadata(call)}#{name}", **members})
        case Text(text=text):
            return Answer(status=200, body=text)
        case Done():
            return Answer(status=204)


def _one(call: Call, row: Endpoint, asked: Asked, reply: One) -> Answer:
    headers = dict(_headers(call, row, reply))
    wanted = _preferred(asked)
    if (reply.changed and wanted != "representation") or (reply.made and wanted == "minimal"):
        return Answer(status=204, headers=headers)
    applied = {"Preference-Applied": f"return={wanted}"} if wanted and (reply.changed or reply.made) else {}
    tag = {"@odata.etag": headers["ETag"]} if "ETag" in headers else {}
    context = {"@odata.context": f"{_metadata(call)}#{_set(call, row)}/$entity"}
    body = {**context, **tag, **_selected(call, row.resource, reply.members)}
    return Answer(status=201 if reply.made else 200, body=body, headers={**headers, **applied})


def _headers(call: Call, row: Endpoint, reply: One) -> Iterator[tuple[str, str]]:
    if reply.version is not None:
        yield "ETag", entity_tag(reply.version)
    if reply.made and row.resource is not None and "/" not in row.resource.set:
        yield "Location", f"{call.here.origin}{ROOT}/{row.resource.set}/{quote(str(reply.members.get('id', '')))}"


def _page(call: Call, row: Endpoint, asked: Asked, reply: Some) -> Json:
    count = {} if reply.count is None else {"@odata.count": reply.count}
    more = {} if reply.more is None else {"@odata.nextLink": _next_link(call, asked, reply.more)}
    items = [_selected(call, row.resource, one) for one in reply.items]
    return {"@odata.context": f"{_metadata(call)}#{_set(call, row)}", **count, **more, "value": items}


def _next_link(call: Call, asked: Asked, after: After) -> str:
    token = seal_place(call.here, call.actor.tenant_id, asked, after)
    kept = [(name, value) for name, value in asked.query if name.lower().removeprefix("$") != "skiptoken"]
    query = urlencode([*kept, ("$skiptoken", token)], safe="$", quote_via=quote)
    return f"{call.here.origin}{ROOT}/{quote(asked.path.strip('/'), safe=_LEGIBLE)}?{query}"


def _metadata(call: Call) -> str:
    return f"{call.here.origin}{ROOT}/$metadata"


def _set(call: Call, row: Endpoint) -> str:
    names = (*call.options.select, *(f"{one}()" for one in call.options.expand))
    selected = f"({','.join(names)})" if names else ""
    return (row.resource.set if row.resource else "") + selected


def _selected(call: Call, resource: Resource | None, members: Json) -> Json:
    """What was asked for; or what is told unasked, and what was expanded."""
    names = call.options.select or (resource.usual if resource else ())
    if not names:
        return members
    # What is no member of the type says more about the object: its type, what was expanded, a secret shown once.
    known = resource.asks.members if resource else frozenset[str]()
    kept = {*names, *call.options.expand}
    return {name: value for name, value in members.items() if name in kept or (name not in known)}


def _preferred(asked: Asked) -> str | None:
    for one in asked.headers.get("prefer", "").split(","):
        name, _, value = one.partition(";")[0].partition("=")
        if name.strip().lower() == "return" and value.strip(' "').lower() in {"representation", "minimal"}:
            return value.strip(' "').lower()
    return None

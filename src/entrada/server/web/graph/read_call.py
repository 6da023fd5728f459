"""What a request asks of the row that answers it: keys, query options, the version seen, the body."""

from typing import Final

from entrada.core.directory.administration.actor import Actor
from entrada.core.directory.administration.problem import Problem, bad, denied, unsupported_query
from entrada.core.directory.query.odata_options import Options, read_options
from entrada.core.directory.query.query import Query
from entrada.server.usecases.installation import Installation
from entrada.server.web.by_token.asked import Asked
from entrada.server.web.by_token.entity_tag import read_if_match
from entrada.server.web.by_token.read_body import read_body
from entrada.server.web.graph.endpoint import Call, Endpoint, Gives
from entrada.server.web.graph.find_endpoint import find
from entrada.server.web.graph.page_token import open_place

_PAGE: Final = 100
_EXPANDED: Final = 20  # each object of such a page is asked about once more
_OF_COLLECTIONS: Final = frozenset({Gives.PAGE, Gives.COUNT})
_EVENTUAL: Final = "eventual"
_ALONE: Final = "An application's own token speaks for no user: this request needs somebody who is signed in."


def read_call(here: Installation, actor: Actor, row: Endpoint, asked: Asked) -> Call | Problem:
    if row.own and actor.user is None:
        return denied(_ALONE)
    options = _options(row, asked)
    if isinstance(options, Problem):
        return options
    query = _query(here, actor, options, asked)
    if isinstance(query, Problem):
        return query
    seen = read_if_match(asked.headers.get("if-match"))
    if isinstance(seen, Problem):
        return seen
    members = read_body(asked) if row.takes_body else dict[str, object]()
    if isinstance(members, Problem):
        return members
    found = find([row], asked.path)
    keys = found.keys if found else dict[str, str]()
    return Call(
        here=here,
        actor=actor,
        keys=keys,
        options=options,
        query=query,
        members=members,
        seen=seen.version,
        prefers=_prefers(asked),
    )


def _options(row: Endpoint, asked: Asked) -> Options | Problem:
    eventual = asked.headers.get("consistencylevel", "").strip().lower() == _EVENTUAL
    of_collection = row.gives in _OF_COLLECTIONS
    options = read_options(asked.query, row.asks, of_collection=of_collection, eventual=eventual)
    if row.gives is Gives.COUNT and not eventual and row.asks.eventual:
        return unsupported_query("$count needs the request header ConsistencyLevel: eventual.")
    return options


def _query(here: Installation, actor: Actor, options: Options, asked: Asked) -> Query | Problem:
    token = options.skip_token
    after = None if token is None else open_place(here, actor.tenant_id, asked, token)
    if isinstance(after, Problem):
        return after
    most = _EXPANDED if options.expand else _PAGE
    top = options.top or most
    if options.expand and top > _EXPANDED:
        return bad(f"$expand is for one object, or for pages of at most {_EXPANDED}: $top={_EXPANDED}.", "$expand")
    return Query(where=options.where, order=options.order, after=after, top=top, count=options.count)


def _prefers(asked: Asked) -> frozenset[str]:
    return frozenset(one.strip().lower() for one in asked.headers.get("prefer", "").split(",") if one.strip())

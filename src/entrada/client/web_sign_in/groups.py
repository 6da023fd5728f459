"""All groups of somebody who is in more than a token holds: asked of Graph, where the application lets us.

Reference: groups overage.  What Graph does not say stays unknown, and is never taken for none.
"""

from typing import Final, cast
from urllib.parse import urlsplit

from attrs import evolve

from entrada.client.errors import BadAnswer
from entrada.client.flow import Call, Flow, Reply
from entrada.client.web_sign_in.desk import Desk
from entrada.client.web_sign_in.sessions.sessions import Found
from entrada.client.web_sign_in.tokens import token_for

_WHERE: Final = "/v1.0/me/transitiveMemberOf?$select=id&$top=999"
_GRAPH: Final = "https://graph.microsoft.com"
_GROUP: Final = "#microsoft.graph.group"
_MOST_PAGES: Final = 50


def resolve_groups(desk: Desk, found: Found) -> Flow[Found]:
    settings, user = desk.settings, found.session.user
    if user.known_groups is not None or not settings.groups_from_graph:
        return found
    scope = f"{_resource(settings.graph_url, settings.authority.url)}/User.Read"
    token = yield from token_for(desk, found, (scope,))
    groups = yield from _groups(settings.graph_url, token.value)
    told = evolve(user, known_groups=groups)
    now = desk.clock()
    changed = yield from desk.sessions.run(
        lambda: desk.sessions.change(found, lambda session: evolve(session, user=told), now)
    )
    return changed or found


def _resource(graph: str, authority: str) -> str:
    """Each cloud's Graph has a name of its own: so a token that goes to it is good for nothing else.

    entrada serves it where it signs people in, and knows it as the public cloud does.
    """
    return _GRAPH if _origin(graph) == _origin(authority) else graph


def _groups(graph: str, token: str) -> Flow[frozenset[str]]:
    found, url = set[str](), graph + _WHERE
    for _ in range(_MOST_PAGES):
        if _origin(url) != _origin(graph):
            raise BadAnswer("Graph leads to another host for the next groups")
        reply = yield Call(url=url, headers={"authorization": f"Bearer {token}"})
        members = _read(reply)
        found |= _ids(members)
        if "@odata.nextLink" not in members:
            return frozenset(found)
        url = str(members["@odata.nextLink"])
    raise BadAnswer(f"Graph tells more than {_MOST_PAGES} pages of groups")


def _read(reply: Reply) -> dict[str, object]:
    try:
        members = reply.members() if reply.status == 200 else {}
    except ValueError:
        members = {}
    if not isinstance(members.get("value"), list):
        raise BadAnswer(f"Graph answered with the status {reply.status} and no groups")
    return members


def _ids(members: dict[str, object]) -> set[str]:
    listed = cast("list[object]", members["value"])
    objects = [cast("dict[str, object]", one) for one in listed if isinstance(one, dict)]
    return {str(one["id"]) for one in objects if "id" in one and one.get("@odata.type", _GROUP) == _GROUP}


def _origin(url: str) -> tuple[str, str]:
    parts = urlsplit(url)
    return parts.scheme, parts.netloc

"""Many administrators at once, by two processes on one database: one creates it, the others hear that it is there.

Concurrent edits (`If-Match`): one wins, the others are told what changed.
"""

from __future__ import annotations

import asyncio
import itertools
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator, Sequence
from typing import Any, Final

import pytest
from attrs import frozen

from entrada.core.directory.application import Application
from entrada.core.directory.group import GroupMember
from entrada.core.directory.ids import ClientId, GroupId
from entrada.core.directory.query.condition import Compare, Op
from entrada.core.directory.query.query import Query
from tests.drivers.live_server import COLORS_API
from tests.stress.cluster import Cluster
from tests.stress.connection import Answer, Connection
from tests.stress.graph import OBJECTS, TENANT, Graph, administrator, rows_about
from tests.stress.race import NARROW

# Requests, over all kinds: of each kind a fifth in one wide race, the rest in narrow ones.
TOTALS = [600, pytest.param(10_000, marks=pytest.mark.stress)]
BEN: Final = "c0105000-0000-4000-8000-0000000000b1"
_numbers: Final = itertools.count()
_THERE: Final = "already"


@frozen
class Prize:
    """What one race is about: each one's request, and the object that the winner's row in the audit log names."""

    requests: Sequence[bytes]
    refused: int
    about: Callable[[Answer], str]


Offer = Callable[[Graph, Connection, int], Awaitable[Prize]]


def _own_id(answer: Answer) -> str:
    found: str = answer.json["id"]
    return found


async def user(graph: Graph, _: Connection, width: int) -> Prize:
    number = next(_numbers)
    body = {
        "displayName": f"Racer {number}",
        "userPrincipalName": f"racer{number}@colors.example",
        "mailNickname": f"racer{number}",
        "accountEnabled": True,
        "passwordProfile": {"password": "nine green lanterns"},
    }
    return Prize([graph.request("POST", "/users", body)] * width, 409, _own_id)


async def identifier_uri(graph: Graph, _: Connection, width: int) -> Prize:
    body = {"displayName": "Racer", "identifierUris": [f"api://{TENANT}/race{next(_numbers)}"]}
    return Prize([graph.request("POST", "/applications", body)] * width, 409, _own_id)


async def member(graph: Graph, connection: Connection, width: int) -> Prize:
    body = {"displayName": "Race", "mailEnabled": False, "mailNickname": "race", "securityEnabled": True}
    group = await graph.do(connection, "POST", "/groups", body)
    request = graph.request("POST", f"/groups/{group['id']}/members/$ref", {"@odata.id": OBJECTS + BEN})
    return Prize([request] * width, 400, lambda _: f"{group['id']}/{BEN}")  # 400, as Graph


async def service_principal(graph: Graph, connection: Connection, width: int) -> Prize:
    made = await graph.do(connection, "POST", "/applications", {"displayName": "Racer"})
    return Prize([graph.request("POST", "/servicePrincipals", {"appId": made["appId"]})] * width, 409, _own_id)


async def grant(graph: Graph, connection: Connection, width: int) -> Prize:
    client, api = await installed(graph, connection), await of_the_api(graph, connection)
    body = {"clientId": client, "resourceId": api, "consentType": "AllPrincipals", "scope": "Colors.Read"}
    return Prize([graph.request("POST", "/oauth2PermissionGrants", body)] * width, 409, lambda _: f"{client}//{api}")


async def assignment(graph: Graph, connection: Connection, width: int) -> Prize:
    """400, as Graph."""
    resource = await installed(graph, connection)
    body = {"principalId": BEN, "resourceId": resource, "appRoleId": "00000000-0000-0000-0000-000000000000"}
    request = graph.request("POST", f"/users/{BEN}/appRoleAssignments", body)
    return Prize([request] * width, 400, lambda _: f"{BEN}/{resource}/{body['appRoleId']}")


async def installed(graph: Graph, connection: Connection) -> str:
    made = await graph.do(connection, "POST", "/applications", {"displayName": "Racer"})
    principal = await graph.do(connection, "POST", "/servicePrincipals", {"appId": made["appId"]})
    return str(principal["id"])


async def of_the_api(graph: Graph, connection: Connection) -> str:
    path = f"/servicePrincipals(appId='{COLORS_API}')"
    answer = await connection.ask(graph.request("GET", path))
    if answer.status == 404:
        answer = await connection.ask(graph.request("POST", "/servicePrincipals", {"appId": COLORS_API}))
    assert answer.status < 300, answer
    return _own_id(answer)


OFFERS: Final = (identifier_uri, member, service_principal, grant, assignment, user)


@pytest.mark.parametrize("total", TOTALS)
async def test_one_creates_it(cluster: Cluster, total: int) -> None:
    graph, won_by = await administrator(cluster), Counter[int]()
    races = [(offer, *each) for offer in OFFERS for each in enumerate(widths(total // len(OFFERS)))]
    async with cluster.connections(max(width for _, _, width in races)) as connections, cluster.inside() as inside:
        for offer, number, width in races:
            prize = await offer(graph, connections[0], width)
            answers = await race(connections, prize.requests, number % 2)
            won = [place for place, one in enumerate(answers) if one.status < 300]
            assert len(won) == 1, Counter(one.status for one in answers)
            won_by[(number + won[0]) % 2] += 1
            expect_refused([one for one in answers if one.status >= 300], prize.refused)
            rows = await rows_about(inside.here.store, prize.about(answers[won[0]]))
            assert len(rows) == 1, (offer.__name__, rows)
    assert set(won_by) == {0, 1}, "one server won everything: they did not race"
    assert cluster.failures() == []


def widths(share: int) -> Iterator[int]:
    """A fifth in one wide race, as wide as passwords may queue to be hashed; the rest in narrow ones."""
    wide = min(share // 5, 100)
    yield wide
    yield from itertools.repeat(NARROW, (share - wide) // NARROW)


async def race(connections: Sequence[Connection], requests: Sequence[bytes], first: int) -> list[Answer]:
    order = [*connections[first:], *connections[:first]]
    return await asyncio.gather(*(one.ask(request) for one, request in zip(order, requests, strict=False)))


def expect_refused(answers: Sequence[Answer], status: int) -> None:
    assert {one.status for one in answers} == {status}
    for one in answers:
        assert _THERE in one.json["error"]["message"], one


EDITORS = 40
EDITIONS = [3, pytest.param(50, marks=pytest.mark.stress)]


@pytest.mark.parametrize("editions", EDITIONS)
async def test_one_editor_wins_and_the_others_are_told(cluster: Cluster, editions: int) -> None:
    graph = await administrator(cluster)
    async with cluster.connections(EDITORS) as connections, cluster.inside() as inside:
        made = await graph.do(connections[0], "POST", "/applications", {"displayName": "Edited"})
        path = f"/applications/{made['id']}"
        for edition in range(editions):
            seen = await etag(graph, connections[0], path)
            names = [f"Edition {edition} of editor {number}" for number in range(EDITORS)]
            asked = [graph.request("PATCH", path, {"displayName": name}, seen) for name in names]
            answers = await race(connections, asked, edition % 2)
            won = [name for name, one in zip(names, answers, strict=True) if one.status < 300]
            assert len(won) == 1
            assert {one.status for one in answers} == {204, 412}
            for one in answers:
                expect_told(one)
            assert (await graph.do(connections[0], "GET", path))["displayName"] == won[0]
        assert len(await rows_about(inside.here.store, made["id"])) == 1 + editions
    assert cluster.failures() == []


async def etag(graph: Graph, connection: Connection, path: str) -> str:
    answer = await connection.ask(graph.request("GET", path))
    return answer.headers["etag"]


def expect_told(answer: Answer) -> None:
    """What changed since, and who did it."""
    if answer.status == 412:
        told = [one for one in answer.json["error"]["details"] if one["target"] == "displayName"]
        assert len(told) == 1, answer
        assert "was changed by" in told[0]["message"]


def scope_named(number: int) -> dict[str, object]:
    return {
        "id": f"5c09e000-0000-4000-8000-{number:012x}",
        "value": f"Scope{number}",
        "type": "User",
        "isEnabled": True,
        "adminConsentDisplayName": f"Scope {number}",
        "adminConsentDescription": f"Scope {number}",
    }


async def add_scope(graph: Graph, connection: Connection, path: str, number: int) -> None:
    """As Graph has it: the whole list is sent, so who adds to it reads it first and says what they read."""
    while True:
        answer = await connection.ask(graph.request("GET", path))
        scopes: list[Any] = [*answer.json["api"]["oauth2PermissionScopes"], scope_named(number)]
        body = {"api": {"oauth2PermissionScopes": scopes}}
        done = await connection.ask(graph.request("PATCH", path, body, answer.headers["etag"]))
        if done.status == 204:
            return
        assert done.status == 412, done


WRITERS = [12, pytest.param(60, marks=pytest.mark.stress)]


@pytest.mark.parametrize("writers", WRITERS)
async def test_no_scope_is_lost_where_everybody_says_what_they_read(cluster: Cluster, writers: int) -> None:
    graph = await administrator(cluster)
    async with cluster.connections(writers) as connections:
        made = await graph.do(connections[0], "POST", "/applications", {"displayName": "Scoped"})
        path = f"/applications/{made['id']}"
        await asyncio.gather(*(add_scope(graph, one, path, number) for number, one in enumerate(connections)))
        found = await graph.do(connections[0], "GET", path)
    assert {one["value"] for one in found["api"]["oauth2PermissionScopes"]} == {f"Scope{n}" for n in range(writers)}
    assert cluster.failures() == []


@pytest.mark.parametrize("writers", WRITERS)
async def test_the_last_list_wins_where_nobody_says_what_they_read(cluster: Cluster, writers: int) -> None:
    """Each list replaces the one before it, whole; what else others write at the same time stays."""
    graph = await administrator(cluster)
    async with cluster.connections(2 * writers) as connections, cluster.inside() as inside:
        made = await graph.do(connections[0], "POST", "/applications", {"displayName": "Scoped"})
        path = f"/applications/{made['id']}"
        scopes = [{**scope_named(number), "isEnabled": False} for number in range(writers)]  # so that they may go
        lists = [{"api": {"oauth2PermissionScopes": [one]}} for one in scopes]
        notes = [{"notes": f"Note {number}"} for number in range(writers)]
        asked = [graph.request("PATCH", path, body) for pair in zip(lists, notes, strict=True) for body in pair]
        answers = await race(connections, asked, 0)
        assert Counter(one.status for one in answers) == {204: 2 * writers}
        found = await inside.here.store.find_application(ClientId(made["appId"]))
        assert isinstance(found, Application)
        assert len(found.scopes) == 1
        assert found.notes is not None
        rows = await rows_about(inside.here.store, made["id"])
        assert len(rows) == found.version == 1 + 2 * writers
    assert cluster.failures() == []


@pytest.mark.parametrize("writers", WRITERS)
async def test_everybody_who_is_put_into_a_group_is_in_it(cluster: Cluster, writers: int) -> None:
    """Memberships are objects of their own: whoever adds one waits for nobody."""
    graph = await administrator(cluster)
    async with cluster.connections(writers) as connections, cluster.inside() as inside:
        body = {"displayName": "Race", "mailEnabled": False, "mailNickname": "race", "securityEnabled": True}
        groups = [await graph.do(connections[0], "POST", "/groups", body) for _ in range(writers + 1)]
        path = f"/groups/{groups.pop()['id']}"
        asked = [graph.request("POST", f"{path}/members/$ref", {"@odata.id": OBJECTS + one["id"]}) for one in groups]
        assert {one.status for one in await race(connections, asked, 0)} == {204}
        query = Query(where=Compare("group_id", Op.EQ, GroupId(path.split("/")[2])), top=999)
        found = await inside.here.store.list_page(GroupMember, TENANT, query)
    assert {one.member_id for one in found.items} == {one["id"] for one in groups}
    assert cluster.failures() == []
